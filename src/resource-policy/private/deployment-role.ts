import { Fn } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { topLevelStack } from '../../core/stack-order';

/**
 * ARN of the role with which CloudFormation deploys the stack of a construct.
 *
 * Undefined where the synthesizer names none: CloudFormation then acts for whoever deploys, who is not known at synthesis.
 */
export function deploymentRoleArn(scope: IConstruct): string | undefined {
  const synthesizer = topLevelStack(scope).synthesizer as { cloudFormationExecutionRoleArn?: string };
  const arn = synthesizer.cloudFormationExecutionRoleArn;
  // The synthesizers write account, Region and partition as placeholders of the cloud assembly.
  return arn?.includes('${AWS::') ? Fn.sub(arn) : arn;
}
