import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ArnPrincipal, type IGrantable, PrincipalWithConditions, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, Aws, Lazy, Stack, Stage } from 'aws-cdk-lib/core';
import { HardenedSecret, type HardenedSecretProps, Rotation, SecretEncryption, SecretReplica, SecretsPlatform } from '../src';
import { attachedPolicies, type DeployedStatement } from './support/attached-policies';
import { messageOf, testApp } from './support/scenario';

const env = { account: '111111111111', region: 'eu-west-1' };
const ARN = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:';
let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = new Stack(app, 'Stack', { env });
});

const platformOf = (secretNamePrefix?: string, scope: Stack | Stage = stack, id = 'Platform') =>
  new SecretsPlatform(scope, id, { secretNamePrefix });
const secretOf = (platform: SecretsPlatform | undefined, secretName: string, props: HardenedSecretProps = {}, scope = stack) =>
  new HardenedSecret(scope, `Secret-${secretName.replace(/\W/g, '-')}`, {
    platform, secretName, rotation: Rotation.none('test'), ...props,
  });
const role = (scope = stack, id = 'Reader') => new Role(scope, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
const statementsIn = (scope: Stack) => attachedPolicies(Template.fromStack(scope)).flatMap(({ statements }) => statements);
const contexts = ({ Condition }: DeployedStatement) => Condition?.StringLike?.['kms:EncryptionContext:SecretARN'];

/** As IAM compares an ARN with a pattern. */
const fits = (pattern: string, arn: string) =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(arn);

describe('a grant on all secrets of a platform', () => {
  test.each([
    ['before', 1], ['after', 1], ['before', 100], ['after', 100],
  ])('is two statements, made %s %d secrets', (when, count) => {
    const platform = platformOf('prod');
    const reader = role();
    if (when === 'before') {
      platform.grants.read(reader);
    }
    Array.from({ length: count }, (_, i) => secretOf(platform, `prod/team/secret-${i}`));
    if (when === 'after') {
      platform.grants.read(reader);
    }
    expect(statementsIn(stack)).toEqual([
      {
        Effect: 'Allow',
        Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
        Resource: `${ARN}prod/*`,
      },
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: expect.stringContaining(':key/'),
        Condition: {
          StringEquals: { 'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'] },
          StringLike: { 'kms:EncryptionContext:SecretARN': `${ARN}prod/*` },
        },
      },
    ]);
  });

  test('reaches its secrets, and none beside them', () => {
    const [platform, other] = [platformOf('prod'), platformOf('production', stack, 'Other')];
    secretOf(platform, 'prod/eu/orders');
    secretOf(other, 'production/orders');
    platform.grants.read(role());
    const [read, decrypt] = statementsIn(stack);
    const patterns = [read.Resource, contexts(decrypt)] as string[];
    const reaches = (name: string) => patterns.map((pattern) => fits(pattern, `${ARN}${name}-AbCdEf`));
    expect(['prod/eu/orders', 'prod/a'].map(reaches)).toEqual([[true, true], [true, true]]);
    for (const name of ['production/orders', 'prod', 'prod-orders', 'prods/a', 'team/prod/a', 'PROD/a', 'preprod/a']) {
      expect([name, ...reaches(name)]).toEqual([name, false, false]);
    }
    expect(fits(patterns[0], 'arn:aws:secretsmanager:eu-west-1:222222222222:secret:prod/a-AbCdEf')).toBe(false);
    expect(fits(patterns[0], 'arn:aws:secretsmanager:us-east-1:111111111111:secret:prod/a-AbCdEf')).toBe(false);
  });

  test('goes to another stack by name and alias, exports nothing, and has it deployed later', () => {
    const platform = platformOf('prod');
    const [secrets, readers] = ['Secrets', 'Readers'].map((name) => new Stack(app, name, { env }));
    platform.grants.read(role(readers));
    secretOf(platform, 'prod/one', {}, secrets);
    secretOf(platform, 'prod/two', {}, secrets);
    app.synth();
    expect([stack, secrets].flatMap((some) => Object.keys(Template.fromStack(some).findOutputs('*')))).toEqual([]);
    expect(statementsIn(readers).map(({ Resource, Condition }) => [Resource, Condition?.['ForAnyValue:StringEquals']])).toEqual([
      [`${ARN}prod/*`, undefined],
      ['arn:aws:kms:eu-west-1:111111111111:key/*', { 'kms:ResourceAliases': [`alias/${platform.platformName}`] }],
    ]);
    expect(readers.dependencies).toContain(secrets);
  });

  test('to read in batches is a statement more', () => {
    const platform = platformOf('prod');
    secretOf(platform, 'prod/one');
    platform.grants.batchRead(role());
    expect(statementsIn(stack).map(({ Action, Resource }) => [[Action].flat().at(-1), Resource])).toEqual([
      ['secretsmanager:GetSecretValue', `${ARN}prod/*`], ['kms:Decrypt', expect.anything()],
      ['secretsmanager:BatchGetSecretValue', '*'],
    ]);
  });

  test('is made once', () => {
    const platform = platformOf('prod');
    const reader = role();
    platform.grants.read(reader);
    secretOf(platform, 'prod/one').grants.read(reader);
    platform.grants.read(reader);
    expect(statementsIn(stack).map(({ Resource }) => [Resource].flat().length)).toEqual([2, 1]);
  });

  test.each(['before', 'after'])('is about each key, made %s the secrets', (when) => {
    const platform = platformOf('prod');
    const reader = role();
    const given = new Key(stack, 'Given');
    const make = () => {
      secretOf(platform, 'prod/shared');
      secretOf(platform, 'prod/own', { encryption: SecretEncryption.ownKey() });
      ['prod/a', 'prod/b'].forEach((name) => secretOf(platform, name, { encryption: SecretEncryption.key(given) }));
      secretOf(platform, 'prod/aws', { encryption: SecretEncryption.awsManagedKey() });
    };
    const steps = [make, () => platform.grants.read(reader)];
    (when === 'after' ? steps : steps.reverse()).forEach((step) => step());
    const decrypts = statementsIn(stack).filter(({ Action }) => Action === 'kms:Decrypt');
    expect(decrypts.map(contexts)).toEqual([`${ARN}prod/*`]);
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(new Set(JSON.stringify(policies).match(/"[^"]*Key[^"]*","Arn"|"Given[^"]*","Arn"/g)).size).toBe(3);
  });

  test('goes to a role on conditions, which are those of its use elsewhere', () => {
    const reader = new PrincipalWithConditions(role(), { Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
    const platform = platformOf('prod');
    secretOf(platform, 'prod/one');
    platform.grants.read(reader);
    expect(statementsIn(stack)).toHaveLength(2);
  });

  test('makes no key', () => {
    platformOf('prod').grants.read(role());
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
  });

  test('warns of a reader without a way to Secrets Manager', () => {
    const vpc = new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] });
    platformOf('prod').grants.read(new LambdaFunction(stack, 'Reader', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('0'),
      vpc,
      vpcSubnets: { subnets: vpc.isolatedSubnets },
    }));
    Annotations.fromStack(stack).hasWarning('*',
      Match.stringLikeRegexp("'Stack/Reader' reads secrets of 'Stack/Platform' from the isolated subnet"));
  });

  test.each<[string, () => IGrantable]>([
    ['of another account that the app knows', () => role(new Stack(app, 'Other', { env: { ...env, account: '222222222222' } }))],
    ['of another account', () => new ArnPrincipal('arn:aws:iam::222222222222:role/reader')],
    ['of an account that is not known', () => role(new Stack(app, 'Anywhere'))],
    ['that takes no policy here', () => new ArnPrincipal('arn:aws:iam::111111111111:role/reader')],
    ['that takes no policy at all', () => Role.fromRoleName(stack, 'Imported', 'existing', { mutable: false })],
    ['that is a service', () => new ServicePrincipal('ec2.amazonaws.com')],
    ['that is not known', () =>
      LambdaFunction.fromFunctionArn(stack, 'Imported', 'arn:aws:lambda:eu-west-1:111111111111:function:reader')],
  ])('is refused to a principal %s', (_, make) => {
    const { grants } = platformOf('prod');
    expect(() => grants.read(make())).toThrow(/^\[Stack\/Platform\] a grant to read all secrets to '.*' would have no effect: /);
  });

  test('is refused to everybody', () => {
    expect(() => platformOf('prod').grants.read({ grantPrincipal: new ArnPrincipal('*') })).toThrow('would have no effect');
    expect(() => platformOf('a').grants.read(undefined as never)).toThrow();
  });

  test('is refused without a prefix', () => {
    const { grants } = platformOf();
    expect(messageOf(() => grants.read(role()))).toBe('[Stack/Platform] `secretNamePrefix` is not given, allowed: what the names '
      + 'of all secrets of the platform begin with; give the platform one, or grant on each secret: secret.grants.read()');
  });
});

describe('the prefix of a platform', () => {
  test.each([
    '', '/', 'prod/', '/prod', 'prod//eu', 'prod*', 'prod?', 'p rod', 'a'.repeat(257), Aws.STACK_NAME,
  ])('is not %p', (prefix) => {
    const message = messageOf(() => platformOf(prefix));
    expect(message).toContain(`[Stack/Platform] \`secretNamePrefix\` is "${prefix}", allowed: 1 to 256 letters, digits and _+=.@-, `);
    expect(message).toContain("; choose such a prefix, 'prod' for example");
  });

  test.each(['prod', 'prod/eu', 'a', 'Team_1+=.@-/x', 'a'.repeat(256)])('is %p', (prefix) => {
    expect(platformOf(prefix).secretNamePrefix).toBe(prefix);
  });

  test.each([
    ['prod', 'prod'], ['prod', 'prod/eu'], ['prod/eu', 'prod'], ['prod/eu/west', 'prod'], ['prod', 'prod/eu/west'],
  ])('%p is not beside %p', (one, other) => {
    platformOf(one);
    const message = messageOf(() => platformOf(other, stack, 'Other'));
    expect(message).toContain(`[Stack/Other] \`secretNamePrefix\` is '${other}', and names of the platform 'Stack/Platform' begin`);
  });

  test.each([['prod', 'production'], ['prod/eu', 'prod/us'], ['prod/eu', 'prod/eu-west'], ['prod', 'Prod'], ['a/prod', 'prod']])(
    '%p may be beside %p', (one, other) => {
      platformOf(one);
      platformOf(other, stack, 'Other');
      expect(() => app.synth()).not.toThrow();
    });

  test.each([['account', { ...env, account: '222222222222' }], ['Region', { ...env, region: 'us-east-1' }]])(
    'may be that of a platform of another %s', (_, other) => {
      platformOf('prod');
      const elsewhere = new Stack(app, 'Other', { env: other });
      platformOf('prod/eu', elsewhere);
      secretOf(undefined, 'prod/one', {}, elsewhere);
      expect(() => app.synth()).not.toThrow();
    });

  test('may be that of the same platform in another stage', () => {
    const stages = ['Test', 'Prod'].map((name) => new Stage(app, name));
    for (const scope of stages.map((stage) => new Stack(stage, 'Stack'))) {
      secretOf(platformOf('prod', scope), 'prod/one', {}, scope);
    }
    expect(() => app.synth()).not.toThrow();
  });

  test.each([
    undefined, 'one', 'prod', 'prod-one', 'production/one', 'prod/', Aws.STACK_NAME,
  ])('is the beginning of names: not of %p', (secretName) => {
    const platform = platformOf('prod');
    const got = secretName === undefined ? 'not given' : JSON.stringify(secretName);
    expect(messageOf(() => new HardenedSecret(stack, 'Secret', { platform, secretName }))).toBe(
      `[Stack/Secret] \`secretName\` is ${got}, allowed: a name that begins with 'prod/', as all of the platform 'Stack/Platform'; `
        + 'choose such a name, or another platform');
  });

  test('may be followed by what is known at deployment', () => {
    secretOf(platformOf('prod'), `prod/${Aws.STACK_NAME}`);
    expect(() => app.synth()).not.toThrow();
  });

  test.each<[string, (platform: SecretsPlatform) => unknown]>([
    ['a secret without a platform', () => secretOf(undefined, 'prod/one')],
    ['a secret of another platform', () => secretOf(platformOf(undefined, stack, 'Other'), 'prod/one')],
    ['a secret of the AWS CDK', () => new Secret(stack, 'Secret-prod-one', { secretName: 'prod/one' })],
    ['a secret of another stack', () => secretOf(undefined, 'prod/eu/one', {}, new Stack(app, 'Other', { env }))],
  ])('is not that of %s', (_, make) => {
    const platform = platformOf('prod');
    secretOf(platform, 'prod/own');
    make(platform);
    expect(messageOf(() => app.synth())).toMatch(
      /\[Stack\/Platform\] the name of '(Stack|Other)\/Secret-prod-.*' begins with 'prod\/' and it is no secret of this/);
  });

  test('is not that of a replica of a secret of another Region', () => {
    platformOf('prod');
    const elsewhere = new Stack(app, 'Other', { env: { ...env, region: 'us-east-1' } });
    const replica = SecretReplica.inRegion('eu-west-1', { encryption: SecretEncryption.awsManagedKey() });
    secretOf(undefined, 'prod/one', { replicas: [replica] }, elsewhere);
    expect(messageOf(() => app.synth())).toContain("[Stack/Platform] the name of 'Other/Secret-prod-one/Default/Resource' begins "
      + "with 'prod/' and it is no secret of this platform, whose readers could read it by its replica here; "
      + 'give it the platform, or another name');
  });

  test('counts the secrets that have it and should not', () => {
    platformOf('prod');
    new CfnSecret(stack, 'Unnamed');
    // Of such replicas nothing is known.
    const known = Lazy.any({ produce: () => [] });
    new CfnSecret(stack, 'WithLateReplicas', { name: 'other/one', replicaRegions: known });
    new CfnSecret(stack, 'WithLateReplica', { name: 'other/two', replicaRegions: [known] });
    ['prod/one', 'prod/two', 'prod/three', 'product']
      .forEach((secretName) => new Secret(stack, secretName.replace('/', ''), { secretName }));
    expect(messageOf(() => app.synth())).toContain("the name of 'Stack/prodone/Resource', and of 2 more, begins with 'prod/'");
  });

  test('is for secrets of its Region and account', () => {
    const elsewhere = new Stack(app, 'Other', { env: { ...env, region: 'us-east-1' } });
    expect(() => secretOf(platformOf('prod'), 'prod/one', { encryption: SecretEncryption.awsManagedKey() }, elsewhere))
      .toThrow("the secret is in the Region us-east-1, and its platform 'Stack/Platform' in eu-west-1");
  });
});
