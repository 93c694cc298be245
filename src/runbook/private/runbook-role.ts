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

  constructor(scope: Construct, id: string, functions: RotationFunctions) {
    super(scope, id);
    const stack = Stack.of(this);
    this.role = new Role(this, 'Resource', {
      description: 'Repairs rotations of secrets, and reads no value',
      assumedBy: new ServicePrincipal('ssm.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({ service: 'ssm', resource: 'automation-execution', resourceName: '*' }),
          },
        },
      }),
    });
    const resources = [secretArnPattern(this)];
    const onSecrets = [
      new PolicyStatement({ actions: DESCRIBE.secretActions, resources }),
      new PolicyStatement({ actions: ROTATE.secretActions, resources, conditions: ROTATE.conditions }),
      new PolicyStatement({
        actions: ['secretsmanager:UpdateSecretVersionStage'],
        resources,
        conditions: { StringLike: { 'secretsmanager:VersionStage': ['AWSPENDING', `${ROLL_BACK}*`] } },
      }),
    ];
    // Secrets Manager invokes the function for whoever starts a rotation, and demands that they may.
    const onFunctions = new PolicyStatement({ actions: ['lambda:InvokeFunction'] });
    const arns: string[] = [];
    functions.tellOf(({ literalArn }) => {
      arns.push(literalArn);
      onFunctions.addResources(literalArn);
      for (const statement of onSecrets) {
        statement.addCondition('StringEquals', { 'secretsmanager:resource/AllowRotationLambdaArn': [...arns] });
      }
      if (arns.length === 1) {
        [...onSecrets, onFunctions].forEach((all) => this.role.addToPolicy(all));
      }
    });
    this.node.addValidation({
      validate: () => arns.length > 0 && arns.length <= MAXIMUM_FUNCTIONS ? [] : [
        `the platform '${functions.platform.node.path}' has ${arns.length} functions that rotate secrets, allowed: 1 to `
          + `${MAXIMUM_FUNCTIONS}; ${arns.length === 0 ? 'leave the runbook out' : 'divide the secrets among several platforms'}`,
      ],
    });
  }
}
