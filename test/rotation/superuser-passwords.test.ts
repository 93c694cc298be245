import { Template } from 'aws-cdk-lib/assertions';
import { DatabaseCluster as DocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraMysqlEngineVersion,
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseClusterFromSnapshot,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceFromSnapshot,
  type IInstanceEngine,
  LicenseModel,
  MariaDbEngineVersion,
  OracleEngineVersion,
  PostgresEngineVersion,
  SnapshotCredentials,
  SqlServerEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { type CfnResource, SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine,
  DatabaseTarget,
  HardenedSecret,
  type HardenedSecretProps,
  Rotation,
  SecretContent,
} from '../../src';
import { isolatedVpc, messageOf, testApp } from '../support/scenario';

const AURORA = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_6 });
const AURORA_MYSQL = DatabaseClusterEngine.auroraMysql({ version: AuroraMysqlEngineVersion.VER_3_08_0 });
const POSTGRES = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 });
const INSTANCES: Record<string, IInstanceEngine> = {
  'PostgreSQL': POSTGRES,
  'MariaDB': DatabaseInstanceEngine.mariaDb({ version: MariaDbEngineVersion.VER_10_11 }),
  'Oracle': DatabaseInstanceEngine.oracleSe2({ version: OracleEngineVersion.VER_19 }),
  'SQL Server': DatabaseInstanceEngine.sqlServerEx({ version: SqlServerEngineVersion.VER_16 }),
};

/** What databases are made of. */
interface Parts {
  readonly stack: Stack;
  readonly admin: HardenedSecret;
  readonly network: { readonly vpc: ReturnType<typeof isolatedVpc>; readonly vpcSubnets: object };
  readonly password: string;
}
type Make = (parts: Parts) => DatabaseTarget;

const OTHER = SecretValue.ssmSecure('password', '1');

const nothing = (): void => undefined;

/** A user of the database, whose rotation signs in with the admin's secret. */
function synthesize(make: Make, props: HardenedSecretProps = {}, change: (stack: Stack) => void = nothing): string {
  const stack = new Stack(testApp(), 'Stack');
  const admin = new HardenedSecret(stack, 'Admin', {
    content: SecretContent.databaseCredentials({ username: 'admin_user' }), ...props,
  });
  const network = { vpc: isolatedVpc(stack), vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } };
  const password = admin.secret.secretValueFromJson('password').unsafeUnwrap();
  const database = make({ stack, admin, network, password });
  for (const username of ['app', 'reports']) {
    new HardenedSecret(stack, username, {
      content: SecretContent.databaseCredentials({ username, database }), rotation: Rotation.singleUserWithSuperuser(),
    });
  }
  change(stack);
  return messageOf(() => Template.fromStack(stack));
}

const override = (database: { readonly node: { readonly defaultChild?: unknown } }, name: string, value: unknown) =>
  (database.node.defaultChild as CfnResource).addPropertyOverride(name, value);
const instance = (engine: IInstanceEngine, known: boolean): Make => ({ stack, admin: { secret }, network }) => {
  const database = new DatabaseInstance(stack, 'Db', {
    engine,
    ...network,
    ...engine === INSTANCES.Oracle || engine === INSTANCES['SQL Server'] ? { licenseModel: LicenseModel.LICENSE_INCLUDED } : {},
    credentials: known ? Credentials.fromSecret(secret, 'admin_user') : Credentials.fromPassword('admin_user', OTHER),
  });
  return DatabaseTarget.fromRdsInstance(database, {
    superuser: secret, databaseName: engine === INSTANCES.Oracle ? 'ORCL' : undefined,
  });
};
const cluster = (engine: typeof AURORA, known: boolean): Make => ({ stack, admin: { secret }, network }) =>
  DatabaseTarget.fromRdsCluster(new DatabaseCluster(stack, 'Db', {
    engine,
    ...network,
    writer: ClusterInstance.serverlessV2('writer'),
    credentials: known ? Credentials.fromSecret(secret, 'admin_user') : Credentials.fromPassword('admin_user', OTHER),
  }), { superuser: secret });
const clusterFromSnapshot = (snapshotCredentials?: (admin: HardenedSecret) => SnapshotCredentials): Make =>
  ({ stack, admin, network }) => DatabaseTarget.fromRdsCluster(new DatabaseClusterFromSnapshot(stack, 'Db', {
    engine: AURORA,
    ...network,
    snapshotIdentifier: 'snap',
    writer: ClusterInstance.serverlessV2('writer'),
    snapshotCredentials: snapshotCredentials?.(admin),
  }), { superuser: admin.secret });
const instanceFromSnapshot = (credentials?: (admin: HardenedSecret) => SnapshotCredentials): Make =>
  ({ stack, admin, network }) => DatabaseTarget.fromRdsInstance(new DatabaseInstanceFromSnapshot(stack, 'Db', {
    engine: POSTGRES, ...network, snapshotIdentifier: 'snap', credentials: credentials?.(admin),
  }), { superuser: admin.secret });
const documentDb = (known: boolean): Make => ({ stack, admin: { secret }, network }) =>
  DatabaseTarget.fromDocumentDbCluster(new DocumentDbCluster(stack, 'Db', {
    ...network,
    masterUser: { username: 'admin_user', password: known ? secret.secretValueFromJson('password') : OTHER },
    instanceType: new InstanceType('t4g.medium'),
  }), { superuser: secret });
const redshift = (passwordOf: (parts: Parts) => string | undefined, managed = false): Make => (parts) =>
  DatabaseTarget.fromRedshiftCluster(new CfnCluster(parts.stack, 'Db', {
    clusterType: 'single-node',
    dbName: 'dev',
    masterUsername: 'admin_user',
    nodeType: 'ra3.large',
    publiclyAccessible: true,
    masterUserPassword: passwordOf(parts),
    manageMasterPassword: managed || undefined,
  }), { superuser: parts.admin.secret });
type Place = (parts: Parts) => { readonly namespaceName?: string };
const serverless = (place: Place): Make => (parts) =>
  DatabaseTarget.fromRedshiftServerlessWorkgroup(
    new CfnWorkgroup(parts.stack, 'Db', { workgroupName: 'w', publiclyAccessible: true, ...place(parts) }),
    { superuser: parts.admin.secret },
  );
const namespace = ({ stack }: Parts, adminUserPassword?: string) => new CfnNamespace(stack, 'Namespace', {
  namespaceName: 'warehouse', adminUsername: 'admin_user', adminUserPassword,
});

test.each<[string, Make]>([
  ...Object.entries(INSTANCES).map(([name, engine]): [string, Make] => [`${name} instance`, instance(engine, true)]),
  ['Aurora PostgreSQL cluster', cluster(AURORA, true)],
  ['Aurora MySQL cluster', cluster(AURORA_MYSQL, true)],
  ['cluster from a snapshot with a new password', clusterFromSnapshot(({ secret }) => SnapshotCredentials.fromSecret(secret))],
  ['instance from a snapshot with a new password', instanceFromSnapshot(({ secret }) => SnapshotCredentials.fromSecret(secret))],
  ['Amazon DocumentDB cluster', documentDb(true)],
  ['Amazon Redshift cluster', redshift(({ password }) => password)],
  ['Redshift Serverless namespace', serverless((parts) => ({ namespaceName: namespace(parts, parts.password).ref }))],
  ['Redshift Serverless namespace known by its name', serverless((parts) => ({
    namespaceName: namespace(parts, parts.password).namespaceName,
  }))],
  ['Redshift Serverless namespace by an override', serverless((parts) => {
    const made = namespace(parts);
    made.addPropertyOverride('AdminUserPassword', parts.password);
    return { namespaceName: made.ref };
  })],
  ['Redshift Serverless namespace of another app', serverless(() => ({ namespaceName: 'elsewhere' }))],
  ['Redshift Serverless workgroup without a namespace yet', serverless(() => ({}))],
  ['database of another app', ({ admin: { secret } }) => DatabaseTarget.of({
    engine: DatabaseEngine.MYSQL, host: 'db.example.com', superuser: secret,
  })],
])('the superuser of a %s may have a generated value', (_, make) => {
  expect(synthesize(make)).toBe('');
});

const SNAPSHOT = ': by its snapshotIdentifier it begins with that of another one, so nobody knows the generated value; give it '
  + '`snapshotCredentials`';
const NO_PASSWORD = ', so nobody knows the generated value; give the database `credentials: Credentials.fromSecret(x.secret)`';

test.each<[string, Make, string]>([
  ...Object.entries(INSTANCES)
    .map(([name, engine]): [string, Make, string] => [`${name} instance`, instance(engine, false), NO_PASSWORD]),
  ['Aurora PostgreSQL cluster', cluster(AURORA, false), NO_PASSWORD],
  ['Aurora MySQL cluster', cluster(AURORA_MYSQL, false), NO_PASSWORD],
  ['cluster from a snapshot', clusterFromSnapshot(), SNAPSHOT],
  ['instance from a snapshot', instanceFromSnapshot(), ': by its dbSnapshotIdentifier it begins with that of another one'],
  ['Amazon DocumentDB cluster', documentDb(false), NO_PASSWORD],
  ['Amazon Redshift cluster', redshift(() => 'x'), NO_PASSWORD],
  ['Amazon Redshift cluster whose password the service manages', redshift(() => undefined, true), NO_PASSWORD],
  ['Redshift Serverless namespace', serverless((parts) => ({ namespaceName: namespace(parts, 'x').ref })), NO_PASSWORD],
  ['Redshift Serverless namespace known by its name', serverless((parts) => ({
    namespaceName: namespace(parts, 'x').namespaceName,
  })), NO_PASSWORD],
])('the superuser of a %s that has another password is refused, once', (_, make, message) => {
  const got = synthesize(make);
  expect(got).toContain('[Stack/Admin] as `superuser` it signs in to a database that does not know it: the database \'Stack/Db\' '
    + `does not get its master password from the secret${message}`);
  expect(got.split('[Stack/Admin]')).toHaveLength(2);
});

test.each<[string, string, unknown, string]>([
  ['the password', 'MasterUserPassword', 'x', NO_PASSWORD],
  ['a snapshot', 'SnapshotIdentifier', 'snap', ''],
  ['no password', 'MasterUserPassword', undefined, NO_PASSWORD],
])('an override of %s is what the template says', (_, name, value, message) => {
  const make: Make = (parts) => {
    const target = cluster(AURORA, true)(parts);
    override(parts.stack.node.findChild('Db'), name, value);
    return target;
  };
  expect(synthesize(make)).toEqual(message === '' ? '' : expect.stringContaining(message));
});

test.each([true, false])('the user in a document of any fields is not read; the database has its password: %s', (known) => {
  const content = SecretContent.json({ username: 'somebody_else' }, 'password');
  const message = synthesize(instance(POSTGRES, known), { content });
  expect(message.includes('does not get its master password from the secret')).toBe(!known);
  expect(message === '').toBe(known);
});

test('a snapshot that an override names is named in the error', () => {
  expect(synthesize((parts) => {
    const target = cluster(AURORA, false)(parts);
    override(parts.stack.node.findChild('Db'), 'SnapshotIdentifier', 'snap');
    return target;
  })).toContain(SNAPSHOT);
});

test.each<[string, HardenedSecretProps, (stack: Stack) => void]>([
  ['is a placeholder', { content: SecretContent.placeholder({ fields: ['username', 'password'] }) }, nothing],
  ['was deployed before', { content: SecretContent.asDeployedDatabaseSecret({ username: 'admin_user' }) }, nothing],
  ['comes from elsewhere', { content: SecretContent.fromSecretValue(OTHER) }, nothing],
  ['is set by a rotation that is added later', {}, (stack) => {
    const superuser = new HardenedSecret(stack, 'Main', {
      content: SecretContent.placeholder({ fields: ['username', 'password'] }),
    });
    (stack.node.findChild('Admin') as HardenedSecret).addRotation(Rotation.singleUserWithSuperuser({
      superuser: superuser.secret,
      database: DatabaseTarget.fromRdsInstance(stack.node.findChild('Db') as DatabaseInstance),
    }));
  }],
])('a superuser whose value %s is not refused', (_, props, change) => {
  const make: Make = ({ stack, admin: { secret }, network }) => DatabaseTarget.fromRdsInstance(new DatabaseInstance(stack, 'Db', {
    engine: POSTGRES, ...network, credentials: Credentials.fromPassword('root_user', OTHER),
  }), { superuser: secret });
  expect(synthesize(make, props, change)).toBe('');
});

test('a database that names the secret in a dynamic reference of its own has its password', () => {
  expect(synthesize(({ stack, admin: { secret }, network }) => DatabaseTarget.fromRdsInstance(new DatabaseInstance(stack, 'Db', {
    engine: POSTGRES,
    ...network,
    credentials: Credentials.fromPassword('admin_user', SecretValue.secretsManager('team/admin', { jsonField: 'password' })),
  }), { superuser: secret }), { secretName: 'team/admin' })).toBe('');
});
