import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  AccountPrincipal, AnyPrincipal, ArnPrincipal, type IPrincipal, ManagedPolicy, Role, ServicePrincipal, User,
} from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import {
  BreakGlassAccess, type BreakGlassAccessProps, DatabaseTarget, GuardRail, HardenedSecret, Rotation, RotationNetwork,
  SecretContent,
} from '../../src';
import { namedUsers } from '../../src/break-glass/private/named-users';
import { SecretRecord } from '../../src/secret/private/secret-record';
import { testRefused } from '../support/refused';
import { isolatedVpc, messageOf, only, personnelDatabase, testApp } from '../support/scenario';

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
        Match.objectLike({ Id: 'Topic', Arn: stack.resolve(topic.topicArn) }),
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
    expect(States.UntilSessionIsOver).toEqual({ Type: 'Wait', Seconds: 10_800, Next: 'WasCurrent' });
    expect(States.WasCurrent.Default).toBe('Describe');
    expect(States.WasRotated.Choices[0].And[1])
      .toEqual({ Variable: '$.secret.LastRotatedDate', TimestampGreaterThanPath: '$.readAt' });
    expect(States.Rotate).toMatchObject({ Parameters: { 'SecretId.$': '$.secretId' }, End: true });
    requireConnected(StartAt, States);
  });

  test('a rotation that was going on does not count where another version than the current one was read', () => {
    open();
    const { States } = only(Template.fromStack(stack), 'AWS::StepFunctions::StateMachine').resource.Properties.Definition;
    expect(States.WasCurrent.Choices).toEqual([
      { Variable: '$.request.versionId', IsPresent: true, Next: 'NoteAgain' },
      {
        And: [
          { Variable: '$.request.versionStage', IsPresent: true },
          { Not: { Variable: '$.request.versionStage', StringEquals: 'AWSCURRENT' } },
        ],
        Next: 'NoteAgain',
      },
    ]);
    expect(States.NoteAgain)
      .toMatchObject({ Parameters: { 'readAt.$': '$$.State.EnteredTime', 'secretId.$': '$.secretId' }, Next: 'Describe' });
  });

  test.each<[string, string | undefined, (arn: unknown) => unknown]>([
    ['with a name', 'orders', () => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:us-east-1:111111111111:secret:orders-*']],
    })],
    ['without a name', undefined, (arn) => arn],
  ])('where the former value of a secret %s works on, a second rotation ends what was read', (_, secretName, expected) => {
    const access = open();
    const vpc = isolatedVpc(stack);
    const alternating = new HardenedSecret(stack, 'Alternating', {
      secretName,
      content: SecretContent.databaseCredentials({
        username: 'orders', database: DatabaseTarget.fromRdsInstance(personnelDatabase(stack, vpc)),
      }),
      network: RotationNetwork.of({ vpc }),
      rotation: Rotation.alternatingUsers(),
    });
    [alternating, alternating, rotating('Regenerated')].forEach(({ secret }) => access.addSecret(secret));
    const template = Template.fromStack(stack);
    const { StartAt, States } = only(template, 'AWS::StepFunctions::StateMachine').resource.Properties.Definition;
    requireConnected(StartAt, States);
    expect(States.FormerWorks.Choices).toEqual([{
      And: [
        { Variable: '$.isSecond', IsPresent: false },
        {
          Variable: '$.secret.ARN',
          StringMatches: expected(stack.resolve(SecretRecord.of(alternating.secret).secret.secretArn)),
        },
      ],
      Next: 'NoteSecond',
    }]);
    expect(States.Rotate).toMatchObject({ Next: 'UntilRotated', ResultPath: null });
    expect(States.WasRotated.Choices[0].Next).toBe('FormerWorks');
    expect(States.NoteSecond.Parameters)
      .toEqual({ 'readAt.$': '$$.State.EnteredTime', 'secretId.$': '$.secretId', 'isSecond': true });
  });

  test('the users of a role are the same where their ARNs are', () => {
    const of = (count: number) => namedUsers(stack, users(count)) as IPrincipal & { dedupeString(): string };
    expect(of(2).dedupeString()).toBe(of(2).dedupeString());
    expect(of(2).dedupeString()).not.toBe(of(1).dedupeString());
    expect(of(1).toString()).toContain(':user/');
  });

  test('many users share one statement of the trust policy, which stays within its quota', () => {
    // Unlike the tests' own apps, those of users may be without the flag that merges statements.
    const plain = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
    new BreakGlassAccess(plain, 'BreakGlass', { principals: users(38), topic: new Topic(plain, 'Topic') });
    const { AssumeRolePolicyDocument } = only(Template.fromStack(plain), 'AWS::IAM::Role', 'BreakGlassRole').resource.Properties;
    expect(AssumeRolePolicyDocument.Statement).toHaveLength(1);
    expect(AssumeRolePolicyDocument.Statement[0].Principal.AWS).toHaveLength(38);
    expect(JSON.stringify(AssumeRolePolicyDocument).length).toBeLessThanOrEqual(2048);
  });

  test('a rotation that fails raises an alarm at the topic', () => {
    open();
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/States', MetricName: 'ExecutionsFailed', AlarmActions: [stack.resolve(topic.topicArn)],
    });
  });

  test('a read whose event cannot be delivered is kept, and raises an alarm at the topic', () => {
    open();
    const template = Template.fromStack(stack);
    const queue = only(template, 'AWS::SQS::Queue');
    // EventBridge knows no queues that keep an order.
    expect(queue.resource.Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    const rule = only(template, 'AWS::Events::Rule');
    const arn = { 'Fn::GetAtt': [queue.id, 'Arn'] };
    expect(rule.resource.Properties.Targets.map(({ DeadLetterConfig }: any) => DeadLetterConfig))
      .toEqual([{ Arn: arn }, { Arn: arn }]);
    expect(only(template, 'AWS::SQS::QueuePolicy').resource.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: arn,
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule.id, 'Arn'] } } },
      },
    ]);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue.id, 'QueueName'] } }],
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [stack.resolve(topic.topicArn)],
    });
  });

  test('a permissions boundary bounds each role that is made', () => {
    const permissionsBoundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
    open({ permissionsBoundary });
    const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    const boundary = stack.resolve(permissionsBoundary.managedPolicyArn);
    expect(roles.map(({ Properties }) => Properties.PermissionsBoundary)).toEqual([boundary, boundary, boundary]);
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

const users = (count: number): ArnPrincipal[] => Array.from({ length: count },
  (_, index) => new ArnPrincipal(`arn:aws:iam::222222222222:user/somebody${1000 + index}`));

/** Every state is reached, and every next one exists. */
function requireConnected(start: string, states: Record<string, any>): void {
  const next = Object.values(states)
    .flatMap(({ Next, Default, Choices = [] }) => [Next, Default, ...Choices.map((choice: any) => choice.Next)])
    .filter(Boolean);
  expect(new Set([start, ...next])).toEqual(new Set(Object.keys(states)));
}

/** A secret that is somewhere else, and the access here. */
const elsewhere = (env: { account: string; region: string }) => (stack: Stack): void => {
  const other = new Stack(stack.node.root as App, 'Other', { env });
  const secret = new HardenedSecret(other, 'Secret', { secretName: 'orders', rotation: Rotation.regenerate() });
  make(() => ({ roleName: 'emergency' }))(stack).addSecret(secret.secret);
};
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

testRefused(15, [
  {
    name: 'a topic of another Region',
    act: make((stack) => ({ topic: Topic.fromTopicArn(stack, 'There', 'arn:aws:sns:eu-west-1:111111111111:alerts') })),
    property: 'topic',
    got: '"eu-west-1"',
    allowed: 'a topic in the alarm\'s Region, us-east-1',
    remedy: 'create a topic in that Region',
  },
  {
    name: 'a FIFO topic',
    act: make((stack) => ({ topic: new Topic(stack, 'Fifo', { topicName: 'alerts.fifo', fifo: true }) })),
    property: 'topic',
    got: "'Stack/Fifo'",
    allowed: 'a standard topic',
    remedy: 'give a standard one',
  },
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
  {
    name: 'every user of an account',
    act: make(() => ({ principals: [new ArnPrincipal('arn:aws:iam::111111111111:user/*')] })),
    property: 'principals',
    got: '"ArnPrincipal(arn:aws:iam::111111111111:user/*)"',
    allowed: 'whole names',
    remedy: 'name each by its own ARN',
  },
  duration('sessionDuration', Duration.minutes(59), '3600 to 43200 whole seconds'),
  duration('sessionDuration', Duration.hours(13), '3600 to 43200 whole seconds'),
  duration('maximumMfaAge', Duration.seconds(59), '60 to 3600 whole seconds'),
  ...[
    { account: '111111111111', region: 'eu-west-1' }, { account: '222222222222', region: 'us-east-1' },
  ].map((env) => ({
    name: `a secret in ${env.region} of ${env.account}`,
    act: elsewhere(env),
    property: 'addSecret(secret)',
    got: `"Other/Secret in ${env.region === 'us-east-1' ? env.account : env.region}"`,
    allowed: env.region === 'us-east-1' ? 'one in the account 111111111111' : 'one in the region us-east-1',
    remedy: 'make a BreakGlassAccess there',
  })),
  {
    name: 'more users than a trust policy takes',
    act: make(() => ({ principals: users(39) })),
    property: 'principals',
    got: '"39 users with 1794 characters"',
    allowed: 'ARNs of 1750 characters in all',
    remedy: 'make a second BreakGlassAccess',
  },
  {
    name: 'a role name with a space',
    act: make(() => ({ roleName: 'break glass' })),
    property: 'roleName',
    got: '"break glass"',
    allowed: '1 to 64 letters, digits and _+=,.@-',
    remedy: 'choose another one',
  },
]);
