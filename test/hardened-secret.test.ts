import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine,
  DatabaseTarget,
  HardenedSecret,
  type HardenedSecretProps,
  Rotation,
  RotationNetwork,
  SecretContent,
  SecretEncryption,
  SecretMonitoring,
  SecretReplica,
  SecretsPlatform,
} from '../src';
import { bindingsIn } from './support/bindings-in';
import { isolatedVpc, only, personnelDatabase, testApp } from './support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const NO_ROTATION = Match.stringLikeRegexp('nothing rotates the secret.*Rotation.none\\(reason\\)');

function audited(template: Template): string {
  return JSON.stringify(
    Object.values(template.findResources('AWS::Scheduler::Schedule')).map(({ Properties }) => Properties.Target.Input),
  );
}

describe('by default', () => {
  const stack = new Stack(testApp(), 'Stack');
  const secret = new HardenedSecret(stack, 'Token');
  const template = Template.fromStack(stack);

  test('the value is generated, and the logical id is that of a plain secret', () => {
    const { id, resource } = only(template, 'AWS::SecretsManager::Secret');
    expect(id).toMatch(/^Token[0-9A-F]{8}$/);
    expect(resource.Properties.GenerateSecretString).toEqual({ PasswordLength: 32 });
    expect(resource.Properties.ReplicaRegions).toBeUndefined();
  });

  test('the secret outlives its stack, but not a failed first deployment', () => {
    const { resource } = only(template, 'AWS::SecretsManager::Secret');
    expect(resource.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(resource.UpdateReplacePolicy).toBe('Retain');
  });

  test('a key of its own encrypts it', () => {
    const key = only(template, 'AWS::KMS::Key');
    expect(key.resource.Properties.EnableKeyRotation).toBe(true);
    expect(only(template, 'AWS::SecretsManager::Secret').resource.Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [key.id, 'Arn'] });
    expect(stack.resolve(secret.encryptionKey?.keyArn)).toEqual({ 'Fn::GetAtt': [key.id, 'Arn'] });
  });

  test('two stand-alone secrets have two keys', () => {
    const other = new Stack(testApp(), 'Stack');
    new HardenedSecret(other, 'A', { rotation: Rotation.none('test') });
    new HardenedSecret(other, 'B', { rotation: Rotation.none('test') });
    Template.fromStack(other).resourceCountIs('AWS::KMS::Key', 2);
  });

  test('the resource policy forbids requests without TLS and public policies', () => {
    const { Properties } = only(template, 'AWS::SecretsManager::ResourcePolicy').resource;
    expect(Properties.BlockPublicPolicy).toBe(true);
    expect(Properties.ResourcePolicy.Statement).toEqual([
      {
        Sid: 'DenyInsecureTransport',
        Effect: 'Deny',
        Principal: '*',
        Action: 'secretsmanager:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });

  test('nothing rotates it, which synthesis warns of', () => {
    expect(secret.rotationFunction).toBeUndefined();
    expect(secret.alarms).toEqual([]);
    expect(() => secret.metrics.metricRotationErrors()).toThrow('[Stack/Token/Default] the secret has no rotation function');
    Annotations.fromStack(stack).hasWarning('/Stack/Token', NO_ROTATION);
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });
});

test('Rotation.none answers the warning and makes nothing', () => {
  const stack = new Stack(testApp(), 'Stack');
  const secret = new HardenedSecret(stack, 'StripeKey', {
    content: SecretContent.placeholder(),
    rotation: Rotation.none('by hand each quarter'),
  });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  expect(secret.rotationFunction).toBeUndefined();
  Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
});

test('what the user says stands in the template', () => {
  const stack = new Stack(testApp(), 'Stack');
  const key = new Key(stack, 'Key');
  const secret = new HardenedSecret(stack, 'Token', {
    secretName: 'team/token',
    description: 'signs orders',
    encryption: SecretEncryption.key(key),
    guardRails: [],
    removalPolicy: RemovalPolicy.DESTROY,
    rotation: Rotation.none('test'),
  });
  const template = Template.fromStack(stack);
  template.hasResource('AWS::SecretsManager::Secret', {
    DeletionPolicy: 'Delete',
    Properties: { Name: 'team/token', Description: 'signs orders', KmsKeyId: stack.resolve(key.keyArn) },
  });
  template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
  expect(secret.secret.secretName).toBe('team/token');
  expect(secret.secretArn).toBe(secret.secret.secretArn);
  expect(secret.encryptionKey).toBe(key);
});

test('the AWS managed key is no property of the secret', () => {
  const stack = new Stack(testApp(), 'Stack');
  const secret = new HardenedSecret(stack, 'Token', {
    encryption: SecretEncryption.awsManagedKey(),
    rotation: Rotation.none('test'),
  });
  expect(secret.encryptionKey).toBeUndefined();
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: Match.absent() });
});

describe('a PostgreSQL user', () => {
  const stack = new Stack(testApp(), 'Stack');
  const vpc = isolatedVpc(stack);
  const database = personnelDatabase(stack, vpc);
  const topic = new Topic(stack, 'Topic');
  const creds = new HardenedSecret(stack, 'Creds', {
    secretName: 'MyCustomAppCreds',
    content: SecretContent.databaseCredentials({ username: 'my_custom_app', database: DatabaseTarget.fromRdsInstance(database) }),
    rotation: Rotation.alternatingUsers(),
    monitoring: SecretMonitoring.rotationFailure({ topic }),
  });
  const template = Template.fromStack(stack);
  const schedule = only(template, 'AWS::SecretsManager::RotationSchedule');
  const rotator = only(template, 'AWS::Lambda::Function');
  /** What the schedule waits for: what it names, and what the function that it refers to names and refers to. */
  const waitsFor = JSON.stringify([schedule.resource.DependsOn, rotator.resource]);

  test('is known to CloudFormation, which adds the host', () => {
    const { resource } = only(template, 'AWS::SecretsManager::Secret', 'Creds');
    expect(resource.Properties.GenerateSecretString).toEqual({
      PasswordLength: 32,
      ExcludeCharacters: ':/@"\'\\',
      SecretStringTemplate: '{"engine":"postgres","username":"my_custom_app"}',
      GenerateStringKey: 'password',
    });
    expect(only(template, 'AWS::SecretsManager::SecretTargetAttachment', 'Creds').resource.Properties.TargetType)
      .toBe('AWS::RDS::DBInstance');
  });

  test('rotates every 30 days and at once, by the unqualified function', () => {
    const attachment = only(template, 'AWS::SecretsManager::SecretTargetAttachment', 'Creds').id;
    expect(schedule.resource.Properties).toEqual({
      SecretId: { Ref: attachment },
      RotationLambdaARN: { 'Fn::GetAtt': [rotator.id, 'Arn'] },
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
      RotateImmediatelyOnUpdate: true,
    });
  });

  test('lets Secrets Manager invoke the function for this secret of this account only', () => {
    expect(only(template, 'AWS::Lambda::Permission').resource.Properties).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [rotator.id, 'Arn'] },
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: { Ref: only(template, 'AWS::SecretsManager::Secret', 'Creds').id },
    });
  });

  test.each<[string, string, number]>([
    ['the permission', 'AWS::Lambda::Permission', 1],
    ['the log group', 'AWS::Logs::LogGroup', 1],
    ['the endpoint', 'AWS::EC2::VPCEndpoint', 1],
    ['each rule that lets something in', 'AWS::EC2::SecurityGroupIngress', 2],
    ['each rule that lets something out', 'AWS::EC2::SecurityGroupEgress', 2],
    ['the database instance', 'AWS::RDS::DBInstance', 1],
  ])('rotates after %s', (_, type, count) => {
    const ids = Object.keys(template.findResources(type));
    expect(ids).toHaveLength(count);
    expect(schedule.resource.Properties.RotationLambdaARN).toEqual({ 'Fn::GetAtt': [rotator.id, 'Arn'] });
    expect(ids.filter((id) => !waitsFor.includes(`"${id}"`))).toEqual([]);
  });

  test('rotates after the policy of the function', () => {
    const policies = Object.keys(template.findResources('AWS::IAM::ManagedPolicy')).filter((id) => !id.includes('Audit'));
    expect(policies).toHaveLength(1);
    expect(rotator.resource.DependsOn).toEqual(expect.arrayContaining(policies));
  });

  test('is bound to the function in its environment, together with the superuser', () => {
    const { Variables } = rotator.resource.Properties.Environment;
    expect(Variables.ROTATION_MODE).toBe('superuser');
    expect(bindingsIn(Variables.ROTATION_BINDINGS))
      .toMatchObject([{ username: 'my_custom_app', strategy: 'alternating' }]);
    expect(JSON.stringify(Variables.ROTATION_SUPERUSER_SECRET)).toContain('PersonnelSecret');
  });

  test('is what others get: the attachment, with function, metrics and alarm', () => {
    expect(stack.resolve(creds.secretArn))
      .toEqual({ Ref: only(template, 'AWS::SecretsManager::SecretTargetAttachment', 'Creds').id });
    expect(stack.resolve(creds.rotationFunction?.functionArn)).toEqual({ 'Fn::GetAtt': [rotator.id, 'Arn'] });
    expect(stack.resolve(creds.metrics.metricRotationErrors().dimensions)).toEqual({ FunctionName: { Ref: rotator.id } });
    expect(creds.alarms.map(({ alarmArn }) => stack.resolve(alarmArn)))
      .toEqual([{ 'Fn::GetAtt': [only(template, 'AWS::CloudWatch::Alarm').id, 'Arn'] }]);
  });

  test('is watched: the topic is told, and the audit expects the secret', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(topic.topicArn)] });
    template.hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ Arn: stack.resolve(topic.topicArn) })] });
    expect(audited(template)).toContain(only(template, 'AWS::SecretsManager::Secret', 'Creds').id);
  });

  test('does not rotate twice', () => {
    expect(() => creds.addRotation(Rotation.alternatingUsers())).toThrow(
      '[Stack/Creds] the secret has a rotation already, and Secrets Manager keeps one for each secret; leave one of the two out',
    );
  });
});

test('a secret without a database gets new values from a function outside any VPC', () => {
  const stack = new Stack(testApp(), 'Stack');
  new HardenedSecret(stack, 'SigningKey', {
    content: SecretContent.json({ issuer: 'me' }, 'key'),
    rotation: Rotation.regenerate(),
  });
  const template = Template.fromStack(stack);
  const { Properties } = only(template, 'AWS::Lambda::Function').resource;
  expect(Properties.VpcConfig).toBeUndefined();
  expect(bindingsIn(Properties.Environment.Variables.ROTATION_BINDINGS)).toEqual([{
    secret: only(template, 'AWS::SecretsManager::Secret').id, field: 'key', password: { length: 32, excludeCharacters: '' },
  }]);
  expect(only(template, 'AWS::SecretsManager::RotationSchedule').resource.DependsOn)
    .toEqual([only(template, 'AWS::Lambda::Permission').id]);
  expect(Properties.LoggingConfig.LogGroup).toEqual({ Ref: only(template, 'AWS::Logs::LogGroup').id });
});

describe('the admin secret of a database rotates after the database exists', () => {
  function admin(app: App, props: HardenedSecretProps = {}, home?: Stack) {
    const stack = new Stack(app, 'Stack');
    const secret = new HardenedSecret(stack, 'Admin', {
      content: SecretContent.databaseCredentials({ username: 'postgres' }),
      ...props,
    });
    const databaseStack = home ?? stack;
    const database = personnelDatabase(databaseStack, isolatedVpc(databaseStack), secret.secret);
    return { stack, secret, database };
  }

  test('and the warning is taken back', () => {
    const { stack, secret, database } = admin(testApp());
    secret.addRotation(Rotation.singleUser({ database: DatabaseTarget.fromRdsInstance(database) }));
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::SecretsManager::RotationSchedule').resource.DependsOn)
      .toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::RDS::DBInstance'))));
    expect(only(template, 'AWS::Lambda::Function').resource.Properties.Environment.Variables.ROTATION_MODE).toBe('prove');
  });

  test('in the stack of its platform, where that is another', () => {
    const app = testApp();
    const platform = new SecretsPlatform(new Stack(app, 'Platform'), 'Secrets');
    const { stack, secret, database } = admin(app, { platform, encryption: SecretEncryption.ownKey() });
    secret.addRotation(Rotation.singleUser({ database: DatabaseTarget.fromRdsInstance(database) }));
    app.synth();
    Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
    const template = Template.fromStack(Stack.of(platform));
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
    template.resourceCountIs('AWS::Lambda::Permission', 1);
  });

  test('but cannot wait for the key of a platform that waits for the database', () => {
    const app = testApp();
    const { secret, database } = admin(app, { platform: new SecretsPlatform(new Stack(app, 'Platform'), 'Secrets') });
    expect(() => secret.addRotation(Rotation.singleUser({ database: DatabaseTarget.fromRdsInstance(database) })))
      .toThrow("[Stack/Admin] the platform depends on what is in the secret's stack, such as the database or what that has its "
        + "password from, so the secret cannot wait for the platform's key; "
        + 'give it `encryption: SecretEncryption.ownKey()`');
  });

  test('and may stand in another stack than the database', () => {
    const app = testApp();
    const data = new Stack(app, 'Data');
    const { secret, database } = admin(app, {}, data);
    secret.addRotation(Rotation.singleUser({ database: DatabaseTarget.fromRdsInstance(database) }));
    Template.fromStack(data).resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
  });
});

describe('monitoring', () => {
  test('of no secret makes no audit', () => {
    const stack = new Stack(testApp(), 'Stack');
    new HardenedSecret(stack, 'A', { rotation: Rotation.regenerate(), monitoring: SecretMonitoring.none('test data') });
    Template.fromStack(stack).resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  test('of others does not expect an unwatched secret', () => {
    const stack = new Stack(testApp(), 'Stack');
    new HardenedSecret(stack, 'A', { rotation: Rotation.regenerate(), monitoring: SecretMonitoring.none('test data') });
    new HardenedSecret(stack, 'B', { rotation: Rotation.regenerate() });
    const other = Template.fromStack(stack);
    expect(audited(other)).toContain(only(other, 'AWS::SecretsManager::Secret', 'B').id);
    expect(audited(other)).not.toContain(only(other, 'AWS::SecretsManager::Secret', 'A').id);
  });

  test('the topic of a platform is told of rotations that are added later, and does not matter to secrets that do not '
    + 'rotate', () => {
    const stack = new Stack(testApp(), 'Stack');
    const topic = new Topic(stack, 'Topic');
    const platform = new SecretsPlatform(stack, 'Platform', {
      defaults: { monitoring: SecretMonitoring.rotationFailure({ topic }) },
    });
    new HardenedSecret(stack, 'Fixed', { platform, rotation: Rotation.none('test') });
    const later = new HardenedSecret(stack, 'Later', { platform });
    expect(stack.node.tryFindChild('Platform')?.node.findAll().filter((node) => node.node.id === 'Alarm')).toEqual([]);
    later.addRotation(Rotation.regenerate());
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::Rule', 1);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(topic.topicArn)] });
  });
});

describe('replicas', () => {
  const app = testApp();
  const stack = new Stack(app, 'Stack', { env: ENV });
  const reader = new Stack(app, 'Reader', { env: { ...ENV, region: 'eu-west-1' } });
  const secret = new HardenedSecret(stack, 'Token', {
    secretName: 'Token',
    rotation: Rotation.regenerate(),
    replicas: [SecretReplica.inRegion('eu-west-1'), SecretReplica.inRegion('eu-central-1')],
  });

  secret.replica('eu-west-1').grantRead(new Role(reader, 'Role', { assumedBy: new AccountRootPrincipal() }));
  const alone = new HardenedSecret(stack, 'Alone', { rotation: Rotation.none('test') });

  test('are listed with a key of their Region, and expected by the audit', () => {
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      ReplicaRegions: ['eu-west-1', 'eu-central-1'].map((Region) => ({ Region, KmsKeyId: Match.stringLikeRegexp('^alias/') })),
    });
    expect(audited(template)).toContain('\\"replicaRegions\\":[\\"eu-west-1\\",\\"eu-central-1\\"]');
  });

  test('can be granted to readers of their Region', () => {
    expect(secret.replica('eu-west-1')).toBe(secret.replica('eu-west-1'));
    expect(JSON.stringify(Template.fromStack(reader).findResources('AWS::IAM::Policy')))
      .toContain(':secretsmanager:eu-west-1:111111111111:secret:Token-??????');
  });

  test('that do not exist are refused', () => {
    expect(() => secret.replica('us-west-2'))
      .toThrow('[Stack/Token] `replica(region)` is "us-west-2", allowed: eu-west-1, eu-central-1; add '
        + 'SecretReplica.inRegion(region) to `replicas`');
    expect(() => alone.replica('us-west-2')).toThrow('allowed: none: the secret has no replicas; ');
  });
});

describe('credentials of a database that is known by its address', () => {
  const ADDRESS = Match.stringLikeRegexp(
    'another host or port, or a rotation that is added after the first deployment, generates a new password',
  );

  function withHost(host: string, props: HardenedSecretProps = {}) {
    const stack = new Stack(testApp(), 'Stack');
    const database = DatabaseTarget.of({
      engine: DatabaseEngine.POSTGRES,
      host,
      targetName: 'personnel',
      superuser: new Secret(stack, 'Superuser'),
    });
    const secret = new HardenedSecret(stack, 'Creds', {
      content: SecretContent.databaseCredentials({ username: 'app', database }),
      ...props,
    });
    const generator = () =>
      only(Template.fromStack(stack), 'AWS::SecretsManager::Secret', 'Creds').resource.Properties.GenerateSecretString;
    return { stack, secret, generator };
  }

  test('are generated from nothing but the user where they rotate, from the start or later', () => {
    const [now, later] = [withHost('a.example.com', { rotation: Rotation.alternatingUsers() }), withHost('b.example.com')];
    later.secret.addRotation(Rotation.alternatingUsers());
    expect(later.generator()).toEqual(now.generator());
    expect(later.generator().SecretStringTemplate).toBe('{"engine":"postgres","username":"app"}');
    Annotations.fromStack(later.stack).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(now.stack).hasNoWarning('*', Match.anyValue());
  });

  test('say where it is where they do not, and synthesis warns of what changes it', () => {
    const { stack, generator } = withHost('a.example.com', { rotation: Rotation.none('test') });
    expect(generator().SecretStringTemplate).toBe('{"engine":"postgres","username":"app","host":"a.example.com","port":5432}');
    Annotations.fromStack(stack).hasWarning('/Stack/Creds', ADDRESS);
  });
});

test('the network of a secret is that of its function', () => {
  const stack = new Stack(testApp(), 'Stack');
  const network = RotationNetwork.of({ vpc: isolatedVpc(stack) });
  new HardenedSecret(stack, 'Inside', { network, rotation: Rotation.regenerate() });
  new HardenedSecret(stack, 'Outside', { rotation: Rotation.regenerate() });
  const subnets = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.VpcConfig?.SubnetIds.length);
  expect(subnets).toEqual([2, undefined]);
});
