import { Match, Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack, type StackProps } from 'aws-cdk-lib/core';
import { ConflictError } from '../../../src/core/errors';
import { RotationAudit } from '../../../src/rotation-function/private/rotation-audit';

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:rotate';

function auditIn(stack: Stack, id = 'Audit'): RotationAudit {
  const rotationFunction = LambdaFunction.fromFunctionArn(stack, `${id}Function`, FUNCTION_ARN);
  return new RotationAudit(stack, id, { rotationFunction, functionName: 'rotate' });
}

function scheduleOf(stack: Stack): Record<string, any> {
  return Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'))[0].Properties;
}

describe('RotationAudit', () => {
  const newStack = (props?: StackProps) => new Stack(new App(), 'Stack', props);

  test('does not exist before a secret is expected', () => {
    const stack = newStack();
    auditIn(stack);
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('runs the function daily with the constant event', () => {
    const stack = newStack();
    const audit = auditIn(stack);
    audit.expect({ secret: 'one', rotatesWithinHours: 768, key: 'customer', replicaRegions: ['eu-central-1'] });
    audit.expect({ secret: 'two', rotatesWithinHours: 192 });
    const schedule = scheduleOf(stack);
    expect(schedule).toMatchObject({
      ScheduleExpression: expect.stringMatching(/^cron\(\d{1,2} \d{1,2} \* \* \? \*\)$/),
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 },
      Target: { Arn: FUNCTION_ARN, RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 5 } },
    });
    expect(JSON.parse(schedule.Target.Input)).toEqual({
      audit: [
        { secret: 'one', rotatesWithinHours: 768, key: 'customer', replicaRegions: ['eu-central-1'] },
        { secret: 'two', rotatesWithinHours: 192 },
      ],
    });
    Template.fromStack(stack).resourceCountIs('AWS::Scheduler::Schedule', 1);
  });

  test('an ARN that the template resolves stays well-formed JSON', () => {
    const stack = newStack();
    const secret = new Secret(stack, 'Secret');
    auditIn(stack).expect({ secret: secret.secretArn, rotatesWithinHours: 768 });
    expect(scheduleOf(stack).Target.Input).toEqual({
      'Fn::Join': ['', ['{"audit":[{"secret":"', stack.resolve(secret.secretArn), '","rotatesWithinHours":768}]}']],
    });
  });

  test('the scheduler may take the role for schedules of this account only, and invoke nothing else', () => {
    const stack = newStack();
    auditIn(stack).expect({ secret: 'one', rotatesWithinHours: 768 });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: {
              'aws:SourceAccount': { Ref: 'AWS::AccountId' },
              'aws:SourceArn': {
                'Fn::Join': [
                  '',
                  [
                    'arn:',
                    { Ref: 'AWS::Partition' },
                    ':scheduler:',
                    { Ref: 'AWS::Region' },
                    ':',
                    { Ref: 'AWS::AccountId' },
                    ':schedule-group/default',
                  ],
                ],
              },
            },
          },
        }],
      },
      Policies: Match.absent(),
      ManagedPolicyArns: [{ Ref: Match.stringLikeRegexp('^AuditPolicy') }],
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: FUNCTION_ARN }] },
    });
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Target: Match.objectLike({ RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditRole'), 'Arn'] } }),
    });
  });

  test.each([['cn-north-1'], ['us-gov-west-1']])('works in %s', (region) => {
    const stack = newStack({ env: { account: '111111111111', region } });
    auditIn(stack).expect({ secret: 'one', rotatesWithinHours: 768 });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({
          Condition: {
            StringEquals: {
              'aws:SourceAccount': '111111111111',
              'aws:SourceArn': {
                'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:scheduler:${region}:111111111111:schedule-group/default`]],
              },
            },
          },
        })],
      },
    });
  });

  test('functions are audited at times that are spread over the day and never move', () => {
    const times = (ids: string[]) => ids.map((id) => {
      const stack = newStack();
      auditIn(stack, id).expect({ secret: 'one', rotatesWithinHours: 768 });
      return scheduleOf(stack).ScheduleExpression;
    });
    const ids = Array.from({ length: 20 }, (_, i) => `Audit${i}`);
    expect(new Set(times(ids)).size).toBeGreaterThan(15);
    expect(times(['Audit'])).toEqual(['cron(12 17 * * ? *)']);
    for (const [, minute, hour] of times(ids).map((time) => /^cron\((\d+) (\d+) /.exec(time)!)) {
      expect(Number(minute)).toBeLessThan(60);
      expect(Number(hour)).toBeLessThan(24);
    }
  });

  test('refuses more secrets than one event can hold', () => {
    const audit = auditIn(newStack());
    const secret = { secret: 'x'.repeat(60_000), rotatesWithinHours: 768 };
    const expectMany = () => [1, 2, 3, 4, 5].forEach(() => audit.expect(secret));
    expect(expectMany).toThrow(ConflictError);
    expect(() => audit.expect(secret)).toThrow(
      '[Stack/Audit] the audit of 5 secrets is longer than the 256 KB that EventBridge Scheduler sends; spread the secrets over '
        + 'several platforms');
  });

  test('counts an ARN that is not known yet at its longest', () => {
    const stack = newStack();
    const audit = auditIn(stack);
    const { secretArn } = new Secret(stack, 'Secret');
    let count = 0;
    const fill = () => {
      for (; count < 600; count++) {
        audit.expect({ secret: secretArn, rotatesWithinHours: 768, key: 'customer' });
      }
    };
    expect(fill).toThrow('longer than the 256 KB');
    expect(count).toBeGreaterThan(350);
  });
});
