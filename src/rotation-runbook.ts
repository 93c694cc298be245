import { Grant, type IGrantable, type IPrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addTags } from './core/add-tags';
import { ConflictError } from './core/errors';
import { claimOnce } from './core/once';
import { requireArguments } from './core/require-shape';
import { requireSameEnvironment } from './rotation-function/private/platform-dependency';
import type { RotationRunbookProps } from './rotation-runbook-props';
import { approvalStep } from './runbook/private/approval';
import { automationDocument } from './runbook/private/document';
import { RunbookRole } from './runbook/private/runbook-role';
import { refuseApprover } from './runbook/private/starter';
import { arnOfStepsFunction } from './runbook/private/steps-function-arn';
import { isImmutableRole, principalOf } from './secret/private/grant-principal';
import { SecretsPlatform } from './secrets-platform';

/**
 * Repairs rotations of a platform's secrets: a document of AWS Systems Manager Automation, with a role of its own.
 *
 * It shows which version has which label; takes AWSPENDING off a rotation that does not end; gives such a rotation up and starts
 * another; and rolls AWSCURRENT back to AWSPREVIOUS by a rotation that brings the former value back, in the database as well. It
 * reads no value, so that none is in its outputs. Boundary and tags are those that the platform's functions have.
 *
 * Nothing costs anything while nobody uses it; each step of an execution costs 0.002 USD.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-automation.html
 *
 * @example
 * import { RotationRunbook } from 'cdk-secretsmanager-patterns';
 *
 * const runbook = new RotationRunbook(this, 'Runbook', { platform });
 * runbook.grantStart(new iam.Role(this, 'OnCall', { assumedBy: new iam.AccountRootPrincipal() }));
 */
export class RotationRunbook extends Construct {
  /**
   * Name of the document: `RotationRunbook-` and the platform's name.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents.html
   */
  readonly documentName: string;

  /** The role that the document acts as. Only AWS Systems Manager takes it. */
  readonly role: IRole;

  private readonly functionsOfUser: RunbookRole['ofUser'];
  private readonly approvers: IPrincipal[];

  /**
   * Makes the document and its role.
   *
   * @throws for a second one for the same platform, a platform of another stage, account or Region, and approvals that could
   * never be given; at synthesis, where no function of the platform rotates anything.
   */
  constructor(scope: Construct, id: string, props: RotationRunbookProps = {}) {
    super(scope, id);
    requireArguments(this, 'RotationRunbook', [scope, id, props]);
    const platform = props.platform ?? SecretsPlatform._ofStack(this);
    requireSameEnvironment(this, platform, 'runbook');
    claimOnce(this, {
      what: `RotationRunbook of the platform '${platform.platformName}'`, extent: 'account and Region', remedy: 'use that one',
    });
    this.documentName = `RotationRunbook-${platform.platformName}`;
    addTags(this, platform._functions.settings.tags);
    const role = new RunbookRole(this, 'Role', platform._functions);
    this.role = role.role;
    this.functionsOfUser = role.ofUser;
    this.approvers = props.approval?.approvers ?? [];
    const document = new CfnDocument(this, 'Document', {
      name: this.documentName,
      documentType: 'Automation',
      // The content is JSON, which is YAML too: only documents of this format have scripts in them.
      documentFormat: 'YAML',
      updateMethod: 'NewVersion',
      content: automationDocument({
        roleArn: this.role.roleArn, approval: props.approval && approvalStep(this, props.approval, role.role),
      }),
    });
    document.node.addDependency(role.role);
  }

  /**
   * Reaches the secrets that a function of yours rotates by `Rotation.steps()` as well: shows labels, gives a rotation up, starts
   * another. It rolls none of them back, since what `set` does with a former value is known to your code alone.
   *
   * @param handler the function, in the account and Region of the runbook. One of another stack has a `functionName`.
   * @throws where it is elsewhere, or has no name that another stack could know; at synthesis, where it rotates nothing by steps.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html
   */
  addStepsFunction(handler: LambdaFunction): void {
    this.functionsOfUser.add(arnOfStepsFunction(this, handler));
  }

  /**
   * Lets a principal start the document and hand it its role. To see what has become of it takes `ssm:GetAutomationExecution`,
   * which AWS narrows to no document.
   *
   * @param grantee the principal: a role, a user …
   * @throws where the grant would have no effect, and for one of `approval.approvers`, who could agree to what they start.
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-identity-based-policies.html
   */
  grantStart(grantee: IGrantable): Grant {
    const principal = principalOf(this, grantee, 'grantStart(grantee)');
    refuseApprover(this, principal, this.approvers);
    const arn = (resource: string, resourceName: string): string =>
      Stack.of(this).formatArn({ service: 'ssm', resource, resourceName });
    const start = Grant.addToPrincipal({
      grantee,
      actions: ['ssm:StartAutomationExecution'],
      resourceArns: [arn('document', this.documentName), arn('automation-execution', '*')],
    });
    const pass = Grant.addToPrincipal({
      grantee,
      actions: ['iam:PassRole'],
      resourceArns: [this.role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
    });
    if (!start.success || !pass.success || isImmutableRole(principal)) {
      throw new ConflictError(this, `a grant to start it to '${principal}' would have no effect: the principal takes `
        + 'no policy here', 'grant to a role or a user that this app knows');
    }
    return start.combine(pass);
  }
}
