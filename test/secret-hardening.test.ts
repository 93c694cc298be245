import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { DatabaseEngine, DatabaseTarget, GuardRail, HardenedSecret, Rotation, SecretContent, SecretHardening, SecretMetrics, SecretMonitoring, SecretsPlatform } from '../src';
import { isolatedVpc, personnelDatabase, testApp } from './support/scenario';

const content = SecretContent.generated();
const stackOf = () => new Stack(testApp(), 'Stack');

test('a plain secret is hardened in place: only the policy is new, and the secret\'s marker', () => {
  const [plain, stack] = [stackOf(), stackOf()];
  new Secret(plain, 'Token');
  const hardening = SecretHardening.fromSecret(new Secret(stack, 'Token'), { content });
  hardening.addGuardRails([GuardRail.tlsOnly()]);
  hardening.addRotation(Rotation.regenerate());
  const [before, template] = [plain, stack].map((each) => Template.fromStack(each));
  const [id] = Object.keys(before.findResources('AWS::SecretsManager::Secret'));
  const { Tags, ...properties } = template.findResources('AWS::SecretsManager::Secret')[id].Properties;
  expect(properties).toEqual(before.findResources('AWS::SecretsManager::Secret')[id].Properties);
  expect(Tags).toEqual([{ Key: 'cdk-secretsmanager-patterns:rotation', Value: 'on' }]);
  template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
    BlockPublicPolicy: true, ResourcePolicy: Match.objectLike({ Statement: [Match.objectLike({ Sid: 'DenyInsecureTransport' })] }),
  });
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { SecretId: { Ref: id } });
});

test('a secret has one hardening, whatever it is given as', () => {
  const stack = stackOf();
  const database = personnelDatabase(stack, isolatedVpc(stack));
  const target = DatabaseTarget.fromRdsInstance(database);
  const creds = new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app', database: target }), rotation: Rotation.alternatingUsers(),
  });
  expect(SecretHardening.fromSecret(creds.secret)).toBe(SecretHardening.fromSecret(creds.secret));
  expect(() => SecretHardening.fromSecret(creds.secret).addRotation(Rotation.alternatingUsers())).toThrow('[Stack/Creds] the secret has a rotation already');
  const plain = new Secret(stack, 'Plain');
  expect(SecretHardening.fromSecret(plain)).toBe(SecretHardening.fromSecret(plain));
});

test('no rails make no policy', () => {
  const stack = stackOf();
  SecretHardening.fromSecret(new Secret(stack, 'Token')).addGuardRails([]);
  Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
});

test('without content a rotation cannot know what to make', () => {
  const secret = new Secret(stackOf(), 'Token');
  expect(() => SecretHardening.fromSecret(secret).addRotation(Rotation.regenerate())).toThrow('[Stack/Token] the content of the secret was not generated');
});

test('the key of the secret is used by the function, and expected by the audit', () => {
  const stack = stackOf();
  const key = new Key(stack, 'Key');
  SecretHardening.fromSecret(new Secret(stack, 'Token', { encryptionKey: key }), { content }).addRotation(Rotation.regenerate());
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: stack.resolve(key.keyArn) })]) },
  });
  const [{ Properties }] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
  expect(JSON.stringify(Properties.Target.Input)).toContain(JSON.stringify(stack.resolve(key.keyArn)));
});

test('the functions are those of the platform', () => {
  const stack = stackOf();
  const platform = new SecretsPlatform(stack, 'Platform', { platformName: 'team' });
  const secret = new Secret(stack, 'Token');
  SecretHardening.fromSecret(secret, { content, platform }).addRotation(Rotation.regenerate());
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'team-values' });
  expect(SecretMetrics.fromSecret(secret).metricRotationErrors().metricName).toBe('Errors');
});

test('a secret that CDK attached to a database is rotated and marked behind its attachment', () => {
  const stack = stackOf();
  const secret = new Secret(stack, 'Creds');
  const attached = secret.attach(personnelDatabase(stack, isolatedVpc(stack)));
  SecretHardening.fromSecret(attached, { content }).addRotation(Rotation.regenerate());
  const template = Template.fromStack(stack);
  const [attachment] = Object.keys(template.findResources('AWS::SecretsManager::SecretTargetAttachment')).filter((id) => id.startsWith('Creds'));
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { SecretId: { Ref: attachment } });
  expect(template.findResources('AWS::SecretsManager::Secret')[stack.resolve(secret.secretArn).Ref].Properties.Tags).toHaveLength(1);
});

describe('rails that name who reads exempt', () => {
  /** The ARNs that may read, and a rail for any reader. */
  function exempt(stack: Stack, prefix: string): string {
    const policies = Object.entries(Template.fromStack(stack).findResources('AWS::SecretsManager::ResourcePolicy')).filter(([id]) => id.startsWith(prefix));
    expect(policies).toHaveLength(1);
    return JSON.stringify(policies[0][1].Properties.ResourcePolicy.Statement[0].Condition.ArnNotLike);
  }
  const guardRails = [GuardRail.onlyReaders([new ArnPrincipal('arn:aws:iam::111111111111:role/reader')])];

  test('the function that rotates the secret, also where it comes later', () => {
    const stack = stackOf();
    new HardenedSecret(stack, 'Token', { guardRails }).addRotation(Rotation.regenerate());
    expect(exempt(stack, 'Token')).toMatch(/role\/reader.*role\/Stack-SecretsPlatform-[0-9A-F]{8}-values-/);
  });

  test('the functions that sign in with it as superuser', () => {
    const stack = stackOf();
    const superuser = new HardenedSecret(stack, 'Super', { guardRails, content: SecretContent.databaseCredentials({ username: 'boss' }), rotation: Rotation.none('test') });
    const database = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', targetName: 'personnel', superuser: superuser.secret });
    new HardenedSecret(stack, 'Creds', { content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.alternatingUsers() });
    expect(exempt(stack, 'Super')).toMatch(/role\/reader.*role\/Stack-SecretsPlatform-[0-9A-F]{8}-postgres-[0-9a-f]{8}-/);
  });

  test('a function of the user\'s', () => {
    const stack = stackOf();
    const rotationFunction = new LambdaFunction(stack, 'Own', { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X });
    new HardenedSecret(stack, 'Token', {
      guardRails,
      rotation: new (class extends Rotation {
        bind() {
          return { rotationFunction };
        }
      })(),
    });
    expect(exempt(stack, 'Token')).toContain(JSON.stringify(stack.resolve(rotationFunction.role?.roleArn)));
  });
});

describe('monitoring', () => {
  test('tells each topic, with a rule for each', () => {
    const stack = stackOf();
    const hardening = SecretHardening.fromSecret(new Secret(stack, 'Token'), { content });
    const topics = ['A', 'B'].map((id) => new Topic(stack, id));
    hardening.addMonitoring(SecretMonitoring.rotationFailure({ topic: topics[0] }));
    hardening.addRotation(Rotation.regenerate());
    hardening.addMonitoring(SecretMonitoring.rotationFailure({ topic: topics[1] }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::Rule', 2);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: topics.map(({ topicArn }) => stack.resolve(topicArn)) });
  });

  test('is asked for before the rotation where it is to expect nothing', () => {
    const stack = stackOf();
    const [early, late] = ['Early', 'Late'].map((id) => SecretHardening.fromSecret(new Secret(stack, id), { content }));
    early.addMonitoring(SecretMonitoring.none('test data'));
    early.addRotation(Rotation.regenerate());
    late.addRotation(Rotation.regenerate());
    expect(() => late.addMonitoring(SecretMonitoring.none('test data')))
      .toThrow('[Stack/Late] SecretMonitoring.none() comes after the rotation, which the daily audit expects already; add it before the rotation');
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'));
    expect(JSON.stringify(Properties.Target.Input)).toMatch(/Late.*/);
    expect(JSON.stringify(Properties.Target.Input)).not.toContain('Early');
  });

  test('says nothing twice', () => {
    const stack = stackOf();
    const hardening = SecretHardening.fromSecret(new Secret(stack, 'Token'), { content });
    hardening.addRotation(Rotation.regenerate());
    hardening.addMonitoring(SecretMonitoring.rotationFailure());
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 0);
  });
});
