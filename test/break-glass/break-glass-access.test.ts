import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, AnyPrincipal, ArnPrincipal, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { BreakGlassAccess, type BreakGlassAccessProps, GuardRail, HardenedSecret, Rotation } from '../../src';
import { testRefused } from '../support/refused';
import { messageOf, only, testApp } from '../support/scenario';

const ALICE = new ArnPrincipal('arn:aws:iam::222222222222:user/alice');

describe('BreakGlassAccess', () => {
  let stack: Stack;
  let topic: Topic;

  beforeEach(() => {
    stack = new Stack(testApp(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
    topic = new Topic(stack, 'Topic');
  });

  const open = (props: Partial<BreakGlassAccessProps> = {}): BreakGlassAccess =>
    new BreakGlassAccess(stack, 'BreakGlass', { principals: [ALICE], topic, ...props });
  const rotating = (id: string): HardenedSecret => new HardenedSecret(stack, id, { rotation: Rotation.regenerate() });

  test('named users take the role with an MFA device that they have just used, under their own name', () => {
    const bob = new User(stack, 'Bob');
    const times = { sessionDuration: Duration.hours(2), maximumMfaAge: Duration.minutes(10) };
    open({ principals: [ALICE, bob], roleName: 'emergency', ...times });
    const { resource } = only(Template.fromStack(stack), 'AWS::IAM::Role', 'BreakGlassRole');
    expect(resource.Properties).toMatchObject({ MaxSessionDuration: 7200, RoleName: 'emergency' });
    expect(resource.Properties.AssumeRolePolicyDocument.Statement).toEqual([{
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { AWS: expect.arrayContaining([ALICE.arn, stack.resolve(bob.userArn)]) },
      Condition: {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        NumericLessThanEquals: { 'aws:MultiFactorAuthAge': '600' },
        StringLike: { 'sts:RoleSessionName': '${aws:username}' },
      },
    }]);
  });

  test('each read of the role notifies the topic and starts the rotation of what was read', () => {
    const { role } = open();
    const template = Template.fromStack(stack);
    const { id } = only(template, 'AWS::StepFunctions::StateMachine');
    template.hasResourceProperties('AWS::Events::Rule', {
      State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      EventPattern: {
        'source': ['aws.secretsmanager'],
        'detail-type': ['AWS API Call via CloudTrail'],
        'detail': {
          eventName: ['GetSecretValue'],
          userIdentity: { sessionContext: { sessionIssuer: { arn: [stack.resolve(role.roleArn)] } } },
        },
      },
      Targets: [
        { Id: 'Topic', Arn: stack.resolve(topic.topicArn) },
        Match.objectLike({ Arn: { 'Fn::GetAtt': [id, 'Arn'] }, RoleArn: Match.anyValue() }),
      ],
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' } })]) },
    });
  });

  test('it rotates once the session is over, unless the secret was rotated since, or the read was refused', () => {
    open({ sessionDuration: Duration.hours(3) });
    const { resource } = only(Template.fromStack(stack), 'AWS::StepFunctions::StateMachine');
    const { StartAt, States } = resource.Properties.Definition;
    expect(StartAt).toBe('WasRefused');
    expect(States.WasRefused.Choices).toEqual([{ Variable: '$.detail.errorCode', IsPresent: true, Next: 'NothingToDo' }]);
    expect(States.UntilSessionIsOver).toEqual({ Type: 'Wait', Seconds: 10_800, Next: 'Describe' });
    expect(States.WasRotated.Choices[0].And[1])
      .toEqual({ Variable: '$.secret.LastRotatedDate', TimestampGreaterThanPath: '$.readAt' });
    expect(States.Rotate).toMatchObject({ Parameters: { 'SecretId.$': '$.secretId' }, End: true });
    // Every state is reached, and every next one exists.
    const next = Object.values(States as Record<string, any>)
      .flatMap(({ Next, Default, Choices = [] }) => [Next, Default, ...Choices.map((choice: any) => choice.Next)])
      .filter(Boolean);
    expect(new Set([StartAt, ...next])).toEqual(new Set(Object.keys(States as object)));
  });

  test('a rotation that fails raises an alarm at the topic', () => {
    open();
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/States', MetricName: 'ExecutionsFailed', AlarmActions: [stack.resolve(topic.topicArn)],
    });
  });

  test('a guard rail lets the role in by its name', () => {
    const access = open();
    const secret = new HardenedSecret(stack, 'Secret', {
      rotation: Rotation.regenerate(), guardRails: [GuardRail.onlyReaders([access.role])],
    });
    access.addSecret(secret.secret);
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::SecretsManager::ResourcePolicy')))
      .toContain(JSON.stringify(stack.resolve(access.role.roleArn)));
  });

  test('a secret that nothing rotates is refused, unless its rotation comes later', () => {
    const access = open();
    const late = new HardenedSecret(stack, 'Late');
    access.addSecret(late.secret);
    late.addRotation(Rotation.regenerate());
    access.addSecret(rotating('Rotating').secret);
    expect(messageOf(() => Template.fromStack(stack))).toBe('');
    const other = new Stack(testApp(), 'Other');
    const refused = new BreakGlassAccess(other, 'BreakGlass', { principals: [ALICE], topic: new Topic(other, 'Topic') });
    refused.addSecret(new Secret(other, 'Plain'));
    expect(messageOf(() => Template.fromStack(other))).toContain("[Other/BreakGlass] nothing rotates the secret 'Other/Plain'");
  });
});

const make = (props: (stack: Stack) => Partial<BreakGlassAccessProps>) => (stack: Stack): BreakGlassAccess =>
  new BreakGlassAccess(stack, 'Secret', { principals: [ALICE], topic: new Topic(stack, 'Topic'), ...props(stack) });
const duration = (property: 'sessionDuration' | 'maximumMfaAge', value: Duration, allowed: string) => ({
  name: `${property} of ${value.toHumanString()}`,
  act: make(() => ({ [property]: value })),
  property,
  got: JSON.stringify(value.toHumanString()),
  allowed,
  remedy: 'choose another one',
});

testRefused(9, [
  {
    name: 'nobody',
    act: make(() => ({ principals: [] })),
    property: 'principals',
    got: '[]',
    allowed: 'IAM users by name',
    remedy: 'name each user',
  },
  {
    name: 'a role by its ARN',
    act: make(() => ({ principals: [new ArnPrincipal('arn:aws:iam::111111111111:role/operator')] })),
    property: 'principals',
    got: '"ArnPrincipal(arn:aws:iam::111111111111:role/operator)"',
    allowed: 'IAM users by name',
    remedy: 'name users',
  },
  {
    name: 'a role of the app',
    act: make((stack) => ({ principals: [new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') })] })),
    property: 'principals',
    got: '"Stack/Role',
    allowed: 'IAM users by name',
    remedy: 'name users',
  },
  ...[new AnyPrincipal(), new AccountPrincipal('222222222222'), new ServicePrincipal('ec2.amazonaws.com')].map((principal) => ({
    name: `everybody of ${String(principal)}`,
    act: make(() => ({ principals: [principal] })),
    property: 'principals',
    got: '"',
    allowed: 'roles and users, each with one ARN',
    remedy: 'name the roles themselves',
  })),
  duration('sessionDuration', Duration.minutes(59), '3600 to 43200 whole seconds'),
  duration('sessionDuration', Duration.hours(13), '3600 to 43200 whole seconds'),
  duration('maximumMfaAge', Duration.seconds(59), '60 to 3600 whole seconds'),
  {
    name: 'a role name with a space',
    act: make(() => ({ roleName: 'break glass' })),
    property: 'roleName',
    got: '"break glass"',
    allowed: '1 to 64 letters, digits and _+=,.@-',
    remedy: 'choose another one',
  },
]);
