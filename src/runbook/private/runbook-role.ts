import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ROLL_BACK } from '../../contract/roll-back';
import { secretArnPattern } from '../../core/arn';
import { AROUND_ITEM, textAtMost } from '../../core/text-at-most';
import type { RotationFunctions } from '../../rotation-function/private/function-pool';
import { isReference } from '../../rotation-function/private/literal-function';
import { MANAGED_POLICY_QUOTA } from '../../secret/private/full-reader';
import { DESCRIBE, ROTATE } from '../../secret/private/secret-permissions';

/** What the policies of the role have room for. */
const MAXIMUM_FUNCTIONS = 50;
/** Characters of the ARN of a function, at most. */
const LONGEST_ARN = 123;
/** Characters that a managed policy leaves beside the rest of a statement. */
const MAXIMUM_ARNS = MANAGED_POLICY_QUOTA - 544;

/**
 * What the runbook acts as: it may see the labels of secrets that functions of the platform rotate, move those of rotations that
 * have not ended, and start rotations as they are set up. AWSCURRENT is moved by the functions alone.
 */
export class RunbookRole extends Construct {
  readonly role: Role;
  /** Functions of the user's: what their code makes of a former value is not known, so that nothing is brought back. */
  readonly ofUser: RepairedFunctions;

  constructor(scope: Construct, id: string, functions: RotationFunctions) {
    super(scope, id);
    const stack = Stack.of(this);
    this.role = new Role(this, 'Resource', {
      description: 'Repairs rotations of secrets, and reads no value',
      permissionsBoundary: functions.settings.permissionsBoundary,
      assumedBy: new ServicePrincipal('ssm.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({ service: 'ssm', resource: 'automation-execution', resourceName: '*' }),
          },
        },
      }),
    });
    const ofPlatform = new RepairedFunctions(this.role, ['AWSPENDING', `${ROLL_BACK}*`]);
    functions.tellOf(({ literalArn }) => ofPlatform.add(literalArn));
    this.ofUser = new RepairedFunctions(this.role, ['AWSPENDING']);
    this.node.addValidation({
      validate: () => {
        const count = ofPlatform.count + this.ofUser.count;
        return count > 0 && count <= MAXIMUM_FUNCTIONS ? [] : [
          `the platform '${functions.platform.node.path}' has ${count} functions that rotate secrets`
            + `${this.ofUser.count > 0 ? ', yours included' : ''}, allowed: 1 to ${MAXIMUM_FUNCTIONS}; `
            + `${count === 0 ? 'leave the runbook out' : 'divide the secrets among several platforms'}`,
        ];
      },
    });
  }
}

/** What the role may do to secrets that some functions rotate: a statement for each action, until they are full. */
class RepairedFunctions {
  private readonly arns: string[] = [];
  private newest?: Statements;

  constructor(private readonly role: Role, private readonly labels: string[]) {}

  get count(): number {
    return this.arns.length;
  }

  add(functionArn: string): void {
    if (this.arns.includes(functionArn)) {
      return;
    }
    this.arns.push(functionArn);
    if (!this.newest?.add(functionArn)) {
      this.newest = new Statements(this.role, this.labels);
      this.newest.add(functionArn);
      this.newest.all.forEach((statement) => this.role.addToPolicy(statement));
    }
  }
}

/** Statements about as many functions as none of them is too long for. */
class Statements {
  private readonly arns: string[] = [];
  private readonly onSecrets: PolicyStatement[];
  /** Secrets Manager invokes the function for whoever starts a rotation, and demands that they may. */
  private readonly onFunctions = new PolicyStatement({ actions: ['lambda:InvokeFunction'] });
  private length = 0;

  constructor(role: Role, labels: string[]) {
    const resources = [secretArnPattern(role)];
    this.onSecrets = [
      new PolicyStatement({ actions: DESCRIBE.secretActions, resources }),
      new PolicyStatement({ actions: ROTATE.secretActions, resources, conditions: ROTATE.conditions }),
      new PolicyStatement({
        actions: ['secretsmanager:UpdateSecretVersionStage'],
        resources,
        conditions: { StringLike: { 'secretsmanager:VersionStage': labels } },
      }),
    ];
  }

  get all(): PolicyStatement[] {
    return [...this.onSecrets, this.onFunctions];
  }

  /** Adds a function, if there is room. */
  add(functionArn: string): boolean {
    const length = Math.min(textAtMost(functionArn).length, LONGEST_ARN) + AROUND_ITEM;
    if (this.length + length > MAXIMUM_ARNS) {
      return false;
    }
    this.length += length;
    this.onFunctions.addResources(functionArn);
    this.arns.push(isReference(functionArn) ? asLongAsDeployed(functionArn) : functionArn);
    for (const statement of this.onSecrets) {
      statement.addCondition('StringEquals', { 'secretsmanager:resource/AllowRotationLambdaArn': [...this.arns] });
    }
    return true;
  }
}

/** The AWS CDK divides the policy by the length of its statements, and measures a condition as its tokens are written. */
function asLongAsDeployed(functionArn: string): string {
  return Lazy.string({ produce: () => functionArn }, { displayHint: 'x'.repeat(LONGEST_ARN) });
}
