import { Template } from 'aws-cdk-lib/assertions';
import { BuildSpec, Project } from 'aws-cdk-lib/aws-codebuild';
import { CfnEndpoint } from 'aws-cdk-lib/aws-dms';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnCluster } from 'aws-cdk-lib/aws-msk';
import { AttachmentTargetType, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Fn, Lazy, SecretValue, Stack } from 'aws-cdk-lib/core';
import { stackOf } from './delivery-scenario';
import { HardenedSecret, SecretContent, SecretDelivery, SecretEncryption } from '../../src';
import { messageOf, only } from '../support/scenario';

describe('toCodeBuildProject', () => {
  const projectIn = (stack: Stack, environmentVariables = {}): Project =>
    new Project(stack, 'Build', { buildSpec: BuildSpec.fromObject({ version: '0.2' }), environmentVariables });
  const variablesOf = (stack: Stack): unknown =>
    only(Template.fromStack(stack), 'AWS::CodeBuild::Project').resource.Properties.Environment.EnvironmentVariables;

  test('adds the variable and grants reading with the key', () => {
    const stack = stackOf();
    new HardenedSecret(stack, 'Secret').delivery.toCodeBuildProject(projectIn(stack));
    expect(variablesOf(stack))
      .toEqual([{ Name: 'SECRET', Type: 'SECRETS_MANAGER', Value: { Ref: expect.stringMatching(/^Secret/) } }]);
    const actions = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[] }[])
      .flatMap(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt']));
  });

  test('leaves the variables that are there, and takes a field', () => {
    const stack = stackOf();
    const project = projectIn(stack, { STAGE: { value: 'test' } });
    const { delivery } = new HardenedSecret(stack, 'Secret', { content: SecretContent.json({ user: 'orders' }, 'token') });
    delivery.toCodeBuildProject(project, { environmentVariable: 'TOKEN', field: 'token' });
    expect(variablesOf(stack)).toEqual([
      { Name: 'STAGE', Type: 'PLAINTEXT', Value: 'test' },
      { Name: 'TOKEN', Type: 'SECRETS_MANAGER', Value: { 'Fn::Join': ['', [{ Ref: expect.anything() }, ':token']] } },
    ]);
    expect(() => delivery.toCodeBuildProject(project, { environmentVariable: 'TOKEN' }))
      .toThrow("[Stack/Build] its variable 'TOKEN' is that of the secret 'Stack/Secret' already");
    expect(() => delivery.toCodeBuildProject(project, { environmentVariable: 'STAGE' }))
      .toThrow("[Stack/Build] its variable 'STAGE', with which toCodeBuildProject() tells it of the secret 'Stack/Secret', has");
  });
});

/** A user's name and password, which services sign in with. */
const content = SecretContent.json({ username: 'orders' }, 'password');

describe('toMskCluster', () => {
  const clusterIn = (stack: Stack): CfnCluster => new CfnCluster(stack, 'Cluster', {
    clusterName: 'orders',
    kafkaVersion: '3.8.x',
    numberOfBrokerNodes: 2,
    brokerNodeGroupInfo: { clientSubnets: ['subnet-1', 'subnet-2'], instanceType: 'kafka.m7g.large' },
  });
  const associated = (stack: Stack): { ids: unknown[]; dependsOn: string[] } => {
    const { resource } = only(Template.fromStack(stack), 'AWS::MSK::BatchScramSecret');
    expect(resource.Properties.ClusterArn).toEqual({ 'Fn::GetAtt': ['Cluster', 'Arn'] });
    return { ids: resource.Properties.SecretArnList, dependsOn: resource.DependsOn };
  };

  test('associates all secrets of a cluster in one list, after their policies', () => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    ['One', 'Other'].forEach((id) =>
      new HardenedSecret(stack, id, { content, secretName: `AmazonMSK_${id}` }).delivery.toMskCluster(cluster));
    const { ids, dependsOn } = associated(stack);
    expect(ids).toEqual([{ Ref: expect.stringMatching(/^One/) }, { Ref: expect.stringMatching(/^Other/) }]);
    expect(dependsOn).toEqual([expect.stringMatching(/^OnePolicy/), expect.stringMatching(/^OtherPolicy/)]);
  });

  test('makes a user one of two clusters, once each, by one statement', () => {
    const stack = stackOf();
    const { delivery } = new HardenedSecret(stack, 'Secret', { content, secretName: 'AmazonMSK_orders' });
    const old = clusterIn(stack);
    const { brokerNodeGroupInfo, clusterName, kafkaVersion, numberOfBrokerNodes } = old;
    const next = new CfnCluster(stack, 'Next', { brokerNodeGroupInfo, clusterName, kafkaVersion, numberOfBrokerNodes });
    [old, next, old].forEach((cluster) => delivery.toMskCluster(cluster));
    const template = Template.fromStack(stack);
    const lists = Object.values(template.findResources('AWS::MSK::BatchScramSecret'));
    const { id: policy, resource } = only(template, 'AWS::SecretsManager::ResourcePolicy');
    expect(lists.map(({ Properties: { SecretArnList }, DependsOn }) => [SecretArnList, DependsOn]))
      .toEqual([1, 2].map(() => [[{ Ref: expect.stringMatching(/^Secret/) }], [policy]]));
    const { Statement } = resource.Properties.ResourcePolicy as { Statement: { Sid: string }[] };
    expect(Statement.filter(({ Sid }) => /Kafka/.test(Sid))).toHaveLength(1);
  });

  test('lets Amazon MSK read, beside the guard rails', () => {
    const stack = stackOf();
    new HardenedSecret(stack, 'Secret', { content, secretName: 'AmazonMSK_orders' }).delivery.toMskCluster(clusterIn(stack));
    const { resource } = only(Template.fromStack(stack), 'AWS::SecretsManager::ResourcePolicy');
    const { Statement } = resource.Properties.ResourcePolicy;
    expect(Statement).toContainEqual({
      Sid: 'AWSKafkaResourcePolicy',
      Effect: 'Allow',
      Principal: { Service: 'kafka.amazonaws.com' },
      Action: 'secretsmanager:GetSecretValue',
      Resource: '*',
    });
    expect((Statement as { Effect: string }[]).filter(({ Effect }) => Effect === 'Deny').length).toBeGreaterThan(0);
  });

  test('takes a secret of the AWS CDK with a key, and a name that is known at deployment', () => {
    const stack = new Stack(new App(), 'Stack');
    const secret = new Secret(stack, 'Plain', { encryptionKey: new Key(stack, 'Key'), secretName: Fn.importValue('name') });
    SecretDelivery.fromSecret(secret).toMskCluster(clusterIn(stack));
    expect(associated(stack).ids).toEqual([{ Ref: expect.stringMatching(/^Plain/) }]);
  });

  test.each<[string, (stack: Stack) => SecretDelivery, string]>([
    [
      'no name', (stack) => new HardenedSecret(stack, 'Secret').delivery,
      "[Stack/Secret] `secretName` is not given, allowed: a name that begins with AmazonMSK_, for 'Stack/Cluster'; give",
    ],
    [
      'another name', (stack) => new HardenedSecret(stack, 'Secret', { secretName: 'orders' }).delivery,
      '[Stack/Secret] `secretName` is "orders", allowed: a name that begins with AmazonMSK_',
    ],
    [
      'the key of Secrets Manager',
      (stack) => new HardenedSecret(stack, 'Secret', {
        secretName: 'AmazonMSK_orders', encryption: SecretEncryption.awsManagedKey(),
      }).delivery,
      "[Stack/Cluster] the secret 'Stack/Secret' is encrypted with the key of Secrets Manager, which Amazon MSK cannot use",
    ],
    [
      'another Region',
      (stack) => new HardenedSecret(
        new Stack(stack.node.root as App, 'Elsewhere', { env: { account: '111111111111', region: 'us-east-1' } }),
        'Secret', { secretName: 'AmazonMSK_orders' },
      ).delivery,
      "[Stack/Cluster] the secret 'Elsewhere/Secret' is in another account or Region",
    ],
    [
      'an imported secret',
      (stack) => SecretDelivery.fromSecret(Secret.fromSecretAttributes(stack, 'Imported', {
        secretCompleteArn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:AmazonMSK_orders-AbCdEf',
        encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1234'),
      })),
      "[Stack/Cluster] the resource policy of the imported secret 'Stack/Imported' cannot be changed",
    ],
  ])('refuses %s', (_, deliveryIn, message) => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    expect(messageOf(() => deliveryIn(stack).toMskCluster(cluster))).toContain(message);
  });
});

/** The same with the address of the database. */
const ADDRESS = { host: 'a.example', port: '5432' };
const withAddress = SecretContent.json({ username: 'orders', ...ADDRESS }, 'password');

describe('toDmsEndpoint', () => {
  const endpointIn = (stack: Stack, engineName = 'postgres', properties = {}): CfnEndpoint =>
    new CfnEndpoint(stack, 'Source', { endpointType: 'source', engineName, databaseName: 'orders', ...properties });
  const endpointOf = (stack: Stack): Record<string, any> => only(Template.fromStack(stack), 'AWS::DMS::Endpoint').resource;
  const deliver = (stack: Stack, endpoint: CfnEndpoint): void =>
    new HardenedSecret(stack, 'Secret', { content: withAddress }).delivery.toDmsEndpoint(endpoint);

  test('names the secret and a role that AWS DMS of the Region assumes to read it, with the key, before the endpoint', () => {
    const stack = stackOf();
    deliver(stack, endpointIn(stack));
    const template = Template.fromStack(stack);
    const { id, resource: role } = only(template, 'AWS::IAM::Role', 'SourceSecretAccess');
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([{
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: { 'Fn::Join': ['', ['dms.eu-west-1.', { Ref: 'AWS::URLSuffix' }]] } },
    }]);
    const { id: policyId, resource: policy } = only(template, 'AWS::IAM::Policy', 'SourceSecretAccess');
    expect((policy.Properties.PolicyDocument.Statement as { Action: string | string[] }[]).flatMap(({ Action }) => Action))
      .toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret', 'kms:Decrypt']));
    const { Properties, DependsOn } = endpointOf(stack);
    expect(Properties.PostgreSqlSettings).toEqual({
      SecretsManagerAccessRoleArn: { 'Fn::GetAtt': [id, 'Arn'] },
      SecretsManagerSecretId: { Ref: expect.stringMatching(/^Secret/) },
    });
    expect(DependsOn).toContain(policyId);
  });

  test.each([
    ['mysql', 'MySqlSettings'], ['mariadb', 'MySqlSettings'], ['aurora', 'MySqlSettings'],
    ['aurora-postgresql', 'PostgreSqlSettings'], ['oracle', 'OracleSettings'], ['sqlserver', 'MicrosoftSqlServerSettings'],
    ['redshift', 'RedshiftSettings'], ['db2', 'IbmDb2Settings'], ['sybase', 'SybaseSettings'], ['mongodb', 'MongoDbSettings'],
    ['docdb', 'DocDbSettings'], ['babelfish', 'MicrosoftSqlServerSettings'], ['db2-zos', 'IbmDb2Settings'],
  ])('puts it where %s has it', (engine, settings) => {
    const stack = stackOf();
    deliver(stack, endpointIn(stack, engine));
    expect(Object.keys(endpointOf(stack).Properties[settings] as object))
      .toEqual(['SecretsManagerAccessRoleArn', 'SecretsManagerSecretId']);
  });

  test('leaves the other settings', () => {
    const stack = stackOf();
    deliver(stack, endpointIn(stack, 'postgres', { postgreSqlSettings: { slotName: 'orders' } }));
    expect(endpointOf(stack).Properties.PostgreSqlSettings)
      .toMatchObject({ SlotName: 'orders', SecretsManagerSecretId: expect.anything() });
  });

  test.each<[string, string, object, string]>([
    ['an engine without secrets', 's3', {},
      '[Stack/Source] `engineName` is "s3", allowed: for a secret: mysql, mariadb, aurora, postgres, aurora-postgresql,'],
    ['an engine that is known at deployment', Lazy.string({ produce: () => 'postgres' }), {},
      '`engineName` is "a value that is known at deployment", allowed: for a secret: mysql, mariadb, aurora, postgres, '
      + 'aurora-postgresql, oracle, sqlserver, babelfish, redshift, db2, db2-zos, sybase, mongodb, docdb; give the engine as a '
      + 'text'],
    ['a user name', 'postgres', { username: 'orders' },
      '[Stack/Source] it has a `username` already, and AWS DMS takes one secret or clear text; leave `username` out'],
    ['a port', 'postgres', { port: 5432 }, 'it has a `port` already'],
    ['a server name in the settings', 'mongodb', { mongoDbSettings: { serverName: 'a.example' } }, 'it has a `serverName`'],
    ['another secret', 'oracle', { oracleSettings: { secretsManagerSecretId: 'other' } }, 'it has a `secretsManagerSecretId`'],
    ['settings that are a token', 'postgres', { postgreSqlSettings: Lazy.any({ produce: () => ({}) }) },
      'its `postgreSqlSettings` are a token; give it an object'],
  ])('refuses %s', (_, engine, properties, message) => {
    const stack = stackOf();
    expect(messageOf(() => deliver(stack, endpointIn(stack, engine, properties)))).toContain(message);
  });

  test('takes a user whose address comes with an attachment to the database', () => {
    const stack = stackOf();
    const { secret } = new HardenedSecret(stack, 'Secret', { content });
    const target = { targetId: 'db', targetType: AttachmentTargetType.RDS_DB_INSTANCE };
    const attached = secret.attach({ asSecretAttachmentTarget: () => target });
    SecretDelivery.fromSecret(attached).toDmsEndpoint(endpointIn(stack));
    expect(endpointOf(stack).Properties.PostgreSqlSettings).toHaveProperty('SecretsManagerSecretId');
  });

  test('refuses a secret that Amazon RDS manages, which has no host', () => {
    const stack = stackOf();
    const managed = Secret.fromSecretCompleteArn(stack, 'Managed',
      'arn:aws:secretsmanager:eu-west-1:111111111111:secret:rds!cluster-2f6b5a0e-0e5c-4bb2-a1d0-0f3f7f6f2a11-AbCdEf');
    expect(messageOf(() => SecretDelivery.fromSecret(managed).toDmsEndpoint(endpointIn(stack))))
      .toContain('that Amazon RDS manages has no host and port, which AWS DMS needs; make a user of its own for AWS DMS');
  });

  test('takes a name that is known at deployment', () => {
    const stack = new Stack(new App(), 'Stack');
    SecretDelivery.fromSecret(new Secret(stack, 'Plain')).toDmsEndpoint(endpointIn(stack));
    expect(endpointOf(stack).Properties.PostgreSqlSettings)
      .toMatchObject({ SecretsManagerSecretId: { Ref: expect.stringMatching(/^Plain/) } });
  });
});

describe('what a service reads of the value', () => {
  const deliver = (stack: Stack, what: SecretContent): void => {
    const endpoint = new CfnEndpoint(stack, 'Source', { endpointType: 'source', engineName: 'postgres' });
    new HardenedSecret(stack, 'Secret', { content: what }).delivery.toDmsEndpoint(endpoint);
  };

  test.each<[string, SecretContent, string]>([
    ['a text', SecretContent.generated(), 'a text'],
    ['another field', SecretContent.json({ user: 'orders', ...ADDRESS }, 'password'),
      'a JSON object with user, host, port, password'],
    ['a user without an address', content, 'a JSON object with username, password'],
  ])('is not in %s', (_, what, got) => {
    const stack = stackOf();
    expect(messageOf(() => deliver(stack, what))).toBe(
      `[Stack/Secret] \`content\` is "${got}", allowed: a JSON object with username, password, host and port, for AWS DMS and `
        + "'Stack/Source'; use SecretContent.json() or databaseCredentials(), or placeholder() with `fields` for a value that "
        + 'somebody puts',
    );
  });

  test.each<[string, SecretContent]>([
    ['somebody puts', SecretContent.placeholder()],
    ['was made elsewhere', SecretContent.unmanaged()],
    ['is deployed already', SecretContent.asDeployed({})],
    ['comes from elsewhere', SecretContent.fromSecretValues({ user: SecretValue.secretsManager('other') })],
    ['has parts that are known at deployment',
      SecretContent.json({ username: Fn.importValue('user'), ...ADDRESS }, 'password')],
  ])('may be in what %s', (_, what) => {
    const stack = stackOf();
    expect(() => deliver(stack, what)).not.toThrow();
  });
});

test('AWS DMS is given no secret of another Region, which it does not read', () => {
  const stack = stackOf();
  const endpoint = new CfnEndpoint(stack, 'Endpoint', { endpointType: 'source', engineName: 'postgres' });
  const arn = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:orders-AbCdEf';
  expect(() => SecretDelivery.fromSecret(Secret.fromSecretCompleteArn(stack, 'Orders', arn)).toDmsEndpoint(endpoint))
    .toThrow('[Stack/Endpoint] `toDmsEndpoint(secret)` is "Stack/Orders in us-east-1", allowed: one in the region eu-west-1;');
});
