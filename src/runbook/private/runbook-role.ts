import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ROLL_BACK } from '../../contract/roll-back';
import { secretArnPattern } from '../../core/arn';
import type { RotationFunctions } from '../../rotation-function/private/function-pool';
import { DESCRIBE, ROTATE } from '../../secret/private/secret-permissions';

/** What a statement of a policy has room for. */
const MAXIMUM_FUNCTIONS = 50;

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

/** What the role may do to secrets that some functions rotate: one statement for each action, however many there are. */
class RepairedFunctions {
  private readonly arns: string[] = [];
  private readonly onSecrets: PolicyStatement[];
  /** Secrets Manager invokes the function for whoever starts a rotation, and demands that they may. */
  private readonly onFunctions = new PolicyStatement({ actions: ['lambda:InvokeFunction'] });

  constructor(private readonly role: Role, labels: string[]) {
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

  get count(): number {
    return this.arns.length;
  }

  add(functionArn: string): void {
    if (this.arns.includes(functionArn)) {
      return;
    }
    this.arns.push(functionArn);
    this.onFunctions.addResources(functionArn);
    for (const statement of this.onSecrets) {
      statement.addCondition('StringEquals', { 'secretsmanager:resource/AllowRotationLambdaArn': [...this.arns] });
    }
    if (this.arns.length === 1) {
      [...this.onSecrets, this.onFunctions].forEach((all) => this.role.addToPolicy(all));
    }
  }
}
