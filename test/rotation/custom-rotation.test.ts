import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, CompositePrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, CfnParameter, Duration, Stack, type Stage } from 'aws-cdk-lib/core';
import {
  CustomRotationPermission,
  GuardRail,
  HardenedSecret,
  type HardenedSecretProps,
  Rotation,
  RotationTiming,
  SecretEncryption,
  SecretHardening,
  SecretMetrics,
  SecretMonitoring,
  SecretsPlatform,
} from '../../src';
import { messageOf, only, testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const ROLE = 'arn:aws:iam::111111111111:role/rotator';
const READERS = GuardRail.onlyReaders([new ArnPrincipal('arn:aws:iam::111111111111:role/reader')]);
const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:rotator';

function functionIn(stack: Stack, props: Partial<FunctionProps> = {}): LambdaFunction {
  return new LambdaFunction(stack, 'Rotator', {
    code: Code.fromInline('x'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
    ...props,
  });
}

function roleIn(stack: Stack, roleName?: string, path?: string): Role {
  return new Role(stack, 'RotatorRole', { roleName, path, assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
}

/** A secret in a stack of its own, and what another stack has for it. */
function across<T>(make: (stack: Stack) => T, scope: App | Stage = testApp()) {
  const other = new Stack(scope, 'Functions', { env: ENV });
  const stack = new Stack(scope, 'Stack', { env: ENV });
  const made = make(other);
  const secret = (props: HardenedSecretProps) => new HardenedSecret(stack, 'Token', { secretName: 'token', ...props });
  return { scope, other, stack, made, secret, templates: () => [Template.fromStack(stack), Template.fromStack(other)] };
}

/** Statements that the library wrote for the function. */
function statements(template: Template): Record<string, any>[] {
  return only(template, 'AWS::IAM::Policy', 'RotatorSecretRotation').resource.Properties.PolicyDocument.Statement;
}

describe('a function of the same stack', () => {
  test('rotates no imported secret, which lacks the mark', () => {
    const stack = new Stack(testApp(), 'Stack');
    const secret = Secret.fromSecretNameV2(stack, 'Imported', new CfnParameter(stack, 'Name').valueAsString);
    expect(messageOf(() => SecretHardening.fromSecret(secret).addRotation(Rotation.custom({ handler: functionIn(stack) }))))
      .toBe('[Stack/Imported] an imported secret cannot be marked as one that rotates here; add the rotation where the secret is '
        + 'defined');
  });

  test('may do with the secret and its key what a rotation does, and nothing else', () => {
    const stack = new Stack(testApp(), 'Stack');
    const handler = functionIn(stack);
    const secret = new HardenedSecret(stack, 'Token', { rotation: Rotation.custom({ handler }) });
    const [rotate, key, ...others] = statements(Template.fromStack(stack));
    expect(others).toEqual([]);
    expect(rotate).toEqual({
      Sid: 'Rotate',
      Effect: 'Allow',
      Action: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      Resource: stack.resolve(secret.secretArn),
      Condition: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': stack.resolve(handler.functionArn) } },
    });
    expect(key).toEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: stack.resolve(secret.encryptionKey!.keyArn),
      Condition: {
        StringEquals: { 'kms:ViaService': expect.anything() },
        StringLike: { 'kms:EncryptionContext:SecretARN': [stack.resolve(secret.secretArn)] },
      },
    });
  });

  test('is invoked by Secrets Manager for this secret, once its permissions are there', () => {
    const stack = new Stack(testApp(), 'Stack');
    const handler = functionIn(stack);
    const secret = new HardenedSecret(stack, 'Token', { rotation: Rotation.custom({ handler }) });
    const template = Template.fromStack(stack);
    const functionArn = stack.resolve(handler.functionArn);
    const permission = only(template, 'AWS::Lambda::Permission');
    expect(permission.resource.Properties).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: functionArn,
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: stack.resolve(secret.secretArn),
    });
    const schedule = only(template, 'AWS::SecretsManager::RotationSchedule').resource;
    expect(schedule.Properties).toMatchObject({
      RotationLambdaARN: functionArn,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
      RotateImmediatelyOnUpdate: true,
    });
    expect(schedule.DependsOn)
      .toEqual(expect.arrayContaining([permission.id, only(template, 'AWS::IAM::Policy', 'RotatorSecretRotation').id]));
  });

  test('waits for nothing that waits for it', () => {
    const stack = new Stack(testApp(), 'Stack');
    const handler = functionIn(stack);
    const rotation = Rotation.custom({ handler, permissions: [CustomRotationPermission.randomPassword()] });
    const secret = new HardenedSecret(stack, 'Token', { guardRails: [READERS], rotation });
    handler.addEnvironment('SECRET', secret.secretArn);
    secret.grants.read(handler);
    // Template.fromStack() refuses templates with circular dependencies.
    expect(JSON.stringify(only(Template.fromStack(stack), 'AWS::Lambda::Function').resource.DependsOn))
      .not.toContain('SecretRotation');
  });

  test('has the timing, and more permissions, where they are asked for', () => {
    const stack = new Stack(testApp(), 'Stack');
    const secret = new HardenedSecret(stack, 'Token', {
      encryption: SecretEncryption.awsManagedKey(),
      rotation: Rotation.custom({
        handler: functionIn(stack),
        timing: RotationTiming.every(Duration.days(7)),
        permissions: [CustomRotationPermission.randomPassword(), CustomRotationPermission.listSecretVersionIds()],
      }),
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotationRules: { ScheduleExpression: 'rate(7 days)' },
    });
    const [, random, list, ...others] = statements(template);
    expect(others).toEqual([]);
    expect(random)
      .toEqual({ Sid: 'GetRandomPassword', Effect: 'Allow', Action: 'secretsmanager:GetRandomPassword', Resource: '*' });
    expect(list).toMatchObject({
      Action: 'secretsmanager:ListSecretVersionIds',
      Resource: stack.resolve(secret.secretArn),
      Condition: { StringEquals: expect.anything() },
    });
  });

  test('rotates several secrets with one policy and one alarm, which tells the topics of all', () => {
    const stack = new Stack(testApp(), 'Stack');
    const platform = new SecretsPlatform(stack, 'Platform');
    const rotation = Rotation.custom({ handler: functionIn(stack) });
    const topics = ['A', 'B'].map((id) => new Topic(stack, id));
    const secrets = topics.map(
      (topic, index) =>
        new HardenedSecret(stack, `Token${index}`, {
          platform,
          rotation,
          monitoring: SecretMonitoring.rotationFailure({ topic }),
        }),
    );
    const template = Template.fromStack(stack);
    const arns = secrets.map(({ secretArn }) => stack.resolve(secretArn));
    const [rotate, key, ...others] = statements(template);
    expect(others).toEqual([]);
    expect(rotate.Resource).toEqual(arns);
    expect(key.Condition.StringLike).toEqual({ 'kms:EncryptionContext:SecretARN': arns });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^Rotator') } }],
      AlarmActions: topics.map(({ topicArn }) => stack.resolve(topicArn)),
      AlarmDescription: Match.stringLikeRegexp('^A function that rotates secrets failed'),
    });
    template.resourceCountIs('AWS::Events::Rule', 1);
    template.resourceCountIs('AWS::Scheduler::Schedule', 0);
    expect(secrets.map(({ alarms }) => alarms.length)).toEqual([1, 1]);
    expect(secrets[0].alarms[0]).toBe(secrets[1].alarms[0]);
  });

  test('is known as the function of the secret', () => {
    const stack = new Stack(testApp(), 'Stack');
    const handler = functionIn(stack);
    const secret = new HardenedSecret(stack, 'Token', { rotation: Rotation.custom({ handler }) });
    expect(secret.rotationFunction).toBe(handler);
    expect(SecretMetrics.fromSecret(secret.secret).metricRotationErrors().dimensions)
      .toEqual({ FunctionName: handler.functionName });
  });

  test('rotates a plain secret in place', () => {
    const stack = new Stack(testApp(), 'Stack');
    const key = new Key(stack, 'Key');
    const secret = new Secret(stack, 'Token', { encryptionKey: key });
    SecretHardening.fromSecret(secret).addRotation(Rotation.custom({ handler: functionIn(stack) }));
    const resources = statements(Template.fromStack(stack)).map(({ Resource }) => Resource);
    expect(resources).toEqual([stack.resolve(secret.secretArn), stack.resolve(key.keyArn)]);
  });

  test('keeps its alarm where a secret is not to be watched, which may be said later as well', () => {
    const stack = new Stack(testApp(), 'Stack');
    const hardening = SecretHardening.fromSecret(new Secret(stack, 'Token'));
    hardening.addRotation(Rotation.custom({ handler: functionIn(stack) }));
    hardening.addMonitoring(SecretMonitoring.none('test data'));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
    template.resourceCountIs('AWS::Events::Rule', 0);
  });

  test('is exempt from rails that name who reads', () => {
    const stack = new Stack(testApp(), 'Stack');
    const handler = functionIn(stack);
    new HardenedSecret(stack, 'Token', { guardRails: [READERS], rotation: Rotation.custom({ handler }) });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::SecretsManager::ResourcePolicy'));
    expect(JSON.stringify(Properties.ResourcePolicy)).toContain(JSON.stringify(stack.resolve(handler.role!.roleArn)));
  });
});

describe('a function of another stack', () => {
  const named = (stack: Stack) => functionIn(stack, { functionName: 'rotator', role: roleIn(stack, 'rotator') });

  test('is known by its name: no stack exports anything, and the secret comes after the function', () => {
    const { scope, made, secret } = across(named);
    secret({ rotation: Rotation.custom({ handler: made }) });
    const assembly = (scope as App).synth();
    expect(assembly.stacks.map(({ stackName, template, dependencies }) => [
      stackName, template.Outputs ?? {}, dependencies.map(({ id }) => id).filter((id) => !id.endsWith('.assets')),
    ])).toEqual([['Functions', {}, []], ['Stack', {}, ['Functions']]]);
    const [ofSecret] = assembly.stacks.filter(({ stackName }) => stackName === 'Stack')
      .map(({ template }) => Template.fromJSON(template));
    const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lambda:us-east-1:111111111111:function:rotator']] };
    expect(only(ofSecret, 'AWS::SecretsManager::RotationSchedule').resource.Properties.RotationLambdaARN).toEqual(arn);
    expect(only(ofSecret, 'AWS::Lambda::Permission').resource.Properties.FunctionName).toEqual(arn);
    ofSecret.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  test('knows secret and key by their names', () => {
    const { made, secret, templates } = across(named);
    secret({ rotation: Rotation.custom({ handler: made }) });
    const [rotate, key] = statements(templates()[1]);
    expect(JSON.stringify(rotate.Resource)).toContain(':secretsmanager:us-east-1:111111111111:secret:token-??????');
    expect(JSON.stringify(key.Resource)).toContain(':kms:us-east-1:111111111111:key/*');
    expect(key.Condition).toEqual({
      'StringEquals': { 'kms:ViaService': ['secretsmanager.us-east-1.amazonaws.com'] },
      'StringLike': { 'kms:EncryptionContext:SecretARN': [rotate.Resource] },
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [expect.stringMatching(/^alias\/Stack-SecretsPlatform-/)] },
    });
  });

  test('is let in by a key without a known alias', () => {
    const { stack, made, secret, templates } = across((other) =>
      functionIn(other, { functionName: 'rotator', role: roleIn(other, 'rotator', '/team/') }),
    );
    secret({ encryption: SecretEncryption.key(new Key(stack, 'Key')), rotation: Rotation.custom({ handler: made }) });
    const [ofSecret, ofFunction] = templates();
    expect(statements(ofFunction)).toHaveLength(1);
    const [, statement] = only(ofSecret, 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement;
    expect(statement).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { StringLike: { 'kms:EncryptionContext:SecretARN': [expect.anything()] } },
    });
    expect(JSON.stringify(statement.Principal)).toContain(':iam::111111111111:role/team/rotator');
    expect(ofFunction.toJSON().Outputs).toBeUndefined();
  });

  test('uses a key of its own stack, and an imported one, by the ARN', () => {
    const arn = 'arn:aws:kms:us-east-1:111111111111:key/imported';
    const { stack, made, secret, templates } = across(named);
    secret({ encryption: SecretEncryption.key(Key.fromKeyArn(stack, 'Key', arn)), rotation: Rotation.custom({ handler: made }) });
    expect(statements(templates()[1])[1].Resource).toBe(arn);
    const own = across((other) => ({ handler: functionIn(other, { functionName: 'rotator' }), key: new Key(other, 'Key') }));
    own.secret({ encryption: SecretEncryption.key(own.made.key), rotation: Rotation.custom({ handler: own.made.handler }) });
    expect(statements(own.templates()[1])[1].Resource).toEqual(own.other.resolve(own.made.key.keyArn));
  });

  test('refers to a key of a third stack, which cannot name a role that comes after it', () => {
    const app = testApp();
    const keys = new Stack(app, 'Keys', { env: ENV });
    const key = new Key(keys, 'Key');
    const { made, secret } = across((other) => functionIn(other, { functionName: 'rotator' }), app);
    secret({ encryption: SecretEncryption.key(key), rotation: Rotation.custom({ handler: made }) });
    const dependencies = Object.fromEntries(
      app.synth().stacks.map(({ stackName, dependencies: on }) => [stackName, on.map(({ id }) => id)]),
    );
    expect(dependencies.Functions).toContain('Keys');
    expect(dependencies.Keys).not.toContain('Functions');
    expect(only(Template.fromStack(keys), 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement).toHaveLength(1);
  });

  test('is exempt from rails, by the name of its role', () => {
    const { made, secret, templates } = across(named);
    secret({ guardRails: [READERS], rotation: Rotation.custom({ handler: made }) });
    const [{ Properties }] = Object.values(templates()[0].findResources('AWS::SecretsManager::ResourcePolicy'));
    expect(JSON.stringify(Properties.ResourcePolicy)).toContain(':iam::111111111111:role/rotator');
  });

  test('needs no named role where nothing has to name it', () => {
    const { made, secret, templates } = across((other) => functionIn(other, { functionName: 'rotator' }));
    secret({ rotation: Rotation.custom({ handler: made }) });
    expect(templates().map((template) => template.toJSON().Outputs)).toEqual([undefined, undefined]);
  });

  test('does not tell a topic of the secret\'s stack, which its own would depend on', () => {
    const { stack, made, secret } = across(named);
    const topic = new Topic(stack, 'Topic');
    expect(
      messageOf(() =>
        secret({ rotation: Rotation.custom({ handler: made }), monitoring: SecretMonitoring.rotationFailure({ topic }) }),
      ),
    ).toContain("the topic 'Stack/Topic' is in the secret's stack");
  });
});

test('a plain secret of another stack is known by its name', () => {
  const { stack, made, templates } = across((other) => functionIn(other, { functionName: 'rotator' }));
  SecretHardening.fromSecret(new Secret(stack, 'Token', { secretName: 'plain' })).addRotation(Rotation.custom({ handler: made }));
  expect(JSON.stringify(statements(templates()[1])[0].Resource)).toContain(':secret:plain-??????');
});

describe('an imported function', () => {
  function imported(stack: Stack, mutable?: boolean) {
    return LambdaFunction.fromFunctionAttributes(stack, 'Rotator', {
      functionArn: FUNCTION,
      role: Role.fromRoleArn(stack, 'Role', ROLE, { mutable }),
      sameEnvironment: true,
    });
  }

  test.each([
    ['of an account that is known', ENV],
    ['of any account', undefined],
  ])('is let at the secret through its role, in a stack %s', (_, env) => {
    const stack = new Stack(testApp(), 'Stack', { env });
    const secret = new HardenedSecret(stack, 'Token', { rotation: Rotation.custom({ handler: imported(stack) }) });
    const template = Template.fromStack(stack);
    const { Roles, PolicyDocument } = only(template, 'AWS::IAM::Policy', 'RotatorSecretRotation').resource.Properties;
    expect(Roles).toEqual(['rotator']);
    expect(PolicyDocument.Statement[0]).toMatchObject({
      Resource: stack.resolve(secret.secretArn),
      Condition: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': FUNCTION } },
    });
    expect(only(template, 'AWS::SecretsManager::RotationSchedule').resource).toMatchObject({
      Properties: { RotationLambdaARN: FUNCTION },
      DependsOn: expect.arrayContaining([only(template, 'AWS::IAM::Policy', 'RotatorSecretRotation').id]),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: 'rotator' }],
    });
  });

  test('may be imported in another stack, and keys name its role', () => {
    const { stack, made, secret, templates } = across((other) => imported(other));
    secret({ encryption: SecretEncryption.key(new Key(stack, 'Key')), rotation: Rotation.custom({ handler: made }) });
    const [ofSecret] = templates();
    expect(only(ofSecret, 'AWS::SecretsManager::RotationSchedule').resource.Properties.RotationLambdaARN).toBe(FUNCTION);
    expect(only(ofSecret, 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement[1].Principal).toEqual({ AWS: ROLE });
  });
});

test('a function and a role that are imported by their names in another stack are known by them', () => {
  const { other, stack, made, secret, templates } = across((owner) =>
    LambdaFunction.fromFunctionAttributes(owner, 'Rotator', {
      functionArn: owner.formatArn({ service: 'lambda', resource: 'function:rotator' }),
      role: Role.fromRoleName(owner, 'Role', 'rotator'),
      sameEnvironment: true,
    }),
  );
  secret({ encryption: SecretEncryption.key(new Key(stack, 'Key')), rotation: Rotation.custom({ handler: made }) });
  const [ofSecret] = templates();
  expect(only(ofSecret, 'AWS::SecretsManager::RotationSchedule').resource.Properties.RotationLambdaARN)
    .toEqual(other.resolve(made.functionArn));
  expect(JSON.stringify(only(ofSecret, 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement[1].Principal))
    .toContain(':iam::111111111111:role/rotator');
  expect(templates().map((template) => template.toJSON().Outputs)).toEqual([undefined, undefined]);
});

test('roles that others may assume as well are no obstacle', () => {
  const stack = new Stack(testApp(), 'Stack');
  const role = new Role(stack, 'Role', {
    assumedBy: new CompositePrincipal(
      new ServicePrincipal('lambda.amazonaws.com'),
      new ServicePrincipal('edgelambda.amazonaws.com'),
    ),
  });
  new HardenedSecret(stack, 'Token', { rotation: Rotation.custom({ handler: functionIn(stack, { role }) }) });
  expect(only(Template.fromStack(stack), 'AWS::IAM::Policy', 'RotatorSecretRotation').resource.Properties.Roles)
    .toEqual([stack.resolve(role.roleName)]);
});
