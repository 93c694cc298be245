import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, Stack } from 'aws-cdk-lib/core';
import { allowAlarms, allowEventRules } from '../../../src/monitoring/private/topic-access';

const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey*'];

/** Statements of a resource's policy that allow a service something. */
function statementsFor(template: Template, type: string, property: string, service: string): unknown[] {
  return Object.values(template.findResources(type))
    .flatMap((resource) => resource.Properties[property].Statement)
    .filter((statement) => statement.Principal.Service === service);
}

describe('topic access', () => {
  let stack: Stack;

  beforeEach(() => {
    stack = new Stack(new App(), 'Stack');
  });

  test('an unencrypted topic lets the alarms of the account publish', () => {
    const topic = new Topic(stack, 'Topic');
    allowAlarms(stack, topic);
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [{
          Action: 'sns:Publish',
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Resource: { Ref: stack.resolve(topic.topicArn).Ref },
        }],
      },
    });
  });

  test('event rules publish under no condition, because EventBridge supports none', () => {
    allowEventRules(stack, new Topic(stack, 'Topic'));
    const [statement] = statementsFor(
      Template.fromStack(stack),
      'AWS::SNS::TopicPolicy',
      'PolicyDocument',
      'events.amazonaws.com',
    );
    expect(statement).toMatchObject({ Action: 'sns:Publish', Effect: 'Allow' });
    expect(statement).not.toHaveProperty('Condition');
  });

  test('the key of an encrypted topic lets alarms of the account use it', () => {
    allowAlarms(stack, new Topic(stack, 'Topic', { masterKey: new Key(stack, 'Key') }));
    expect(statementsFor(Template.fromStack(stack), 'AWS::KMS::Key', 'KeyPolicy', 'cloudwatch.amazonaws.com')).toEqual([
      expect.objectContaining({
        Action: KEY_ACTIONS,
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ]);
  });

  test('the key of an encrypted topic lets event rules use it for topics of the account only, without the conditions that lose '
    + 'events', () => {
    allowEventRules(stack, new Topic(stack, 'Topic', { masterKey: new Key(stack, 'Key') }));
    expect(statementsFor(Template.fromStack(stack), 'AWS::KMS::Key', 'KeyPolicy', 'events.amazonaws.com')).toEqual([
      expect.objectContaining({
        Action: KEY_ACTIONS,
        Condition: {
          StringLike: {
            'kms:EncryptionContext:aws:sns:topicArn': {
              'Fn::Join': [
                '',
                ['arn:', { Ref: 'AWS::Partition' }, ':sns:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':*'],
              ],
            },
          },
        },
      }),
    ]);
  });

  test('an alias of an owned key counts as the key', () => {
    allowAlarms(
      stack,
      new Topic(stack, 'Topic', {
        masterKey: new Alias(stack, 'Alias', { aliasName: 'alias/topic', targetKey: new Key(stack, 'Key') }),
      }),
    );
    expect(statementsFor(Template.fromStack(stack), 'AWS::KMS::Key', 'KeyPolicy', 'cloudwatch.amazonaws.com')).toHaveLength(1);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('many secrets that share a topic add one statement each to its policy and its key', () => {
    const key = new Key(stack, 'Key');
    const topic = new Topic(stack, 'Topic', { masterKey: key });
    // Counted where they are added: at synthesis the CDK would remove duplicates, after paying for them.
    const additions = [jest.spyOn(topic, 'addToResourcePolicy'), jest.spyOn(key, 'addToResourcePolicy')];
    for (let i = 0; i < 3; i++) {
      allowAlarms(stack, topic);
      allowEventRules(stack, topic);
    }
    additions.forEach((addition) => expect(addition).toHaveBeenCalledTimes(2));
  });

  test('alarms of a second account are let in as well', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env: { account: '111111111111', region: 'eu-west-1' } });
    const away = new Stack(app, 'Away', { env: { account: '222222222222', region: 'eu-west-1' } });
    const topic = new Topic(home, 'Topic');
    allowAlarms(home, topic);
    allowAlarms(away, topic);
    const conditions = JSON.stringify(
      statementsFor(Template.fromStack(home), 'AWS::SNS::TopicPolicy', 'PolicyDocument', 'cloudwatch.amazonaws.com'),
    );
    expect(conditions).toContain('111111111111');
    expect(conditions).toContain('222222222222');
  });

  test('a topic in another stack is opened there, and its stack learns nothing of the publisher', () => {
    const app = new App();
    const home = new Stack(app, 'Home');
    const publisher = new Stack(app, 'Publisher');
    allowEventRules(publisher, new Topic(home, 'Topic', { masterKey: new Key(home, 'Key') }));
    Template.fromStack(home).resourceCountIs('AWS::SNS::TopicPolicy', 1);
    expect(home.dependencies).toEqual([]);
  });

  test.each(['aws', 'aws-cn', 'aws-us-gov'])('partition %s', (partition) => {
    const region = { 'aws': 'eu-west-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition];
    const regional = new Stack(new App(), 'Stack', { env: { account: '111111111111', region } });
    allowEventRules(regional, new Topic(regional, 'Topic', { masterKey: new Key(regional, 'Key') }));
    expect(statementsFor(Template.fromStack(regional), 'AWS::KMS::Key', 'KeyPolicy', 'events.amazonaws.com')).toEqual([
      expect.objectContaining({
        Condition: {
          StringLike: {
            'kms:EncryptionContext:aws:sns:topicArn': {
              'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sns:${region}:111111111111:*`]],
            },
          },
        },
      }),
    ]);
  });

  test.each([
    ['alarms', allowAlarms, 'CloudWatch alarms (cloudwatch.amazonaws.com)'],
    ['event rules', allowEventRules, 'EventBridge (events.amazonaws.com)'],
  ])('an imported topic is warned about once for %s: its policy is out of reach', (_, allow, publisher) => {
    const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111111111111:alerts');
    allow(stack, topic);
    allow(stack, topic);
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('topicPolicyOutOfReach'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0].entry.data).toContain(`'Stack/Topic' cannot be changed here; it must let ${publisher} use sns:Publish`);
  });

  test('an imported key is warned about: its policy is out of reach', () => {
    const masterKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1234');
    allowAlarms(stack, new Topic(stack, 'Topic', { masterKey }));
    Annotations.fromStack(stack).hasWarning('/Stack', Match.stringLikeRegexp(
      "the key of the topic 'Stack/Topic' cannot be changed here; it must let CloudWatch alarms .* use kms:Decrypt and "
        + 'kms:GenerateDataKey\\*.*topicKeyOutOfReach'));
  });

  test('the AWS managed key of Amazon SNS is warned about: it lets no service in', () => {
    allowAlarms(stack, new Topic(stack, 'Topic', { masterKey: Alias.fromAliasName(stack, 'Key', 'alias/aws/sns') }));
    Annotations.fromStack(stack)
      .hasWarning('/Stack', Match.stringLikeRegexp('which the AWS managed key alias/aws/sns never does'));
  });
});
