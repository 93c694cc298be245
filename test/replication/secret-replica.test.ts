import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Aws, CfnParameter, type Environment, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { deployAfter } from '../../src/core/stack-order';
import { SecretEncryption } from '../../src/encryption/secret-encryption';
import { bindReplicas, type ReplicaConfig, replicaSecret, SecretReplica } from '../../src/replication/secret-replica';
import { messageOf } from '../support/scenario';

const ACCOUNT = '111111111111';
const PRIMARY = { account: ACCOUNT, region: 'us-east-1' };
const platformOf = (scope: IConstruct, platformName = 'payments') => ({ platformName, platform: Stack.of(scope) });

function replicate(scope: Construct, id: string, replicas: SecretReplica[], platformName = 'payments'): ReplicaConfig[] {
  const secret = new Construct(scope, id);
  const configs = bindReplicas(secret, replicas, platformOf(scope, platformName));
  new CfnSecret(secret, 'Resource', { replicaRegions: configs.map(({ region, kmsKeyId }) => ({ region, kmsKeyId })) });
  return configs;
}

function setUp(env: Environment = PRIMARY) {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env });
  return { app, stack };
}

function elsewhere(app: App, region = 'eu-west-1', account = ACCOUNT): Stack {
  return new Stack(app, `In-${region}`, { env: { account, region } });
}

function statementsOf(stack: Stack): object[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policy.Properties.PolicyDocument.Statement;
}

describe('SecretReplica', () => {
  test('has a key of the platform in its Region, known to the secret by its alias', () => {
    const { app, stack } = setUp();
    const [{ stack: support, ...config }] = replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1')]);
    expect(support).toBe(app.node.findChild('payments-eu-west-1'));
    expect(config).toMatchObject({ region: 'eu-west-1', kmsKeyId: 'alias/payments', aliasName: 'alias/payments' });
    expect(Stack.of(config.key!)).toBe(support);
    Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', {
      ReplicaRegions: [{ Region: 'eu-west-1', KmsKeyId: 'alias/payments' }],
    });
    const template = Template.fromStack(support!);
    template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: Match.stringLikeRegexp('^Retain'),
      UpdateReplacePolicy: 'Retain',
      Properties: Match.objectLike({ EnableKeyRotation: true }),
    });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/payments' });
  });

  test('leaves the use of its key to IAM through Secrets Manager in its own Region', () => {
    const { stack } = setUp();
    const [{ stack: support }] = replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1')]);
    Template.fromStack(support!).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Condition: {
            StringEquals: { 'kms:CallerAccount': ACCOUNT, 'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'] },
          },
        })]),
      },
    });
  });

  test('needs no reference across Regions: no custom resource, no export, no output', () => {
    const { app, stack } = setUp();
    replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1'), SecretReplica.inRegion('ap-southeast-2')]);
    for (const { template } of app.synth().stacks) {
      expect(
        Object.values<{ Type: string }>(template.Resources)
          .map(({ Type }) => Type)
          .filter((type) => type.startsWith('Custom::')),
      ).toEqual([]);
      expect(template.Outputs).toBeUndefined();
      expect(JSON.stringify(template)).not.toContain('Fn::ImportValue');
    }
  });

  test('waits for its key', () => {
    const { app, stack } = setUp();
    replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1')]);
    const assembly = app.synth();
    expect(assembly.stacks.map(({ id }) => id)).toEqual(['payments-eu-west-1', 'Stack']);
    expect(assembly.getStackByName('Stack').dependencies.map(({ id }) => id)).toContain('payments-eu-west-1');
  });

  test('shares the key with all secrets of the platform, of whatever stack', () => {
    const { app, stack } = setUp();
    const other = new Stack(app, 'Other', { env: PRIMARY });
    const configs = [
      ...replicate(stack, 'First', [SecretReplica.inRegion('eu-west-1')]),
      ...replicate(stack, 'Second', [SecretReplica.inRegion('eu-west-1', { encryption: SecretEncryption.sharedKey() })]),
      ...replicate(other, 'Third', [SecretReplica.inRegion('eu-west-1')]),
    ];
    expect(new Set(configs.map(({ key }) => key)).size).toBe(1);
    Template.fromStack(configs[0].stack!).resourceCountIs('AWS::KMS::Key', 1);
    expect(app.synth().getStackByName('Other').dependencies.map(({ id }) => id)).toContain('payments-eu-west-1');
  });

  test('has another key for each platform and each Region', () => {
    const { app, stack } = setUp();
    replicate(stack, 'First', [SecretReplica.inRegion('eu-west-1'), SecretReplica.inRegion('eu-central-1')]);
    replicate(stack, 'Second', [SecretReplica.inRegion('eu-west-1')], 'orders');
    expect(app.node.children.map(({ node }) => node.id))
      .toEqual(['Stack', 'payments-eu-west-1', 'payments-eu-central-1', 'orders-eu-west-1']);
  });

  test('works with a platform in another stack, two stages and a reader in the replica\'s Region, without a circle', () => {
    const app = new App();
    for (const name of ['Beta', 'Prod']) {
      const stage = new Stage(app, name, { env: PRIMARY });
      const platform = new Construct(new Stack(stage, 'Platform'), 'Secrets');
      const primary = new Stack(stage, 'Orders');
      deployAfter(primary, Stack.of(platform));
      const [config] = replicate(primary, 'Secret', [SecretReplica.inRegion('eu-west-1')], `${name}-Platform-Secrets`);
      const reader = new Stack(stage, 'Reader', { env: { account: ACCOUNT, region: 'eu-west-1' } });
      replicaSecret(new Construct(primary, 'Replicas'), config, 'orders/db')
        .grantRead(new Role(reader, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
      expect(stage.node.tryFindChild(`${name}-Platform-Secrets-eu-west-1`)).toBe(config.stack);
    }
    const assembly = app.synth();
    for (const name of ['Beta', 'Prod']) {
      const stacks = assembly.getNestedAssembly(`assembly-${name}`).stacks;
      expect(new Set(stacks.map(({ stackName }) => stackName)))
        .toEqual(new Set([`${name}-Platform-Secrets-eu-west-1`, `${name}-Orders`, `${name}-Platform`, `${name}-Reader`]));
      expect(JSON.stringify(stacks.map(({ template }) => template))).not.toContain('Fn::ImportValue');
    }
  });

  test('has the same logical ids for ever', () => {
    const { stack } = setUp();
    const [{ stack: support }] = replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1')]);
    const { Resources } = Template.fromStack(support!).toJSON();
    expect(Object.keys(Resources)).toEqual(['ReplicaKey4DE8F013', 'ReplicaKeyAliasED123300']);
  });

  test('takes a stack for its key', () => {
    const { app, stack } = setUp();
    const keys = elsewhere(app);
    const [config] = replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1', { stack: keys })]);
    expect(config.stack).toBe(keys);
    expect(app.node.children).toHaveLength(2);
    Template.fromStack(keys).hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/payments' });
    expect(app.synth().getStackByName('Stack').dependencies.map(({ id }) => id)).toContain('In-eu-west-1');
  });

  test('takes the AWS managed key of its Region, and makes nothing there', () => {
    const { app, stack } = setUp();
    expect(replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1', { encryption: SecretEncryption.awsManagedKey() })]))
      .toEqual([{ region: 'eu-west-1' }]);
    expect(app.node.children).toEqual([stack]);
    Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', {
      ReplicaRegions: [{ Region: 'eu-west-1', KmsKeyId: Match.absent() }],
    });
  });

  test.each([
    [
      'ARN',
      (stack: Stack) => Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/abc`),
      { kmsKeyId: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/abc` },
    ],
    [
      'ARN that a parameter holds',
      (stack: Stack) => Key.fromKeyArn(stack, 'Key', new CfnParameter(stack, 'Arn').valueAsString),
      { kmsKeyId: expect.stringContaining('Token') },
    ],
    [
      'alias imported in a stack of the Region',
      (_: Stack, there: Stack) => Alias.fromAliasName(there, 'Key', 'alias/mine'),
      { kmsKeyId: 'alias/mine', aliasName: 'alias/mine' },
    ],
    [
      'Alias of a stack of the Region',
      (_: Stack, there: Stack) => new Alias(there, 'Key', { aliasName: 'alias/mine', targetKey: new Key(there, 'Target') }),
      { kmsKeyId: 'alias/mine', aliasName: 'alias/mine' },
    ],
    [
      'alias that a key of a stack of the Region has',
      (_: Stack, there: Stack) => new Key(there, 'Key', { alias: 'mine' }),
      { kmsKeyId: 'alias/mine', aliasName: 'alias/mine' },
    ],
    [
      "ARN of another account's key",
      (stack: Stack) => Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:222222222222:key/abc'),
      { kmsKeyId: 'arn:aws:kms:eu-west-1:222222222222:key/abc' },
    ],
  ])('takes an existing key by %s', (_, keyOf, expected) => {
    const { app, stack } = setUp();
    const key = keyOf(stack, elsewhere(app));
    const configs = replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1', { encryption: SecretEncryption.key(key) })]);
    expect(configs).toEqual([{ region: 'eu-west-1', key, ...expected }]);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('ExportsReader');
  });

  test.each<[string, (there: Stack) => IKey, string[]]>([
    ['waits for a key of the app', (there) => new Key(there, 'Key', { alias: 'mine' }), ['In-eu-west-1']],
    ['does not wait for an imported key', (there) => Alias.fromAliasName(there, 'Key', 'alias/mine'), []],
  ])('%s', (_, keyOf, stacks) => {
    const { app, stack } = setUp();
    replicate(stack, 'Secret', [
      SecretReplica.inRegion('eu-west-1', { encryption: SecretEncryption.key(keyOf(elsewhere(app))) }),
    ]);
    expect(stack.dependencies.map(({ stackName }) => stackName)).toEqual(stacks);
  });

  test('serves a secret in a nested stack', () => {
    const { app, stack } = setUp();
    const [{ stack: support }] = replicate(new NestedStack(stack, 'Nested'), 'Secret', [SecretReplica.inRegion('eu-west-1')]);
    expect(support!.node.scope).toBe(app);
    expect(app.synth().getStackByName('Stack').dependencies.map(({ id }) => id)).toContain('payments-eu-west-1');
  });

  test('works where the account is not known', () => {
    const { app, stack } = setUp({ region: 'us-east-1' });
    const [{ stack: support }] = replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1')]);
    Template.fromStack(support!).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Condition: { StringEquals: Match.objectLike({ 'kms:CallerAccount': { Ref: 'AWS::AccountId' } }) } }),
        ]),
      },
    });
    expect(app.synth().getStackByName('payments-eu-west-1').environment.name).toBe('aws://unknown-account/eu-west-1');
  });

  test.each([
    ['cn-north-1', 'cn-northwest-1'],
    ['us-gov-west-1', 'us-gov-east-1'],
    ['us-east-1', 'us-nowhere-9'],
  ])('works from %s to %s', (region, other) => {
    const { stack } = setUp({ account: ACCOUNT, region });
    expect(replicate(stack, 'Secret', [SecretReplica.inRegion(other)])).toEqual([expect.objectContaining({ region: other })]);
  });

  test('is nothing where there is none', () => {
    const { stack } = setUp({});
    expect(bindReplicas(stack, [], platformOf(stack))).toEqual([]);
  });
});

describe('refused', () => {
  const given = 'SecretReplica.inRegion(region)';
  const asText = 'allowed: the name of a Region as text; write it as in \'eu-west-1\'';
  const existing = (arn: string) => (stack: Stack) => [
    SecretReplica.inRegion('eu-west-1', { encryption: SecretEncryption.key(Key.fromKeyArn(stack, 'Key', arn)) }),
  ];
  const inStack = (of: (stack: Stack) => Stack) => (stack: Stack) => [SecretReplica.inRegion('eu-west-1', { stack: of(stack) })];
  const stackRule = "allowed: a stack whose Region is known to be 'eu-west-1', in the account and the stage of 'Stack'; give "
    + 'that stack an `env` with account and Region';

  test.each<[string, (stack: Stack) => SecretReplica[], string]>([
    ['an empty name', () => [SecretReplica.inRegion('')], `\`${given}\` is "", ${asText}`],
    ['an availability zone', () => [SecretReplica.inRegion('eu-west-1a')], `\`${given}\` is "eu-west-1a", ${asText}`],
    ['a display name', () => [SecretReplica.inRegion('Ireland')], `\`${given}\` is "Ireland", ${asText}`],
    ['capitals', () => [SecretReplica.inRegion('EU-WEST-1')], `\`${given}\` is "EU-WEST-1", ${asText}`],
    ['a token', () => [SecretReplica.inRegion(Token.asString({ Ref: 'Region' }))], asText],
    ['its own Region', () => [SecretReplica.inRegion('us-east-1')],
      `\`${given}\` is "us-east-1", allowed: another Region than the secret's own, 'us-east-1'; leave it out: the secret is `
        + 'there already'],
    ['China', () => [SecretReplica.inRegion('cn-north-1')],
      `\`${given}\` is "cn-north-1", allowed: a Region of the partition 'aws', where the secret is: 'cn-north-1' is in 'aws-cn'; `
        + 'use a secret of its own in that partition'],
    ['GovCloud', () => [SecretReplica.inRegion('us-gov-west-1')], '\'us-gov-west-1\' is in \'aws-us-gov\''],
    [
      'a Region twice',
      () => [SecretReplica.inRegion('eu-west-1'), SecretReplica.inRegion('eu-central-1'), SecretReplica.inRegion('eu-west-1')],
      "`replicas[0]` and `replicas[2]` are both in 'eu-west-1'; name each Region once",
    ],
    ['a key of another Region', existing(`arn:aws:kms:eu-central-1:${ACCOUNT}:key/abc`),
      "`SecretReplica.inRegion('eu-west-1').encryption` is 'Stack/Key', allowed: a key in 'eu-west-1'; this one is in "
        + "'eu-central-1'; import the key by an ARN of 'eu-west-1'"],
    [
      "a key of the secret's own Region",
      (stack) => [SecretReplica.inRegion('eu-west-1', { encryption: SecretEncryption.key(new Key(stack, 'Key')) })],
      "a key in 'eu-west-1'; this one is in 'us-east-1'",
    ],
    [
      'a key of another stack without a name',
      (stack) => [
        SecretReplica.inRegion('eu-west-1', {
          encryption: SecretEncryption.key(new Key(elsewhere(stack.node.root as App), 'Key')),
        }),
      ],
      "`SecretReplica.inRegion('eu-west-1').encryption` 'In-eu-west-1/Key' is in another stack and has no fixed name, and a "
        + 'secret cannot refer across Regions; give the key an `alias`, or import it by its ARN: Key.fromKeyArn()',
    ],
    ['another account\'s alias', (stack) => {
      const there = elsewhere(stack.node.root as App, 'eu-west-1', '222222222222');
      return [
        SecretReplica.inRegion('eu-west-1', {
          encryption: SecretEncryption.key(
            new Alias(there, 'Alias', { aliasName: 'alias/mine', targetKey: new Key(there, 'Key') }),
          ),
        }),
      ];
    }, 'import it by its ARN: Key.fromKeyArn()'],
    ['a stack of another Region', inStack((stack) => elsewhere(stack.node.root as App, 'eu-central-1')),
      `\`SecretReplica.inRegion('eu-west-1').stack\` is 'In-eu-central-1', ${stackRule}`],
    ['a stack of another account', inStack((stack) => elsewhere(stack.node.root as App, 'eu-west-1', '222222222222')), stackRule],
    ['a stack of an unknown Region', inStack((stack) => new Stack(stack.node.root as App, 'Unknown')), stackRule],
    [
      'a stack of another stage',
      inStack(
        (stack) =>
          new Stack(new Stage(stack.node.root as App, 'Stage'), 'Keys', { env: { account: ACCOUNT, region: 'eu-west-1' } }),
      ),
      stackRule,
    ],
    [
      'a stack where nothing is made',
      (stack) => [
        SecretReplica.inRegion('eu-west-1', {
          encryption: SecretEncryption.awsManagedKey(),
          stack: elsewhere(stack.node.root as App),
        }),
      ],
      "`SecretReplica.inRegion('eu-west-1').stack` is 'In-eu-west-1', allowed: not given where the key is an existing one: "
        + 'nothing is made there; leave it out',
    ],
  ])('%s', (_, replicasOf, message) => {
    const { stack } = setUp();
    const [scope, replicas] = [new Construct(stack, 'Secret'), replicasOf(stack)];
    const refused = () => bindReplicas(scope, replicas, platformOf(stack));
    expect(refused).toThrow(message);
    expect(refused).toThrow('[Stack/Secret] ');
  });

  test.each([{}, { account: ACCOUNT }])('a secret whose Region is not known: %j', (env) => {
    const { stack } = setUp(env);
    expect(() =>
      bindReplicas(
        stack,
        [SecretReplica.inRegion('eu-west-1', { encryption: SecretEncryption.awsManagedKey() })],
        platformOf(stack),
      ),
    ).toThrow(
      "[Stack] a replica in 'eu-west-1' cannot be distinguished from the secret itself: the Region of the stack 'Stack' is "
        + 'not known at synthesis; give the stack an `env` with its `region`, or leave `replicas` out',
    );
  });
});

describe('replicaSecret', () => {
  const ARN = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:orders/db`;

  function inReplicaRegion(encryption?: SecretEncryption) {
    const { app, stack } = setUp();
    const scope = new Construct(stack, 'Secret');
    const [config] = bindReplicas(scope, [SecretReplica.inRegion('eu-west-1', { encryption })], platformOf(stack));
    const reader = elsewhere(app);
    return {
      app,
      stack,
      secret: replicaSecret(scope, config, 'orders/db'),
      reader,
      role: new Role(reader, 'Role', { assumedBy: new ServicePrincipal('ecs.amazonaws.com') }),
    };
  }

  test('knows the secret by name', () => {
    const { reader, secret } = inReplicaRegion();
    expect(secret.secretName).toBe('orders/db');
    expect(reader.resolve(secret.secretArn))
      .toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ARN.slice('arn:aws'.length)]] });
    expect(secret.env.region).toBe('eu-west-1');
  });

  test('grants reading with the key, by names only', () => {
    const { app, secret, reader, role } = inReplicaRegion();
    const pattern = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `${ARN.slice('arn:aws'.length)}-??????`]] };
    secret.grantRead(role).assertSuccess();
    expect(statementsOf(reader)).toEqual([
      { Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], Effect: 'Allow', Resource: pattern },
      {
        Action: 'kms:Decrypt',
        Effect: 'Allow',
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:kms:eu-west-1:${ACCOUNT}:key/*`]] },
        Condition: {
          'StringEquals': { 'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'] },
          'StringLike': { 'kms:EncryptionContext:SecretARN': pattern },
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/payments'] },
        },
      },
    ]);
    expect(JSON.stringify(app.synth().stacks.map(({ template }) => template))).not.toMatch(/ImportValue|ExportsReader/);
  });

  test('limits reading to version stages', () => {
    const { secret, reader, role } = inReplicaRegion();
    secret.grantRead(role, ['AWSCURRENT']);
    expect(statementsOf(reader)).toContainEqual(
      expect.objectContaining({ Condition: { 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': ['AWSCURRENT'] } } }),
    );
  });

  test('grants no key where the AWS managed key encrypts', () => {
    const { secret, reader, role } = inReplicaRegion(SecretEncryption.awsManagedKey());
    secret.grantRead(role);
    expect(statementsOf(reader)).toHaveLength(1);
  });

  test.each([
    ['aws', 'us-east-1', 'eu-west-1'],
    ['aws-cn', 'cn-north-1', 'cn-northwest-1'],
    ['aws-us-gov', 'us-gov-west-1', 'us-gov-east-1'],
  ])('writes ARNs of the partition %s', (partition, region, other) => {
    const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region } });
    const [config] = replicate(stack, 'Secret', [SecretReplica.inRegion(other)]);
    expect(replicaSecret(stack, config, 'name').secretArn)
      .toBe(`arn:${partition}:secretsmanager:${other}:${ACCOUNT}:secret:name`);
  });

  test.each<[string, string | undefined, string]>([
    ['no name', undefined, '`secretName` is not given'],
    ['a name that only the deployment knows', Token.asString({ Ref: 'Name' }), '`secretName` is "${Token['],
  ])('refuses %s', (_, name, message) => {
    const { stack } = setUp();
    const refused = () => replicaSecret(stack, { region: 'eu-west-1' }, name);
    expect(refused).toThrow(`[Stack] ${message}`);
    expect(refused).toThrow(
      "allowed: a fixed name where the replica in 'eu-west-1' is read by stacks of its Region; give the secret a `secretName`",
    );
  });

  test.each<[string, (given: ReturnType<typeof inReplicaRegion>) => void]>([
    ['writing', ({ secret, role }) => secret.grantWrite(role)],
    ['rotation', ({ secret }) => secret.addRotationSchedule('Rotation', {})],
    ['attaching', ({ secret }) => secret.attach({ asSecretAttachmentTarget: () => { throw new Error('reached'); } })],
  ])('refuses %s', (_, act) => {
    expect(() => act(inReplicaRegion())).toThrow('[Stack/Secret/Replica-eu-west-1] a replica is read-only: values and rotation '
      + 'come from the primary; use the primary secret');
  });

  test('does not take a statement for the resource policy', () => {
    const { secret } = inReplicaRegion();
    expect(secret.addToResourcePolicy(undefined!).statementAdded).toBe(false);
  });
});

test('needs a name of the platform that is known, for the alias of its key', () => {
  const { stack } = setUp();
  const message = messageOf(() => replicate(stack, 'Secret', [SecretReplica.inRegion('eu-west-1')], Aws.STACK_NAME));
  expect(message).toBe(`[Stack/Secret] \`platformName\` is ${JSON.stringify(Aws.STACK_NAME)}, allowed: text, where a secret has a `
    + "replica in 'eu-west-1'; the name of the key there begins with it; the name of a stack is Stack.of(this).stackName");
});
