import { Match, Template } from 'aws-cdk-lib/assertions';
import { DatabaseCluster as DocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceType, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  type CfnDBCluster,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseClusterFromSnapshot,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceFromSnapshot,
  LicenseModel,
  OracleEngineVersion,
  PostgresEngineVersion,
  SnapshotCredentials,
} from 'aws-cdk-lib/aws-rds';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  type DatabaseCredentialsOptions,
  DatabaseEngine,
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  RotationNetwork,
  SecretContent,
} from '../../src';
import { isolatedVpc, messageOf, testApp } from '../support/scenario';

const AURORA = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_6 });
const POSTGRES = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 });
const ORACLE = DatabaseInstanceEngine.oracleSe2({ version: OracleEngineVersion.VER_19 });

interface Network {
  readonly vpc: ReturnType<typeof isolatedVpc>;
  readonly vpcSubnets: object;
}

type Make = (stack: Stack, admin: HardenedSecret, vpc: Network) => DatabaseTarget;

function rotate(make: Make, options: Partial<DatabaseCredentialsOptions> = {}): Stack {
  const stack = new Stack(testApp(), 'Stack');
  const vpc = { vpc: isolatedVpc(stack), vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } };
  const admin = new HardenedSecret(stack, 'Admin', {
    content: SecretContent.databaseCredentials({ username: 'admin_user', ...options }),
  });
  admin.addRotation(Rotation.singleUser({ database: make(stack, admin, vpc) }));
  return stack;
}

const writer = () => ClusterInstance.serverlessV2('writer');
const snapshot = { snapshotIdentifier: 'snap' };
const redshift = (stack: Stack, masterUserPassword: string, id = 'Warehouse', masterUsername = 'admin_user') =>
  new CfnCluster(stack, id, {
    clusterType: 'single-node',
    dbName: 'dev',
    masterUsername,
    nodeType: 'ra3.large',
    publiclyAccessible: true,
    masterUserPassword,
  });

test.each<[string, Make]>([
  ['an instance', (stack, { secret }, vpc) => DatabaseTarget.fromRdsInstance(new DatabaseInstance(stack, 'Db', {
    engine: POSTGRES, ...vpc, credentials: Credentials.fromSecret(secret, 'admin_user'),
  }))],
  ['a cluster', (stack, { secret }, vpc) => DatabaseTarget.fromRdsCluster(new DatabaseCluster(stack, 'Db', {
    engine: AURORA, ...vpc, writer: writer(), credentials: Credentials.fromSecret(secret, 'admin_user'),
  }))],
  ['a cluster from a snapshot that gets it as a new password', (stack, { secret }, vpc) =>
    DatabaseTarget.fromRdsCluster(new DatabaseClusterFromSnapshot(stack, 'Db', {
      engine: AURORA, ...vpc, ...snapshot, writer: writer(), snapshotCredentials: SnapshotCredentials.fromSecret(secret),
    }))],
  ['an instance from a snapshot that gets it as a new password', (stack, { secret }, vpc) =>
    DatabaseTarget.fromRdsInstance(new DatabaseInstanceFromSnapshot(stack, 'Db', {
      engine: POSTGRES, ...vpc, ...snapshot, credentials: SnapshotCredentials.fromSecret(secret),
    }))],
  ['an instance of another app, of which nothing is known here', (stack, { secret }) => {
    const imported = DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Db', {
      instanceIdentifier: 'db',
      instanceEndpointAddress: 'db.example.com',
      port: 5432,
      engine: POSTGRES,
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
    });
    return DatabaseTarget.fromRdsInstance(imported, {
      superuser: secret.attach(imported), network: RotationNetwork.of({ vpc: isolatedVpc(stack, 'Other') }),
    });
  }],
  ['a cluster whose resource gets it by hand', (stack, { secret }, vpc) => {
    const cluster = new DatabaseClusterFromSnapshot(stack, 'Db', {
      engine: AURORA, ...vpc, ...snapshot, writer: writer(), credentials: Credentials.fromSecret(secret, 'admin_user'),
    });
    (cluster.node.defaultChild as CfnDBCluster)
      .addPropertyOverride('MasterUserPassword', secret.secretValueFromJson('password').unsafeUnwrap());
    return DatabaseTarget.fromRdsCluster(cluster);
  }],
])('%s has the password of its admin secret, which rotates', (_, make) => {
  Template.fromStack(rotate(make)).resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
});

const NOT_ITS_PASSWORD = "[Stack/Admin] the database 'Stack/Db' does not get its master password from the secret";

test.each<[string, Make, string]>([
  ['a cluster from a snapshot keeps the password of the snapshot', (stack, { secret }, vpc) =>
    DatabaseTarget.fromRdsCluster(new DatabaseClusterFromSnapshot(stack, 'Db', {
      engine: AURORA, ...vpc, ...snapshot, writer: writer(), credentials: Credentials.fromSecret(secret, 'admin_user'),
    })), ': by its snapshotIdentifier it begins with that of another one, so nobody knows the generated value; give it '
      + '`snapshotCredentials`'],
  ['a cluster has the password of another secret', (stack, { secret }, vpc) => {
    const cluster = new DatabaseCluster(stack, 'Db', { engine: AURORA, ...vpc, writer: writer() });
    return DatabaseTarget.fromRdsCluster(cluster, { superuser: secret.attach(cluster) });
  }, ', so nobody knows the generated value; give the database `credentials: Credentials.fromSecret(x.secret)`'],
  ['an instance has a password of its own', (stack, { secret }, vpc) => {
    const instance = new DatabaseInstance(stack, 'Db', {
      engine: POSTGRES, ...vpc, credentials: Credentials.fromPassword('admin_user', SecretValue.ssmSecure('password', '1')),
    });
    return DatabaseTarget.fromRdsInstance(instance, { superuser: secret.attach(instance) });
  }, ', so nobody knows the generated value'],
])('%s: its admin secret cannot rotate', (_, make, message) => {
  expect(messageOf(() => rotate(make))).toContain(NOT_ITS_PASSWORD + message);
});

test.each<[string, Make]>([
  ['an instance', (stack, { secret }, vpc) => DatabaseTarget.fromRdsInstance(new DatabaseInstance(stack, 'Db', {
    engine: POSTGRES, ...vpc, credentials: Credentials.fromSecret(secret, 'other_user'),
  }))],
  ['a cluster', (stack, { secret }, vpc) => DatabaseTarget.fromRdsCluster(new DatabaseCluster(stack, 'Db', {
    engine: AURORA, ...vpc, writer: writer(), credentials: Credentials.fromSecret(secret, 'other_user'),
  }))],
  ['a cluster of Amazon DocumentDB', (stack, { secret }, vpc) => {
    const masterUser = { username: 'other_user', password: secret.secretValueFromJson('password') };
    const cluster = new DocumentDbCluster(stack, 'Db', { ...vpc, masterUser, instanceType: new InstanceType('t4g.medium') });
    return DatabaseTarget.fromDocumentDbCluster(cluster, { superuser: secret.attach(cluster) });
  }],
  ['a cluster of Amazon Redshift', (stack, { secret }) => DatabaseTarget.fromRedshiftCluster(
    redshift(stack, secret.secretValueFromJson('password').unsafeUnwrap(), 'Db', 'other_user'), { superuser: secret })],
])('%s has another master user than the secret: no rotation could sign in', (_, make) => {
  expect(messageOf(() => rotate(make)))
    .toContain("[Stack/Admin] the database 'Stack/Db' has the master user 'other_user', and the secret names 'admin_user'");
});

test('the case of a name does not count, which engines fold', () => {
  expect(() => rotate((stack, { secret }, vpc) => DatabaseTarget.fromRdsInstance(new DatabaseInstance(stack, 'Db', {
    engine: POSTGRES, ...vpc, credentials: Credentials.fromSecret(secret, 'Admin_User'),
  })))).not.toThrow();
});

test('a database that is created with the password, whose target does not say so, is told what to say', () => {
  const make: Make = (stack, { secret }, vpc) => DatabaseTarget.fromRdsInstance(new DatabaseInstance(stack, 'Db', {
    engine: POSTGRES, ...vpc, credentials: Credentials.fromPassword('admin_user', secret.secretValueFromJson('password')),
  }));
  expect(messageOf(() => rotate(make))).toContain('give the DatabaseTarget `superuser: x.secret`');
});

describe('an admin of Oracle', () => {
  const oracle: Make = (stack, { secret }, vpc) => DatabaseTarget.fromRdsInstance(new DatabaseInstance(stack, 'Db', {
    engine: ORACLE,
    licenseModel: LicenseModel.LICENSE_INCLUDED,
    ...vpc,
    credentials: Credentials.fromSecret(secret, 'admin_user'),
  }), { databaseName: 'ORCL' });

  test('needs a shorter password than others, which the engine decides', () => {
    expect(() => rotate(oracle)).toThrow('[Stack/Admin] `SecretContent.databaseCredentials(engine)` is "32 characters, & among '
      + 'them", allowed: first passwords of 8 to 30 characters without / " @ & \', as the service takes them for '
      + "the master user of the engine 'oracle'; give the content `engine: DatabaseEngine.ORACLE`");
    expect(() => rotate(oracle, { excludeCharacters: '/"@&\'' })).toThrow('is "32 characters", allowed');
    Template.fromStack(rotate(oracle, { engine: DatabaseEngine.ORACLE })).hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { PasswordLength: 30, ExcludeCharacters: Match.stringLikeRegexp('&') },
    });
    expect(() => rotate(oracle, { passwordLength: 30, excludeCharacters: '/"@&\'' })).not.toThrow();
  });
});

test('an admin of Amazon DocumentDB has characters of its engine', () => {
  const documentDb: Make = (stack, { secret }, vpc) => {
    const cluster = new DocumentDbCluster(stack, 'Db', {
      ...vpc,
      masterUser: { username: 'admin_user', password: secret.secretValueFromJson('password') },
      instanceType: new InstanceType('t4g.medium'),
    });
    return DatabaseTarget.fromDocumentDbCluster(cluster, { superuser: secret.attach(cluster) });
  };
  expect(messageOf(() => rotate(documentDb, { excludeCharacters: '"' })))
    .toContain('give the content `engine: DatabaseEngine.DOCUMENTDB`');
});

describe('an admin of Amazon Redshift', () => {
  test('is attached to its cluster, and rotates', () => {
    const stack = rotate((inStack, { secret }) => DatabaseTarget.fromRedshiftCluster(
      redshift(inStack, secret.secretValueFromJson('password').unsafeUnwrap()), { superuser: secret }));
    Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::SecretTargetAttachment', {
      TargetType: 'AWS::Redshift::Cluster', TargetId: { Ref: 'Warehouse' },
    });
  });

  test.each<[string, Make, string]>([
    ['that has another password', (stack, { secret }) =>
      DatabaseTarget.fromRedshiftCluster(redshift(stack, 'x'), { superuser: secret }),
    "[Stack/Admin] the database 'Stack/Warehouse' does not get its master password from the secret"],
    ['Serverless', (stack, { secret }) => DatabaseTarget.fromRedshiftServerlessWorkgroup(
      new CfnWorkgroup(stack, 'Db', { workgroupName: 'w', publiclyAccessible: true }), { superuser: secret }),
    'let the service manage the admin password (manageAdminPassword), and say so with SecretHardening.fromSecret(secret)'],
  ])('is refused where the cluster is one %s', (_, make, message) => {
    expect(messageOf(() => rotate(make))).toContain(message);
  });
});

test('a database that exists already has its secret adopted', () => {
  expect(messageOf(() => rotate((_, { secret }) => DatabaseTarget.of({
    engine: DatabaseEngine.POSTGRES, host: 'db.example.com', superuser: secret,
  })))).toContain('of a database that exists already, adopt its secret with SecretHardening.fromSecret(secret)');
});
