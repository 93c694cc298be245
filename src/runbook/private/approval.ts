import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnTopic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { requireInEnvironment } from '../../core/in-environment';
import { requireInteger } from '../../core/validate';
import { exactPrincipalArns } from '../../resource-policy/private/principal-arns';
import type { RunbookApproval } from '../runbook-approval';

const MAXIMUM_APPROVERS = 10;
const PREFIX = 'Automation';

/** What the step that waits for agreement says of itself. */
export interface ApprovalInputs {
  readonly NotificationArn: string;
  readonly Approvers: string[];
  readonly MinRequiredApprovals: number;
}

/** The inputs of the step that waits for agreement; refuses what Systems Manager would only once somebody needs it. */
export function approvalStep(scope: IConstruct, approval: RunbookApproval, role: Role): ApprovalInputs {
  const { topic, approvers, requiredApprovals: count = 1 } = approval;
  requireTopic(scope, topic);
  requireInEnvironment({
    scope, property: 'approval.topic', remedy: 'create a topic in that Region and subscribe to it from the other',
  }, topic, topic.env, ['region']);
  const property = 'approval.approvers';
  const arns = approvers.flatMap((principal) => exactPrincipalArns({ scope, property, principal }));
  if (arns.length === 0 || arns.length > MAXIMUM_APPROVERS) {
    throw new ValidationError({
      scope, property, got: arns.length, allowed: `1 to ${MAXIMUM_APPROVERS} users and roles`, remedy: 'name as many',
    });
  }
  const twice = arns.find((arn, index) => arns.indexOf(arn) < index);
  if (twice !== undefined) {
    throw new ValidationError({
      scope, property, got: twice, allowed: 'each user and role once', remedy: 'leave the second one out',
    });
  }
  requireInteger({ scope, property: 'approval.requiredApprovals', remedy: 'ask for fewer, or name more' }, count, 1, arns.length);
  topic.grantPublish(role);
  return { NotificationArn: topic.topicArn, Approvers: arns, MinRequiredApprovals: count };
}

/** Only to topics of such names Systems Manager sends requests. */
function requireTopic(scope: IConstruct, topic: ITopic): void {
  const resource = topic.node.defaultChild;
  // Of a topic of this app without a name the reference is a token as well.
  const given = CfnTopic.isCfnResource(resource) ? (resource as CfnTopic).topicName : topic.topicName;
  const name: unknown = Stack.of(scope).resolve(given);
  if (topic.fifo || name === undefined || (typeof name === 'string' && !name.startsWith(PREFIX))) {
    throw new ValidationError({
      scope,
      property: 'approval.topic',
      got: name,
      allowed: `a standard topic whose name begins with '${PREFIX}'`,
      remedy: 'give the topic such a `topicName`: AWS Systems Manager sends requests to no other',
    });
  }
}
