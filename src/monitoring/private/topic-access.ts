import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { onceFor } from '../../core/once';

/** Refuses a topic that keeps an order. */
export function requireStandard(scope: IConstruct, property: string, topic?: ITopic): void {
  if (topic?.fifo) {
    throw new ValidationError({
      scope,
      property,
      got: topic,
      allowed: 'a standard topic',
      remedy: 'neither CloudWatch alarms nor EventBridge rules notify a FIFO topic; give a standard one',
    });
  }
}

type Conditions = Record<string, Record<string, string>>;

/** A service that publishes to a topic, and what narrows its permission. */
interface Publisher {
  readonly principal: string;
  readonly name: string;
  readonly onTopic: Conditions;
  readonly onKey: Conditions;
}

/**
 * Lets the alarms of a construct's account publish to a topic, encrypted or not.
 *
 * The statement is needed even where the topic's default policy would do: any statement of another kind replaces that policy.
 */
export function allowAlarms(scope: IConstruct, topic: ITopic): void {
  const ofAccount = { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } };
  allow(scope, topic, { principal: 'cloudwatch.amazonaws.com', name: 'CloudWatch alarms', onTopic: ofAccount, onKey: ofAccount });
}

/**
 * Lets event rules publish to a topic, encrypted or not.
 *
 * Conditions on the source would lose every event without a trace: EventBridge supports none in a topic's policy, and neither
 * `aws:SourceAccount` nor `aws:SourceArn` in the policy of its key. The key is narrowed by what SNS encrypts for instead.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function allowEventRules(scope: IConstruct, topic: ITopic): void {
  const topics = Stack.of(topic).formatArn({
    service: 'sns',
    account: topic.env.account,
    region: topic.env.region,
    resource: '*',
  });
  allow(scope, topic, {
    principal: 'events.amazonaws.com',
    name: 'EventBridge',
    onTopic: {},
    onKey: { StringLike: { 'kms:EncryptionContext:aws:sns:topicArn': topics } },
  });
}

function allow(scope: IConstruct, topic: ITopic, publisher: Publisher): void {
  if (isNew(topic, publisher.principal, publisher.onTopic)) {
    const statement = statementFor(publisher.principal, ['sns:Publish'], topic.topicArn, publisher.onTopic);
    if (!topic.addToResourcePolicy(statement).statementAdded) {
      warn(scope, 'topicPolicyOutOfReach', `the policy of the topic '${topic.node.path}' cannot be changed here; `
        + `it must let ${publisher.name} (${publisher.principal}) use sns:Publish, and so must its key where it is encrypted `
        + '(kms:Decrypt, kms:GenerateDataKey*), '
        + 'or the notifications are lost without an error');
    }
  }
  const key = topic.masterKey;
  if (key && isNew(key, publisher.principal, publisher.onKey)) {
    const statement = statementFor(publisher.principal, ['kms:Decrypt', 'kms:GenerateDataKey*'], '*', publisher.onKey);
    if (!key.addToResourcePolicy(statement, true).statementAdded) {
      warn(scope, 'topicKeyOutOfReach', `the policy of the key of the topic '${topic.node.path}' cannot be changed here; `
        + `it must let ${publisher.name} (${publisher.principal}) use kms:Decrypt and kms:GenerateDataKey*, which the AWS `
        + 'managed key alias/aws/sns never does, '
        + 'or the notifications are lost without an error');
    }
  }
}

/** Whether a topic or a key has not been opened to a publisher yet: once each, however many secrets share the topic. */
function isNew(target: IConstruct, principal: string, conditions: Conditions): boolean {
  const publishers = onceFor(target, 'publishers', () => new Set<string>());
  const before = publishers.size;
  return publishers.add(`${principal} ${JSON.stringify(conditions)}`).size > before;
}

function statementFor(principal: string, actions: string[], resource: string, conditions: Conditions): PolicyStatement {
  return new PolicyStatement({ principals: [new ServicePrincipal(principal)], actions, resources: [resource], conditions });
}

function warn(scope: IConstruct, id: string, message: string): void {
  Annotations.of(scope).addWarningV2(`cdk-secretsmanager-patterns:${id}`, message);
}
