import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { RotationEvents } from '../../../src/monitoring/private/rotation-events';
import { SecretRecord } from '../../../src/secret/private/secret-record';

/** Event patterns of a stack with ARNs as long as those of a deployment. */
function patternsOf(stack: Stack): string[] {
  const arn = (logicalId: string): string =>
    `arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:${logicalId}-AbCdEfGhIjKl-AbCdEf`;
  return Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule')).map(({ Properties }) =>
    JSON.stringify(Properties.EventPattern).replace(/\{"Ref":"(\w+)"\}/g, (_, logicalId: string) => `"${arn(logicalId)}"`));
}

describe('RotationEvents', () => {
  let stack: Stack;
  let platform: Construct;

  beforeEach(() => {
    stack = new Stack(new App(), 'Stack');
    platform = new Construct(stack, 'Platform');
  });

  const notify = (topic: Topic, secret: Secret, home = stack): void =>
    RotationEvents.of(platform, home).add(SecretRecord.of(secret), topic);

  test('sends failed and abandoned rotations of the secret to the topic', () => {
    const secret = new Secret(stack, 'Secret');
    const topic = new Topic(stack, 'Topic');
    notify(topic, secret);
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        'source': ['aws.secretsmanager'],
        'detail-type': ['AWS Service Event via CloudTrail'],
        'detail': {
          eventSource: ['secretsmanager.amazonaws.com'],
          eventName: ['RotationFailed', 'RotationAbandoned', 'TestRotationFailed'],
          additionalEventData: { SecretId: [stack.resolve(secret.secretArn)] },
        },
      },
      State: 'ENABLED',
      Targets: [Match.objectLike({ Arn: stack.resolve(topic.topicArn), RoleArn: Match.absent() })],
    });
  });

  test('lets EventBridge publish, one statement for all secrets', () => {
    const topic = new Topic(stack, 'Topic', { masterKey: new Key(stack, 'Key') });
    for (const id of ['One', 'Two']) {
      notify(topic, new Secret(stack, id));
    }
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::Rule', 1);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Action: 'sns:Publish', Principal: { Service: 'events.amazonaws.com' } })],
      },
    });
  });

  test('301 secrets with a topic share as few rules as their patterns have room for', () => {
    const topic = new Topic(stack, 'Topic');
    for (let nth = 0; nth < 301; nth++) {
      notify(topic, new Secret(stack, `Secret${nth}`));
    }
    const patterns = patternsOf(stack);
    expect(patterns.map((pattern) => pattern.match(/:secret:/g)!.length).reduce((sum, count) => sum + count)).toBe(301);
    expect(Math.max(...patterns.map((pattern) => pattern.length))).toBeLessThanOrEqual(2048);
    expect(patterns.length).toBeLessThanOrEqual(22);
  });

  test('secrets with the longest names are two in a rule', () => {
    const topic = new Topic(stack, 'Topic');
    for (let nth = 0; nth < 6; nth++) {
      const secretName = `${nth}`.repeat(512);
      const secret = new Secret(stack, `Secret${nth}`, { secretName });
      new SecretRecord({ scope: secret, secret, fixedName: secretName });
      notify(topic, secret);
    }
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 3);
  });

  test('up to five topics share the rules, and a sixth begins others', () => {
    for (let nth = 0; nth < 12; nth++) {
      notify(new Topic(stack, `Topic${nth}`), new Secret(stack, `Secret${nth}`));
    }
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    expect(rules.map(({ Properties }) => Properties.Targets.length)).toEqual([5, 5, 2]);
  });

  test('no topic of a platform is told of the secrets of another', () => {
    const other = new Construct(stack, 'Other');
    const [one, two] = ['One', 'Two'].map((id) => new Secret(stack, id));
    notify(new Topic(stack, 'TopicOne'), one);
    RotationEvents.of(other, stack).add(SecretRecord.of(two), new Topic(stack, 'TopicTwo'));
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    expect(rules.map(({ Properties }) => Properties.EventPattern.detail.additionalEventData.SecretId)).toEqual(
      [one, two].map((secret) => [stack.resolve(secret.secretArn)]),
    );
  });

  test('platforms of other stacks have rules of their own in the stack of their secrets', () => {
    const home = new Stack(stack.node.scope as App, 'Home');
    const other = new Construct(stack, 'Other');
    notify(new Topic(stack, 'TopicOne'), new Secret(home, 'One'), home);
    RotationEvents.of(other, home).add(SecretRecord.of(new Secret(home, 'Two')), new Topic(stack, 'TopicTwo'));
    expect(Object.keys(Template.fromStack(home).findResources('AWS::Events::Rule'))).toEqual([
      expect.stringMatching(/^RotationEventsRule1/), expect.stringMatching(/^RotationEvents1Rule1/),
    ]);
  });

  test('names that begin alike are one pattern in the stack of the platform, and others are listed', () => {
    Object.assign(platform, { secretNamePrefix: 'prod' });
    const topic = new Topic(stack, 'Topic');
    for (const secretName of ['prod/one', 'prod/two', 'production']) {
      const secret = new Secret(stack, secretName, { secretName });
      RotationEvents.of(platform, stack).add(new SecretRecord({ scope: secret, secret, fixedName: secretName }), topic);
    }
    const [rule, ...others] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    expect(others).toEqual([]);
    expect(rule.Properties.EventPattern.detail.additionalEventData.SecretId).toEqual([
      { prefix: { 'Fn::Join': ['', expect.arrayContaining([':secret:prod/'])] } }, { Ref: expect.stringMatching(/^production/) },
    ]);
  });

  test('they are listed in another stack, where a pattern would be one more for the same events', () => {
    Object.assign(platform, { secretNamePrefix: 'prod' });
    const home = new Stack(stack.node.scope as App, 'Home');
    const secret = new Secret(home, 'One', { secretName: 'prod/one' });
    const record = new SecretRecord({ scope: secret, secret, fixedName: 'prod/one' });
    RotationEvents.of(platform, home).add(record, new Topic(stack, 'Topic'));
    const [rule] = Object.values(Template.fromStack(home).findResources('AWS::Events::Rule'));
    expect(rule.Properties.EventPattern.detail.additionalEventData.SecretId).toEqual([home.resolve(secret.secretArn)]);
  });

  test('a secret that is known by name only is matched by the start of its ARN', () => {
    notify(new Topic(stack, 'Topic'), Secret.fromSecretNameV2(stack, 'Secret', 'orders') as Secret);
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({
        detail: Match.objectLike({
          additionalEventData: {
            SecretId: [{
              prefix: {
                'Fn::Join': [
                  '',
                  [
                    'arn:',
                    { Ref: 'AWS::Partition' },
                    ':secretsmanager:',
                    { Ref: 'AWS::Region' },
                    ':',
                    { Ref: 'AWS::AccountId' },
                    ':secret:orders-',
                  ],
                ],
              },
            }],
          },
        }),
      }),
    });
  });

  test('a topic in another stack makes no cycle: only the rule refers to it', () => {
    const app = new App();
    const topics = new Stack(app, 'Topics');
    const secrets = new Stack(app, 'Secrets');
    notify(new Topic(topics, 'Topic'), new Secret(secrets, 'Secret'), secrets);
    app.synth();
    expect(topics.dependencies).toEqual([]);
    expect(secrets.dependencies).toEqual([topics]);
  });
});
