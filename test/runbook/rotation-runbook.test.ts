import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  ArnPrincipal, type IGrantable, type IPrincipal, type IRole, ManagedPolicy, Role, ServicePrincipal, User,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, Duration, Stack } from 'aws-cdk-lib/core';
import { documentFindings } from './document-findings';
import { HardenedSecret, Rotation, RotationRunbook, type RunbookApproval, SecretsPlatform } from '../../src';
import { onceFor } from '../../src/core/once';
import type { RotationFunctions } from '../../src/rotation-function/private/function-pool';
import { RunbookRole } from '../../src/runbook/private/runbook-role';
import { testRefused } from '../support/refused';
import { messageOf, only, testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const ON_CALL = new ArnPrincipal('arn:aws:iam::111111111111:role/on-call');

function rotatingStack(env: object = { env: ENV }): { stack: Stack; platform: SecretsPlatform } {
  const stack = new Stack(testApp(), 'Stack', env);
  const platform = new SecretsPlatform(stack, 'Platform', { platformName: 'orders' });
  new HardenedSecret(stack, 'Secret', { platform, rotation: Rotation.regenerate() });
  return { stack, platform };
}

function requests(stack: Stack, topicName: string | undefined = 'AutomationRequests'): Topic {
  return new Topic(stack, 'Topic', { topicName });
}

function contentOf(stack: Stack): Record<string, any> {
  return only(Template.fromStack(stack), 'AWS::SSM::Document').resource.Properties.Content as Record<string, any>;
}

describe('the document', () => {
  test.each([false, true])('is what schema 0.3 says, with approval: %s', (needsApproval) => {
    const { stack, platform } = rotatingStack();
    const approval = { topic: requests(stack), approvers: [ON_CALL, new User(stack, 'Bob')], requiredApprovals: 2 };
    new RotationRunbook(stack, 'Runbook', { platform, approval: needsApproval ? approval : undefined });
    expect(documentFindings(contentOf(stack))).toEqual([]);
    const { Name, DocumentType, DocumentFormat, UpdateMethod } =
      only(Template.fromStack(stack), 'AWS::SSM::Document').resource.Properties as Record<string, string>;
    expect([Name, DocumentType, DocumentFormat, UpdateMethod])
      .toEqual(['RotationRunbook-orders', 'Automation', 'YAML', 'NewVersion']);
  });

  test('asks the approvers before anything but a look', () => {
    const { stack, platform } = rotatingStack();
    new RotationRunbook(stack, 'Runbook', { platform, approval: { topic: requests(stack), approvers: [ON_CALL] } });
    const { mainSteps } = contentOf(stack) as { mainSteps: Record<string, any>[] };
    expect(mainSteps.slice(0, 4).map(({ name }) => name as unknown))
      .toEqual(['Inspect', 'WhetherToChange', 'Approve', 'ClearPending']);
    expect(mainSteps[1].inputs).toEqual({
      Choices: [{ NextStep: 'LabelsAfterwards', Variable: '{{ Action }}', StringEquals: 'ShowLabels' }], Default: 'Approve',
    });
    expect(mainSteps[2].inputs).toMatchObject({
      Approvers: ['arn:aws:iam::111111111111:role/on-call'], MinRequiredApprovals: 1,
    });
  });

  test('no step asks for a value, or for any other call than the role may make', () => {
    const { stack, platform } = rotatingStack();
    new RotationRunbook(stack, 'Runbook', { platform });
    const calls = JSON.stringify(contentOf(stack)).matchAll(/secrets\.(\w+)\(/g);
    expect(new Set([...calls].map(([, call]) => call)))
      .toEqual(new Set(['describe_secret', 'rotate_secret', 'update_secret_version_stage']));
  });
});

describe('the role', () => {
  test('knows each function of the platform, those that come later too, and in another stack by its name', () => {
    const { stack, platform } = rotatingStack();
    const operations = new Stack(stack.node.scope as Stack, 'Operations', { env: ENV });
    new RotationRunbook(operations, 'Runbook', { platform });
    new HardenedSecret(stack, 'Later', { platform, rotation: Rotation.iamAccessKey({ user: new User(stack, 'User') }) });
    const arns = ['iam-access-keys', 'values'].map((name) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:lambda:us-east-1:111111111111:function:orders-${name}`]],
    }));
    const template = Template.fromStack(operations);
    const ofFunctions = { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': [arns[1], arns[0]] } };
    const policy = only(template, 'AWS::IAM::Policy').resource.Properties.PolicyDocument as Record<string, any[]>;
    const statements = policy.Statement;
    expect(statements.map(({ Action, Condition }) => [Action, Condition] as unknown)).toEqual([
      ['secretsmanager:DescribeSecret', ofFunctions],
      ['secretsmanager:RotateSecret', expect.objectContaining({ ...ofFunctions, Null: expect.anything() as unknown })],
      ['secretsmanager:UpdateSecretVersionStage', {
        ...ofFunctions, StringLike: { 'secretsmanager:VersionStage': ['AWSPENDING', 'ROLL_BACK_*'] },
      }],
      ['lambda:InvokeFunction', undefined],
    ]);
    expect(statements[3].Resource).toEqual(arns);
    expect(JSON.stringify(template)).not.toContain('Fn::ImportValue');
  });

  test('may send requests to a topic, encrypted or not', () => {
    const { stack, platform } = rotatingStack();
    const topic = new Topic(stack, 'Topic', { topicName: 'AutomationRequests', masterKey: new Key(stack, 'Key') });
    new RotationRunbook(stack, 'Runbook', { platform, approval: { topic, approvers: [ON_CALL] } });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sns:Publish' })]) },
      Roles: [Match.objectLike({ Ref: Match.stringLikeRegexp('Runbook') })],
    });
  });
});

describe('a function of the user\'s that rotates by steps', () => {
  const rotatorIn = (stack: Stack, functionName?: string): LambdaFunction => new LambdaFunction(stack, 'Rotator', {
    functionName,
    code: Code.fromInline('x'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
    timeout: Duration.minutes(1),
  });
  const statementsOf = (stack: Stack): Record<string, any>[] =>
    only(Template.fromStack(stack), 'AWS::IAM::Policy', 'RunbookRole').resource.Properties.PolicyDocument.Statement;

  const [INVOKE, onSecrets] = ['lambda:InvokeFunction', ({ Action }: Record<string, any>) => Action !== 'lambda:InvokeFunction'];
  const invoked = (stack: Stack): unknown => statementsOf(stack).find(({ Action }) => Action === INVOKE)!.Resource;

  test('is reached for everything but bringing a former value back, once however often it is added', () => {
    const without = rotatingStack();
    new RotationRunbook(without.stack, 'Runbook', { platform: without.platform });
    const before = statementsOf(without.stack).filter(onSecrets);
    const { stack, platform } = rotatingStack();
    const handler = rotatorIn(stack);
    const runbook = new RotationRunbook(stack, 'Runbook', { platform });
    [handler, handler].forEach((one) => runbook.addStepsFunction(one));
    new HardenedSecret(stack, 'ApiKey', { rotation: Rotation.steps({ handler }) });
    const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Rotator/), 'Arn'] };
    const ofFunction = { 'secretsmanager:resource/AllowRotationLambdaArn': [arn] };
    const statements = statementsOf(stack).filter(onSecrets);
    expect(statements.slice(0, before.length)).toEqual(before);
    expect(statements.slice(before.length).map(({ Action, Condition }) => [Action, Condition] as unknown)).toEqual([
      ['secretsmanager:DescribeSecret', { StringEquals: ofFunction }],
      ['secretsmanager:RotateSecret', expect.objectContaining({ StringEquals: ofFunction, Null: expect.anything() as unknown })],
      ['secretsmanager:UpdateSecretVersionStage', {
        StringEquals: ofFunction, StringLike: { 'secretsmanager:VersionStage': ['AWSPENDING'] },
      }],
    ]);
    expect(invoked(stack)).toEqual([arn, expect.anything()]);
  });

  test('is known by its name from another stack', () => {
    const { stack, platform } = rotatingStack();
    const operations = new Stack(stack.node.scope as Stack, 'Operations', { env: ENV });
    const handler = rotatorIn(stack, 'rotator');
    new HardenedSecret(stack, 'ApiKey', { rotation: Rotation.steps({ handler }) });
    new RotationRunbook(operations, 'Runbook', { platform }).addStepsFunction(handler);
    expect(invoked(operations)).toEqual(expect.arrayContaining([
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lambda:us-east-1:111111111111:function:rotator']] },
    ]));
    expect(JSON.stringify(Template.fromStack(operations))).not.toContain('Fn::ImportValue');
  });

  test('is enough for a runbook of a platform that has no function', () => {
    const stack = new Stack(testApp(), 'Stack', { env: ENV });
    const handler = rotatorIn(stack);
    new RotationRunbook(stack, 'Runbook', { platform: new SecretsPlatform(stack, 'Platform') }).addStepsFunction(handler);
    new HardenedSecret(stack, 'ApiKey', { rotation: Rotation.steps({ handler }) });
    expect(messageOf(() => Template.fromStack(stack))).toBe('');
    expect(statementsOf(stack)).toHaveLength(4);
  });

  test.each<[string, (stack: Stack, runbook: RotationRunbook) => void, string]>([
    ['that rotates nothing', (stack, runbook) => runbook.addStepsFunction(rotatorIn(stack)),
      "[Stack/Runbook] the function 'Stack/Rotator' rotates no secret by Rotation.steps(); leave it out"],
    ['whose steps are all its own', (stack, runbook) => {
      const handler = rotatorIn(stack);
      new HardenedSecret(stack, 'ApiKey', { rotation: Rotation.custom({ handler }) });
      runbook.addStepsFunction(handler);
    }, "[Stack/Runbook] the function 'Stack/Rotator' rotates no secret by Rotation.steps(); leave it out"],
    ['of another Region', (stack, runbook) => runbook.addStepsFunction(
      rotatorIn(new Stack(stack.node.scope as Stack, 'Elsewhere', { env: { ...ENV, region: 'eu-west-1' } })),
    ), "[Stack/Runbook] the function 'Elsewhere/Rotator' is in another account or Region"],
    ['of another stack, without a name', (stack, runbook) => runbook.addStepsFunction(
      rotatorIn(new Stack(stack.node.scope as Stack, 'Elsewhere', { env: ENV })),
    ), "[Stack/Runbook] the rotation function 'Elsewhere/Rotator' is in another stack than the runbook and has no fixed "
      + "name; give it a `functionName`, or define it in the runbook's stack"],
  ])('is refused: one %s', (_, add, message) => {
    const { stack, platform } = rotatingStack();
    const runbook = new RotationRunbook(stack, 'Runbook', { platform });
    expect(messageOf(() => {
      add(stack, runbook);
      Template.fromStack(stack);
    })).toContain(message);
  });
});

test('without a platform it is for the secrets of the stack that name none', () => {
  const stack = new Stack(testApp(), 'Stack');
  const runbook = new RotationRunbook(stack, 'Runbook');
  new HardenedSecret(stack, 'Secret', { rotation: Rotation.regenerate() });
  expect(runbook.documentName).toMatch(/^RotationRunbook-Stack/);
  expect(documentFindings(contentOf(stack))).toEqual([]);
  Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
});

test('who is granted to start it may hand it its role, and nothing else', () => {
  const { stack, platform } = rotatingStack();
  const runbook = new RotationRunbook(stack, 'Runbook', { platform });
  const operator = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  runbook.grantStart(operator);
  const { resource } = only(Template.fromStack(stack), 'AWS::IAM::Policy', 'Operator');
  const policy = resource.Properties.PolicyDocument as Record<string, any[]>;
  expect(policy.Statement.map(({ Action, Condition }) => [Action, Condition] as unknown)).toEqual([
    ['ssm:StartAutomationExecution', undefined],
    ['iam:PassRole', { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } }],
  ]);
  const imported = Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111111111111:role/on-call', { mutable: false });
  for (const grantee of [new ServicePrincipal('ec2.amazonaws.com'), imported]) {
    expect(messageOf(() => runbook.grantStart(grantee))).toContain('would have no effect');
  }
});

test('boundary and tags are those of the platform', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const permissionsBoundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
  const rotationFunctions = { permissionsBoundary, tags: { team: 'orders' } };
  const platform = new SecretsPlatform(stack, 'Platform', { rotationFunctions });
  new HardenedSecret(stack, 'Secret', { platform, rotation: Rotation.regenerate() });
  new RotationRunbook(stack, 'Runbook', { platform });
  const template = Template.fromStack(stack);
  const tagged = { Tags: Match.arrayWith([{ Key: 'team', Value: 'orders' }]) };
  expect(only(template, 'AWS::IAM::Role', 'Runbook').resource.Properties.PermissionsBoundary)
    .toEqual(stack.resolve(permissionsBoundary.managedPolicyArn));
  template.hasResourceProperties('AWS::IAM::Role', { Description: Match.stringLikeRegexp('^Repairs'), ...tagged });
  template.hasResourceProperties('AWS::SSM::Document', tagged);
});

test('a second one for a platform, and one of another account, are refused', () => {
  const { stack, platform } = rotatingStack();
  new RotationRunbook(stack, 'Runbook', { platform });
  expect(messageOf(() => new RotationRunbook(stack, 'Second', { platform })))
    .toContain("already is the RotationRunbook of the platform 'orders'");
  const elsewhere = new Stack(stack.node.scope as Stack, 'Elsewhere', { env: { ...ENV, account: '222222222222' } });
  expect(messageOf(() => new RotationRunbook(elsewhere, 'Runbook', { platform })))
    .toContain('the runbook is in the account 222222222222');
});

describe('as many functions as are allowed, with the longest names', () => {
  const gov = { account: '111111111111', region: 'us-gov-west-1' };
  const LONGEST = 'arn:aws-us-gov:lambda:us-gov-west-1:111111111111:function:';
  const PSEUDO: Record<string, string> = {
    'AWS::Partition': 'aws-us-gov', 'AWS::Region': 'us-gov-west-1', 'AWS::AccountId': '111111111111',
  };
  const nameOf = (index: number, length: number) => String(index).padStart(length, 'f');
  const makers: Record<string, (stack: Stack, length: number) => (index: number) => string> = {
    'by name': (_, length) => (index) => LONGEST + nameOf(index, length),
    'by reference': (stack, length) => (index) => new LambdaFunction(stack, `F${index}`, {
      functionName: nameOf(index, length), runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('0'),
    }).functionArn,
  };

  const cases = [gov, undefined].flatMap((env) =>
    Object.keys(makers).flatMap((maker) => [0, 25, 50].map((ours) => [env, maker, ours] as const)));
  test.each(cases)(
    'are in policies that IAM takes: %j, %s, %i of them ours', (env, maker, ours) => {
      const stack = new Stack(testApp(), 'Stack', { env });
      const platform = new SecretsPlatform(stack, 'Platform');
      const tellOf = (listener: (made: { literalArn: string }) => void) =>
        Array.from({ length: ours }, (_, index) => listener({ literalArn: LONGEST + nameOf(index, 48) }));
      const { ofUser } = new RunbookRole(stack, 'Role', { platform, settings: {}, tellOf } as unknown as RotationFunctions);
      const arnOf = makers[maker](stack, 64);
      Array.from({ length: 50 - ours }, (_, index) => ofUser.add(arnOf(index)));
      const template = Template.fromStack(stack);
      const deployed = (document: unknown): number => JSON.stringify(document, (_, value) => {
        const [reference, parts] = typeof value === 'object' && value !== null ? Object.entries(value)[0] ?? [] : [];
        return reference === 'Fn::GetAtt' ? LONGEST + nameOf(0, 64)
          : reference === 'Ref' ? PSEUDO[parts as string] : value as unknown;
      }).replace(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => `"${parts.replace(/[",]/g, '')}"`).length;
      const sizes = (type: string) => Object.values(template.findResources(type))
        .map(({ Properties }) => deployed(Properties.PolicyDocument));
      expect(sizes('AWS::IAM::Policy').reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(10240);
      expect(Math.max(...sizes('AWS::IAM::ManagedPolicy'))).toBeLessThanOrEqual(6144);
      expect(sizes('AWS::IAM::ManagedPolicy').length).toBeLessThanOrEqual(10);
    },
  );
});

test('a platform without a function, and one with too many, are refused at synthesis', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const platform = new SecretsPlatform(stack, 'Platform');
  new RotationRunbook(stack, 'Runbook', { platform });
  expect(messageOf(() => Template.fromStack(stack)))
    .toContain("the platform 'Stack/Platform' has 0 functions that rotate secrets, allowed: 1 to 50; leave the runbook out");
  const many = {
    platform,
    settings: {},
    tellOf: (listener: (made: { literalArn: string }) => void) =>
      Array.from({ length: 51 }, (_, index) => listener({ literalArn: `arn:aws:lambda:us-east-1:111111111111:function:f${index}` })),
  };
  const { ofUser } = new RunbookRole(stack, 'Many', many as unknown as RotationFunctions);
  expect(messageOf(() => Template.fromStack(stack))).toContain('divide the secrets among several platforms');
  ofUser.add('arn:aws:lambda:us-east-1:111111111111:function:mine');
  expect(messageOf(() => Template.fromStack(stack)))
    .toContain('has 52 functions that rotate secrets, yours included, allowed: 1 to 50; divide the secrets');
});

const refused = (name: string, approval: (stack: Stack) => Partial<RunbookApproval>, expected: {
  property: string; got: string; allowed: string; remedy: string;
}) => ({
  name,
  path: 'Stack/Runbook',
  act: (stack: Stack) => new RotationRunbook(stack, 'Runbook', {
    approval: { topic: new Topic(stack, 'Usual', { topicName: 'AutomationX' }), approvers: [ON_CALL], ...approval(stack) },
  }),
  ...expected,
});
const TOPIC = {
  property: 'approval.topic', allowed: "a standard topic whose name begins with 'Automation'", remedy: 'give the topic such',
};
const APPROVERS = { property: 'approval.approvers', allowed: '1 to 10 users and roles', remedy: 'name as many' };

/** Lets somebody start what others have to agree to. */
const started = (name: string, approver: (stack: Stack) => IPrincipal, grantee: (stack: Stack) => IGrantable, got: string) => ({
  name: `${name} who may agree and start`,
  path: 'Stack/Runbook',
  act: (stack: Stack) => new RotationRunbook(stack, 'Runbook', {
    approval: {
      topic: new Topic(stack, 'Usual', { topicName: 'AutomationX' }),
      approvers: [new ArnPrincipal('arn:aws:iam::111111111111:user/alice'), approver(stack)],
    },
  }).grantStart(grantee(stack)),
  property: 'grantStart(grantee)',
  got,
  allowed: 'none of `approval.approvers`',
  remedy: 'let another role start it',
});
const operator = (stack: Stack): Role => onceFor(stack, 'operator of the tests', () =>
  new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
const ofOtherStack = (stack: Stack): Role => onceFor(stack, 'operator of the tests', () =>
  new Role(new Stack(stack.node.root as App, 'Other', { env: ENV }), 'Operator', {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'), roleName: 'operator',
  }));
const imported = (stack: Stack): IRole => Role.fromRoleArn(stack, 'Imported', ON_CALL.arn);

test('somebody else than the approvers starts it', () => {
  const { stack, platform } = rotatingStack();
  const approval = { topic: requests(stack), approvers: [ON_CALL, new User(stack, 'Bob')] };
  const runbook = new RotationRunbook(stack, 'Runbook', { platform, approval });
  runbook.grantStart(operator(stack));
  runbook.grantStart(new User(stack, 'Carol'));
  Template.fromStack(stack).resourceCountIs('AWS::SSM::Document', 1);
});

testRefused(14, [
  started('a role of the app', operator, operator, '"Stack/Operator'),
  started('a role of another stack', ofOtherStack, ofOtherStack, '"Other/Operator'),
  started('a role of the app by its ARN', (stack) => new ArnPrincipal(operator(stack).roleArn), operator, '"Stack/Operator'),
  started('an imported role', () => ON_CALL, imported, '"Stack/Imported'),
  refused('an approver that is named twice', () => ({ approvers: [ON_CALL, ON_CALL], requiredApprovals: 2 }), {
    property: 'approval.approvers', got: `"${ON_CALL.arn}"`, allowed: 'each user and role once', remedy: 'leave the second one out',
  }),
  refused('a pattern of approvers', () => ({ approvers: [new ArnPrincipal('arn:aws:iam::111111111111:user/*')] }), {
    property: 'approval.approvers',
    got: '"ArnPrincipal(arn:aws:iam::111111111111:user/*)"',
    allowed: 'whole names',
    remedy: 'name each by its own ARN',
  }),
  refused('a topic of another name', (stack) => ({ topic: requests(stack, 'alerts') }), { ...TOPIC, got: '"alerts"' }),
  refused('a topic without a name', (stack) => ({ topic: new Topic(stack, 'Topic') }), { ...TOPIC, got: 'not given' }),
  refused('an imported topic of another name', (stack) => ({
    topic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111111111111:alerts'),
  }), { ...TOPIC, got: '"alerts"' }),
  refused('a FIFO topic', (stack) => ({
    topic: new Topic(stack, 'Topic', { topicName: 'Automation.fifo', fifo: true }),
  }), { ...TOPIC, got: '"Automation.fifo"' }),
  refused('a topic of another Region', (stack) => ({
    topic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111111111111:Automation-orders'),
  }), {
    property: 'approval.topic',
    got: '"Stack/Topic in eu-west-1"',
    allowed: 'one in the region us-east-1',
    remedy: 'create a topic in',
  }),
  refused('no approver', () => ({ approvers: [] }), { ...APPROVERS, got: '0' }),
  refused('eleven approvers', () => ({ approvers: Array.from({ length: 11 }, () => ON_CALL) }), { ...APPROVERS, got: '11' }),
  refused('more approvals than approvers', () => ({ requiredApprovals: 2 }), {
    property: 'approval.requiredApprovals', got: '2', allowed: '1', remedy: 'name more',
  }),
]);
