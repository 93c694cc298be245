import { Template } from 'aws-cdk-lib/assertions';
import { InstanceType, SubnetType, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  AuroraMysqlEngineVersion,
  type CfnDBCluster,
  type CfnDBInstance,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  MariaDbEngineVersion,
  MysqlEngineVersion,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { CfnCluster, type CfnClusterProps } from 'aws-cdk-lib/aws-redshift';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, type CfnElement, SecretValue, Stack } from 'aws-cdk-lib/core';
import { DatabaseTarget, HardenedSecret, Rotation, SecretContent, SecretsPlatform } from '../../src';
import { isolatedVpc, messageOf, only, testApp } from '../support/scenario';

let stack: Stack;
let vpc: Vpc;
beforeEach(() => {
  stack = new Stack(testApp(), 'Stack');
  vpc = isolatedVpc(stack);
});

const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
const ENGINES = {
  postgres: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
  mysql: DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.VER_8_0 }),
  mariadb: DatabaseInstanceEngine.mariaDb({ version: MariaDbEngineVersion.VER_10_11 }),
};
const instanceOf = (engine: keyof typeof ENGINES, credentials?: Credentials): DatabaseInstance =>
  new DatabaseInstance(stack, 'Personnel', {
    vpc,
    vpcSubnets,
    engine: ENGINES[engine],
    instanceType: new InstanceType('t4g.micro'),
    credentials,
  });
const cluster = (): DatabaseCluster =>
  new DatabaseCluster(stack, 'Personnel', {
    vpc,
    vpcSubnets,
    engine: DatabaseClusterEngine.auroraMysql({ version: AuroraMysqlEngineVersion.VER_3_08_0 }),
    writer: ClusterInstance.serverlessV2('Writer'),
  });

/** As it is set where the construct has no property for it, as the older ones have not; gives the construct again. */
function managed<T extends DatabaseInstance | DatabaseCluster>(database: T, kmsKeyId?: string): T {
  Object.assign(database.node.defaultChild as CfnDBInstance | CfnDBCluster, {
    manageMasterUserPassword: true,
    masterUserPassword: undefined,
    ...(kmsKeyId !== undefined && { masterUserSecret: { kmsKeyId } }),
  });
  return database;
}

const userOf = (database: DatabaseTarget, scope = stack, platform?: SecretsPlatform): HardenedSecret =>
  new HardenedSecret(scope, 'Creds', {
    secretName: 'team/app',
    platform,
    content: SecretContent.databaseCredentials({ username: 'app', database }),
    rotation: Rotation.alternatingUsers(),
  });

const arnIn = (construct: DatabaseInstance | DatabaseCluster): object =>
  ({ 'Fn::GetAtt': [stack.getLogicalId(construct.node.defaultChild as CfnElement), 'MasterUserSecret.SecretArn'] });
const statementsIn = (template: Template): Record<string, any>[] =>
  Object.values(template.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

test.each(['postgres', 'mysql', 'mariadb'] as const)(
  'of an instance: the function reads that secret, and needs no key (%s)',
  (engine) => {
    const instance = managed(instanceOf(engine));
    userOf(DatabaseTarget.fromRdsInstance(instance));
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::Lambda::Function').resource.Properties.Environment.Variables.ROTATION_SUPERUSER_SECRET)
      .toEqual(arnIn(instance));
    const statements = statementsIn(template);
    expect(statements.find(({ Sid }) => Sid === 'ReadSuperuser')).toEqual({
      Sid: 'ReadSuperuser', Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: arnIn(instance),
    });
    expect(statements.map(({ Sid }) => Sid as string)).not.toContain('DecryptSuperuser');
  },
);

test('of a cluster, and for every target that is made of it', () => {
  const made = managed(cluster());
  const [one, other] = [DatabaseTarget.fromRdsCluster(made), DatabaseTarget.fromRdsCluster(made)];
  expect(one._facts.superuser).toBe(other._facts.superuser);
  expect(stack.resolve(one._facts.superuser?.secretFullArn)).toEqual(arnIn(made));
});

test('of an instance whose construct may know the property', () => {
  const instance = managed(
    new DatabaseInstance(stack, 'Personnel', {
      vpc,
      vpcSubnets,
      engine: ENGINES.postgres,
      ...{ manageMasterUserPassword: true },
    }),
  );
  expect(stack.resolve(DatabaseTarget.fromRdsInstance(instance)._facts.superuser?.secretFullArn)).toEqual(arnIn(instance));
});

test('of an instance without a secret of its construct', () => {
  const instance = managed(instanceOf('postgres', Credentials.fromPassword('postgres', SecretValue.ssmSecure('/password', '1'))));
  expect(stack.resolve(DatabaseTarget.fromRdsInstance(instance)._facts.superuser?.secretArn)).toEqual(arnIn(instance));
});

test('of an instance whose template says it by overrides', () => {
  const instance = instanceOf('postgres');
  const resource = instance.node.defaultChild as CfnDBInstance;
  resource.addPropertyOverride('ManageMasterUserPassword', true);
  resource.addPropertyDeletionOverride('MasterUserPassword');
  expect(stack.resolve(DatabaseTarget.fromRdsInstance(instance)._facts.superuser?.secretArn)).toEqual(arnIn(instance));
});

test('with the platform in another stack', () => {
  const instance = managed(instanceOf('postgres'));
  const other = new Stack(stack.node.root as App, 'Platform');
  const platform = new SecretsPlatform(other, 'Platform', { platformName: 'team' });
  userOf(DatabaseTarget.fromRdsInstance(instance), new Stack(stack.node.root as App, 'Secrets'), platform);
  const exported = { 'Fn::ImportValue': expect.stringContaining('MasterUserSecretSecretArn') };
  expect(
    only(Template.fromStack(other), 'AWS::Lambda::Function').resource.Properties.Environment.Variables.ROTATION_SUPERUSER_SECRET,
  ).toEqual(exported);
});

test('under a key of one\'s own: the key is asked for, and granted where the secret is given with it', () => {
  const key = new Key(stack, 'Key');
  const instance = managed(instanceOf('postgres'), key.keyArn);
  expect(messageOf(() => DatabaseTarget.fromRdsInstance(instance))).toBe('[Stack/Personnel] the master password is managed under '
    + 'a key of yours, which the resource names '
    + 'and does not know as a construct; give `superuser: Secret.fromSecretAttributes(scope, id, { secretCompleteArn, '
    + 'encryptionKey })` with the ARN that the resource has '
    + 'of that secret');
  const secretCompleteArn = (instance.node.defaultChild as CfnDBInstance).attrMasterUserSecretSecretArn;
  const superuser = Secret.fromSecretAttributes(stack, 'Admin', { secretCompleteArn, encryptionKey: key });
  userOf(DatabaseTarget.fromRdsInstance(instance, { superuser }));
  expect(statementsIn(Template.fromStack(stack)).find(({ Sid }) => Sid === 'DecryptSuperuser')).toMatchObject({
    Action: 'kms:Decrypt',
    Resource: stack.resolve(key.keyArn),
    Condition: { StringEquals: { 'kms:ViaService': expect.anything() } },
  });
});

test('what the construct itself knows of a managed secret is taken from it, with its key', () => {
  const instance = managed(instanceOf('postgres'), 'alias/any');
  const known = Secret.fromSecretCompleteArn(
    stack,
    'Known',
    (instance.node.defaultChild as CfnDBInstance).attrMasterUserSecretSecretArn,
  );
  Object.defineProperty(instance, 'secret', { value: known });
  expect(DatabaseTarget.fromRdsInstance(instance)._facts.superuser).toBe(known);
});

test('its user is no other user', () => {
  const credentials = Credentials.fromPassword('postgres', SecretValue.ssmSecure('/password', '1'));
  const database = DatabaseTarget.fromRdsInstance(managed(instanceOf('postgres', credentials)));
  const taken = () => new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'postgres', database }), rotation: Rotation.singleUserWithSuperuser(),
  });
  expect(messageOf(taken)).toContain('\'postgres\' is the superuser itself, which has a secret already');
});

describe('of an Amazon Redshift cluster', () => {
  const redshift = (more: Partial<CfnClusterProps> = {}): CfnCluster => new CfnCluster(stack, 'Warehouse', {
    clusterType: 'single-node', dbName: 'dev', masterUsername: 'admin', nodeType: 'ra3.large', publiclyAccessible: true, ...more,
  });

  test('is the superuser where Redshift manages it', () => {
    const made = redshift({ manageMasterPassword: true });
    const [one, other] = [DatabaseTarget.fromRedshiftCluster(made), DatabaseTarget.fromRedshiftCluster(made)];
    expect(stack.resolve(one._facts.superuser?.secretFullArn))
      .toEqual({ 'Fn::GetAtt': [stack.getLogicalId(made), 'MasterPasswordSecretArn'] });
    expect(other._facts.superuser).toBe(one._facts.superuser);
  });

  test('is not known where it does not, and its key is asked for', () => {
    expect(DatabaseTarget.fromRedshiftCluster(redshift())._facts.superuser).toBeUndefined();
    const underKey = new CfnCluster(stack, 'UnderKey', {
      clusterType: 'single-node',
      dbName: 'dev',
      masterUsername: 'admin',
      nodeType: 'ra3.large',
      publiclyAccessible: true,
      manageMasterPassword: true,
      masterPasswordSecretKmsKeyId: 'alias/any',
    });
    expect(messageOf(() => DatabaseTarget.fromRedshiftCluster(underKey)))
      .toContain('[Stack/UnderKey] the master password is managed under a key of yours');
    const superuser = Secret.fromSecretNameV2(stack, 'Admin', 'admin');
    expect(DatabaseTarget.fromRedshiftCluster(underKey, { superuser })._facts.superuser).toBe(superuser);
  });
});
