import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, CfnParameter, Stack, type StackProps } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ValidationError } from '../../../src/core/errors';
import { errorsOf, RotationAlarm } from '../../../src/monitoring/private/rotation-alarm';

const FUNCTION = { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X };

function alarmIn(stack: Stack): RotationAlarm {
  return new RotationAlarm(stack, 'RotationAlarm', { metric: errorsOf(new LambdaFunction(stack, 'Function', FUNCTION)) });
}

describe('RotationAlarm', () => {
  const newStack = (props?: StackProps) => new Stack(new App(), 'Stack', props);

  test('watches the errors of the function', () => {
    const stack = newStack();
    alarmIn(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^Function') } }],
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: Match.absent(),
    });
  });

  test('says what to do, within the 1,024 characters that a description may have', () => {
    const stack = newStack();
    const { alarm } = alarmIn(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('Open the log group'),
    });
    expect(stack.resolve((alarm.node.defaultChild as unknown as { alarmDescription: string }).alarmDescription).length)
      .toBeLessThanOrEqual(1024);
  });

  test('notifies a topic, once however many secrets give it', () => {
    const stack = newStack();
    const topic = new Topic(stack, 'Topic');
    const alarm = alarmIn(stack);
    alarm.addTopic(topic);
    alarm.addTopic(topic);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [stack.resolve(topic.topicArn)],
      OKActions: Match.absent(),
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } })] },
    });
  });

  test('takes one topic that was imported twice for one', () => {
    const stack = newStack();
    const arn = 'arn:aws:sns:eu-west-1:111111111111:alerts';
    const alarm = alarmIn(stack);
    alarm.addTopic(Topic.fromTopicArn(stack, 'First', arn));
    alarm.addTopic(Topic.fromTopicArn(stack, 'Second', arn));
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [arn] });
  });

  test('a token for a topic passes', () => {
    const stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } });
    const parameter = new CfnParameter(stack, 'Parameter');
    alarmIn(stack).addTopic(Topic.fromTopicArn(stack, 'Topic', parameter.valueAsString));
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: 'Parameter' }] });
  });

  test('refuses a sixth topic, and takes the five again', () => {
    const stack = newStack();
    const alarm = alarmIn(stack);
    const topics = [1, 2, 3, 4, 5].map((n) => new Topic(stack, `Topic${n}`));
    topics.forEach((topic) => alarm.addTopic(topic));
    topics.forEach((topic) => alarm.addTopic(topic));
    const secret = new Construct(stack, 'Secret');
    const sixth = new Topic(stack, 'Topic6');
    expect(() => alarm.addTopic(sixth, secret)).toThrow(ValidationError);
    expect(() => alarm.addTopic(sixth, secret)).toThrow(
      "[Stack/Secret] `SecretMonitoring.rotationFailure(topic)` is 'Stack/Topic6', "
      + 'allowed: at most 5 topics for the secrets that share one rotation function; '
      + 'notify a topic that another of these secrets notifies, and subscribe to that one');
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: topics.map((topic) => stack.resolve(topic.topicArn)),
    });
  });

  test('refuses a topic of another Region', () => {
    const stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } });
    const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111111111111:alerts');
    expect(() => alarmIn(stack).addTopic(topic)).toThrow(
      '[Stack/RotationAlarm] `SecretMonitoring.rotationFailure(topic)` is "us-east-1", allowed: a topic in the alarm\'s '
        + 'Region, eu-west-1; '
      + 'create a topic in that Region and subscribe to it from the other');
  });

  test('takes a topic of any Region where its own is not known yet', () => {
    const stack = newStack();
    alarmIn(stack).addTopic(Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111111111111:alerts'));
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.anyValue() });
  });
});
