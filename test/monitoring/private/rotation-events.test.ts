import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, Stack } from 'aws-cdk-lib/core';
import { RotationEvents } from '../../../src/monitoring/private/rotation-events';

describe('RotationEvents', () => {
  let stack: Stack;

  beforeEach(() => {
    stack = new Stack(new App(), 'Stack');
  });

  test('sends failed and abandoned rotations of the one secret to the topic', () => {
    const secret = new Secret(stack, 'Secret');
    const topic = new Topic(stack, 'Topic');
    new RotationEvents(stack, 'RotationEvents', { secret, topic });
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
      new RotationEvents(stack, `${id}Events`, { secret: new Secret(stack, id), topic });
    }
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::Rule', 2);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Action: 'sns:Publish', Principal: { Service: 'events.amazonaws.com' } })],
      },
    });
  });

  test('a secret that is known by name only is matched by the start of its ARN', () => {
    new RotationEvents(stack, 'RotationEvents', {
      secret: Secret.fromSecretNameV2(stack, 'Secret', 'orders'),
      topic: new Topic(stack, 'Topic'),
    });
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
    new RotationEvents(secrets, 'RotationEvents', { secret: new Secret(secrets, 'Secret'), topic: new Topic(topics, 'Topic') });
    app.synth();
    expect(topics.dependencies).toEqual([]);
    expect(secrets.dependencies).toEqual([topics]);
  });
});
