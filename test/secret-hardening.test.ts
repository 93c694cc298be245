import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { HostedRotation, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine,
  DatabaseTarget,
  GuardRail,
  HardenedSecret,
  Rotation,
  RotationTiming,
  SecretContent,
  SecretGrants,
  SecretHardening,
  SecretMetrics,
  SecretMonitoring,
  SecretsPlatform,
} from '../src';
import { bindingsIn } from './support/bindings-in';
import { isolatedVpc, only, personnelDatabase, testApp } from './support/scenario';

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
    BlockPublicPolicy: true,
    ResourcePolicy: Match.objectLike({ Statement: [Match.objectLike({ Sid: 'DenyInsecureTransport' })] }),
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
  expect(() => SecretHardening.fromSecret(creds.secret).addRotation(Rotation.alternatingUsers()))
    .toThrow('[Stack/Creds] the secret has a rotation already');
  const plain = new Secret(stack, 'Plain');
  expect(SecretHardening.fromSecret(plain)).toBe(SecretHardening.fromSecret(plain));
});

describe('a plain secret that is attached to a database', () => {
  const FLAG = '@aws-cdk/aws-secretsmanager:useAttachedSecretResourcePolicyForSecretTargetAttachments';
  const attachedIn = (stack: Stack) => {
    const secret = new Secret(stack, 'Creds');
    return { secret, attached: secret.attach(personnelDatabase(stack, isolatedVpc(stack))) };
  };

  test.each([true, false])('has one policy, and no public one, with the AWS CDK\'s own flag %s', (flag) => {
    const stack = stackOf();
    stack.node.setContext(FLAG, flag);
    const { secret, attached } = attachedIn(stack);
    SecretHardening.fromSecret(attached).addGuardRails([GuardRail.tlsOnly()]);
    SecretHardening.fromSecret(secret).addGuardRails([GuardRail.organization('o-a1b2c3d4e5')]);
    const { Properties } = only(Template.fromStack(stack), 'AWS::SecretsManager::ResourcePolicy').resource;
    expect(Properties).toMatchObject({ BlockPublicPolicy: true, SecretId: stack.resolve(secret.secretArn) });
    expect(Properties.ResourcePolicy.Statement).toHaveLength(2);
  });

  test('rotates once, after the attachment', () => {
    const stack = stackOf();
    const { secret, attached } = attachedIn(stack);
    SecretHardening.fromSecret(secret, { content }).addRotation(Rotation.regenerate());
    expect(() => SecretHardening.fromSecret(attached, { content }).addRotation(Rotation.regenerate()))
      .toThrow('[Stack/Creds] the secret has a rotation already');
    expect(only(Template.fromStack(stack), 'AWS::SecretsManager::RotationSchedule').resource.Properties.SecretId)
      .toEqual(stack.resolve(attached.secretArn));
  });

  test.each(['before', 'after'])('is refused a schedule of the AWS CDK, %s this one', (when) => {
    const stack = stackOf();
    const { secret, attached } = attachedIn(stack);
    const theirs = () =>
      attached.addRotationSchedule('RotationSchedule', { hostedRotation: HostedRotation.postgreSqlSingleUser() });
    if (when === 'before') {
      theirs();
    }
    SecretHardening.fromSecret(secret, { content }).addRotation(Rotation.regenerate());
    if (when === 'after') {
      theirs();
    }
    expect(() => Template.fromStack(stack)).toThrow('[Stack/Creds] the secret has another rotation schedule at '
      + "'Stack/Creds/Attachment/RotationSchedule/Resource', "
      + 'and Secrets Manager keeps one for each secret; keep one');
  });

  test('is granted with its key', () => {
    const stack = stackOf();
    const key = new Key(stack, 'Key');
    const attached = new Secret(stack, 'Creds', { encryptionKey: key }).attach(personnelDatabase(stack, isolatedVpc(stack)));
    SecretGrants.fromSecret(attached).read(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    const { Statement } = only(Template.fromStack(stack), 'AWS::IAM::Policy').resource.Properties.PolicyDocument;
    expect(Statement[0].Resource).toEqual(stack.resolve(attached.secretArn));
    expect(Statement[1]).toMatchObject({ Action: 'kms:Decrypt', Resource: stack.resolve(key.keyArn) });
  });
});

test('options that would be ignored are refused', () => {
  const stack = stackOf();
  const secret = new Secret(stack, 'Token');
  const hardening = SecretHardening.fromSecret(secret, { content });
  expect(SecretHardening.fromSecret(secret, { content })).toBe(hardening);
  expect(() => SecretHardening.fromSecret(secret, { content: SecretContent.generated() }))
    .toThrow('[Stack/Token] the secret is hardened already, and `content` would be ignored; give the options to the first '
      + 'SecretHardening.fromSecret()');
  expect(() =>
    SecretHardening.fromSecret(new HardenedSecret(stack, 'Hardened').secret, {
      platform: new SecretsPlatform(stack, 'Platform'),
    }),
  ).toThrow('[Stack/Hardened] the secret is hardened already, and `platform` would be ignored');
});

test.each([
  ['nothing', () => undefined],
  ['another construct', (stack: Stack) => new Topic(stack, 'Topic')],
])('a secret of another make that answers a statement with %s keeps its policy to itself', (_, policyDependable) => {
  const stack = stackOf();
  class OtherSecret extends Secret {
    addToResourcePolicy() {
      return { statementAdded: true, policyDependable: policyDependable(stack) };
    }
  }
  SecretHardening.fromSecret(new OtherSecret(stack, 'Token')).addGuardRails([GuardRail.tlsOnly()]);
  Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
});

test('no rails make no policy', () => {
  const stack = stackOf();
  SecretHardening.fromSecret(new Secret(stack, 'Token')).addGuardRails([]);
  Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
});

test('without content a rotation cannot know what to make', () => {
  const secret = new Secret(stackOf(), 'Token');
  expect(() => SecretHardening.fromSecret(secret).addRotation(Rotation.regenerate()))
    .toThrow('[Stack/Token] the content of the secret was not generated');
});

test('the key of the secret is used by the function, and expected by the audit', () => {
  const stack = stackOf();
  const key = new Key(stack, 'Key');
  SecretHardening.fromSecret(new Secret(stack, 'Token', { encryptionKey: key }), { content }).addRotation(Rotation.regenerate());
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: stack.resolve(key.keyArn) }),
      ]),
    },
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
  const [attachment] = Object.keys(template.findResources('AWS::SecretsManager::SecretTargetAttachment'))
    .filter((id) => id.startsWith('Creds'));
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { SecretId: { Ref: attachment } });
  expect(template.findResources('AWS::SecretsManager::Secret')[stack.resolve(secret.secretArn).Ref].Properties.Tags)
    .toHaveLength(1);
});

describe('rails that name who reads exempt', () => {
  /** The ARNs that may read, and a rail for any reader. */
  function exempt(stack: Stack, prefix: string): string {
    const policies = Object.entries(Template.fromStack(stack).findResources('AWS::SecretsManager::ResourcePolicy'))
      .filter(([id]) => id.startsWith(prefix));
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
    const superuser = new HardenedSecret(stack, 'Super', {
      guardRails,
      content: SecretContent.databaseCredentials({ username: 'boss' }),
      rotation: Rotation.none('test'),
    });
    const database = DatabaseTarget.of({
      engine: DatabaseEngine.POSTGRES,
      host: 'db.example.com',
      targetName: 'personnel',
      superuser: superuser.secret,
    });
    new HardenedSecret(stack, 'Creds', {
      content: SecretContent.databaseCredentials({ username: 'app', database }),
      rotation: Rotation.alternatingUsers(),
    });
    expect(exempt(stack, 'Super')).toMatch(/role\/reader.*role\/Stack-SecretsPlatform-[0-9A-F]{8}-postgres-[0-9a-f]{8}-/);
  });

  test('a function of the user\'s', () => {
    const stack = stackOf();
    const rotationFunction = new LambdaFunction(stack, 'Own', {
      code: Code.fromInline('x'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
    });
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
  test('tells each topic, with one rule', () => {
    const stack = stackOf();
    const hardening = SecretHardening.fromSecret(new Secret(stack, 'Token'), { content });
    const topics = ['A', 'B'].map((id) => new Topic(stack, id));
    hardening.addMonitoring(SecretMonitoring.rotationFailure({ topic: topics[0] }));
    hardening.addRotation(Rotation.regenerate());
    hardening.addMonitoring(SecretMonitoring.rotationFailure({ topic: topics[1] }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::Rule', 1);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: topics.map(({ topicArn }) => stack.resolve(topicArn)),
    });
  });

  test('tells a topic once, however often it is given', () => {
    const stack = stackOf();
    const monitoring = SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'Topic') });
    const hardening = SecretHardening.fromSecret(new Secret(stack, 'Token'), { content });
    hardening.addMonitoring(monitoring);
    hardening.addMonitoring(monitoring);
    hardening.addRotation(Rotation.regenerate());
    hardening.addMonitoring(monitoring);
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 1);
  });

  test.each<[string, (stack: Stack, monitoring: SecretMonitoring) => unknown]>([
    [
      'an imported secret',
      (stack, monitoring) =>
        SecretHardening.fromSecret(Secret.fromSecretNameV2(stack, 'Secret', 'one')).addMonitoring(monitoring),
    ],
    ['a secret that another construct rotates', (stack, monitoring) => {
      const secret = new Secret(stack, 'Secret');
      secret.addRotationSchedule('Schedule', { hostedRotation: HostedRotation.postgreSqlSingleUser() });
      SecretHardening.fromSecret(secret).addMonitoring(monitoring);
    }],
    [
      'a secret that does not rotate',
      (stack, monitoring) => new HardenedSecret(stack, 'Secret', { monitoring, rotation: Rotation.none('test') }),
    ],
  ])('with a topic is refused for %s', (_, act) => {
    const stack = stackOf();
    act(stack, SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'Topic') }));
    expect(() => Template.fromStack(stack)).toThrow('[Stack/Secret] the topic \'Stack/Topic\' would never be notified, '
      + 'for no rotation of this library rotates the secret; add one, or leave the topic out');
  });

  test('with the topic of a platform is right for secrets that do not rotate', () => {
    const stack = stackOf();
    const platform = new SecretsPlatform(stack, 'Platform', {
      defaults: { monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'Topic') }) },
    });
    new HardenedSecret(stack, 'Still', { platform, rotation: Rotation.none('test') });
    new HardenedSecret(stack, 'Rotated', { platform, rotation: Rotation.regenerate() });
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 1);
  });

  describe('may be left out before or after the rotation is added', () => {
    const templateOf = (order: ('monitoring' | 'rotation')[], others: string[] = []) => {
      const stack = stackOf();
      const hardened = (id: string) => SecretHardening.fromSecret(new Secret(stack, id), { content });
      const hardening = hardened('Unwatched');
      const act = {
        monitoring: () => hardening.addMonitoring(SecretMonitoring.none('test data')),
        rotation: () => hardening.addRotation(Rotation.regenerate()),
      };
      order.forEach((step) => act[step]());
      others.forEach((id) => hardened(id).addRotation(Rotation.regenerate()));
      return Template.fromStack(stack);
    };

    test.each([[[]], [['Watched']]])('with the same template, beside %j', (others) => {
      const [before, after] = [templateOf(['monitoring', 'rotation'], others), templateOf(['rotation', 'monitoring'], others)];
      expect(after.toJSON()).toEqual(before.toJSON());
    });

    test('so that there is no audit where it would expect nothing', () => {
      const template = templateOf(['rotation', 'monitoring']);
      template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
      template.resourceCountIs('AWS::Scheduler::Schedule', 0);
      template.resourceCountIs('AWS::IAM::Role', 1);
    });

    test('so that the audit expects the others only', () => {
      const [{ Properties }] = Object.values(
        templateOf(['rotation', 'monitoring'], ['Watched']).findResources('AWS::Scheduler::Schedule'),
      );
      const input = JSON.stringify(Properties.Target.Input);
      expect(input).toContain('"Watched');
      expect(input).not.toContain('Unwatched');
    });
  });

  test('says nothing twice', () => {
    const stack = stackOf();
    const hardening = SecretHardening.fromSecret(new Secret(stack, 'Token'), { content });
    hardening.addRotation(Rotation.regenerate());
    hardening.addMonitoring(SecretMonitoring.rotationFailure());
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 0);
  });
});

test.each<[string, RotationTiming | undefined, boolean]>([
  ['unless it is told otherwise', undefined, false],
  ['unless its timing says so', RotationTiming.every(Duration.days(7)), false],
  ['but at once where it shall', RotationTiming.every(Duration.days(7), { rotateImmediately: true }), true],
])('a secret that is adopted waits for its first rotation %s', (_, timing, rotateImmediately) => {
  const stack = new Stack(testApp(), 'Stack');
  SecretHardening.fromSecret(new Secret(stack, 'Plain'), { content: SecretContent.generated() })
    .addRotation(Rotation.regenerate({ timing }));
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotateImmediatelyOnUpdate: rotateImmediately,
  });
});

test('a plain secret with a name rotates with a platform of another stack, which knows it by that name', () => {
  const app = testApp();
  const home = new Stack(app, 'Platform');
  const [named, unnamed] = ['team/plain', undefined].map((secretName, i) => SecretHardening.fromSecret(
    new Secret(new Stack(app, `Stack${i}`), 'Plain', { secretName }),
    { content, platform: i === 0 ? new SecretsPlatform(home, 'A') : new SecretsPlatform(home, 'B') },
  ));
  expect(() => unnamed.addRotation(Rotation.regenerate()))
    .toThrow('the secret is in another stack than its platform and has no fixed name');
  named.addRotation(Rotation.regenerate());
  app.synth();
  const { Variables } = only(Template.fromStack(home), 'AWS::Lambda::Function').resource.Properties.Environment;
  expect(bindingsIn(Variables.ROTATION_BINDINGS))
    .toEqual([{ secret: 'team/plain', password: { length: 32, excludeCharacters: '' } }]);
});
