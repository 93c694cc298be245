import { DatabaseCluster as DocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceType, SecurityGroup, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceEngine, type IInstanceEngine, MysqlEngineVersion } from 'aws-cdk-lib/aws-rds';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine,
  type DatabaseHostOptions,
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  RotationNetwork,
  SecretContent,
  SecretHardening,
} from '../src';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from './support/scenario';

const { POSTGRES, MYSQL, MARIADB, SQLSERVER, ORACLE, DOCUMENTDB, REDSHIFT } = DatabaseEngine;
const ENV = { account: '111111111111', region: 'us-east-1' };
const superusers = new WeakMap<Stack, Secret>();

function superuserOf(stack: Stack): Secret {
  const known = superusers.get(stack) ?? new Secret(stack, 'Superuser');
  superusers.set(stack, known);
  return known;
}

const target = (stack: Stack, engine: DatabaseEngine, options: Partial<DatabaseHostOptions> = {}) =>
  DatabaseTarget.of({
    engine,
    host: 'db.example.com',
    superuser: superuserOf(stack),
    ...(engine === ORACLE && { databaseName: 'ORCL' }),
    ...options,
  });

/** A user whose database its rotation names, so that its content knows no engine. */
const late = (engine: DatabaseEngine, username: string, rotation: 'singleUserWithSuperuser' | 'alternatingUsers') =>
  (stack: Stack) => new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username }), rotation: Rotation[rotation]({ database: target(stack, engine) }),
  });
/** The same of a user that changes its own password. */
const itself = (engine: DatabaseEngine, username: string) => (stack: Stack) =>
  SecretHardening.fromSecret(new Secret(stack, 'Creds'), { content: SecretContent.databaseCredentials({ username }) })
    .addRotation(Rotation.singleUser({ database: target(stack, engine) }));
const named = (engine: DatabaseEngine, username: string) => (stack: Stack) => new HardenedSecret(stack, 'Creds', {
  content: SecretContent.databaseCredentials({ username, database: target(stack, engine) }), rotation: Rotation.none('test'),
});
const inDatabase = (engine: DatabaseEngine, databaseName: string) => (stack: Stack) => target(stack, engine, { databaseName });
const withRoles = (engine: DatabaseEngine, createWithRoles: string[], databaseName?: string) => (stack: Stack) =>
  new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app' }),
    rotation: Rotation.singleUserWithSuperuser({
      createWithRoles,
      database: target(stack, engine, databaseName === undefined ? {} : { databaseName }),
    }),
  });
const user = (stack: Stack, database: DatabaseTarget, username: string, superuser = superuserOf(stack)) =>
  new HardenedSecret(stack, 'Creds', {
    secretName: 'creds',
    content: SecretContent.databaseCredentials({ username, database }),
    rotation: Rotation.singleUserWithSuperuser({ superuser }),
  });

/** A user of an instance that is imported by its address. */
interface Address {
  readonly host?: string;
  readonly port?: number;
  readonly engine?: IInstanceEngine;
}

const imported = (address: Address, tlsServerName?: string) => (stack: Stack) => {
  const vpc = isolatedVpc(stack);
  return user(stack, DatabaseTarget.fromRdsInstance(
    DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
      instanceIdentifier: 'personnel',
      instanceEndpointAddress: address.host ?? 'personnel.cabc.us-east-1.rds.amazonaws.com',
      port: address.port ?? 5432,
      securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
      engine: address.engine ?? DatabaseInstanceEngine.POSTGRES,
    }),
    { network: RotationNetwork.of({ vpc }), superuser: superuserOf(stack), tlsServerName },
  ), 'app');
};
const importedCluster = (clusterEndpointAddress: string) => (stack: Stack) => DatabaseTarget.fromDocumentDbCluster(
  DocumentDbCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
    clusterIdentifier: 'orders', clusterEndpointAddress, port: 27017,
  }),
);

/** A secret of the app with a template of its own, adopted for a user of a database. */
const adopted = (template: string, rotation: (stack: Stack) => Rotation, username?: string) => (stack: Stack) => {
  const secret = new Secret(stack, 'Adopted', {
    generateSecretString: { secretStringTemplate: template, generateStringKey: 'password' },
  });
  const content = username === undefined ? undefined : SecretContent.databaseCredentials({ username });
  SecretHardening.fromSecret(secret, { content }).addRotation(rotation(stack));
};
const alone = (stack: Stack) => Rotation.singleUser({ database: target(stack, POSTGRES) });
const changed = (stack: Stack) => Rotation.alternatingUsers({ database: target(stack, POSTGRES) });

const documentDb = (stack: Stack, vpc: Vpc) => DatabaseTarget.fromDocumentDbCluster(new DocumentDbCluster(stack, 'DocumentDb', {
  vpc,
  instanceType: new InstanceType('r6g.large'),
  masterUser: { username: 'master' },
  vpcSubnets: { subnets: vpc.isolatedSubnets },
}));
const redshift = (stack: Stack, vpc: Vpc) => DatabaseTarget.fromRedshiftCluster(
  new CfnCluster(stack, 'Redshift', {
    clusterType: 'single-node', dbName: 'dev', masterUsername: 'master', nodeType: 'ra3.large', manageMasterPassword: true,
  }),
  { network: RotationNetwork.of({ vpc }), securityGroups: [new SecurityGroup(stack, 'Group', { vpc })] },
);
const mysql57 = DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.of('5.7.44', '5.7') });

const RESERVED = 'allowed: a user that belongs neither to the engine nor to Amazon RDS';
const FORM = 'allowed: characters that names of the engine';
const DATABASE = '(databaseName)` is';
const CHARACTERS = 'allowed: characters that the name of a';
const ADDRESS = 'allowed: an IP address together with tlsServerName';
const NO_ROLES = "are those of a database, and the target names none but 'master'";
const ROLE = '`createWithRoles` is';
const MASTER = "'master' is the master user of the database, an administrator";
const TEMPLATE = 'the template of the secret is for another user or database than its rotation:';

describe('what a function could only answer with `configuration` is refused at synthesis', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['a reserved user whose database the rotation names', itself(POSTGRES, 'rdsadmin'), RESERVED],
    ['the same, by a superuser', late(MYSQL, 'mysql.sys', 'singleUserWithSuperuser'), RESERVED],
    ['the same, alternating', late(REDSHIFT, 'IAM:x', 'alternatingUsers'), RESERVED],
    ['a name that is too long for the engine', itself(MYSQL, 'x'.repeat(33)), 'allowed: 1 to 32 bytes'],
    ['a name that is too long for its alternate', late(MARIADB, 'x'.repeat(75), 'alternatingUsers'), 'at most 74 bytes'],
    ['a name that needs quotation marks', itself(ORACLE, 'my user'), 'allowed: a letter and letters, digits'],
    ['a name with NUL', named(POSTGRES, 'a\0b'), `${FORM} 'postgres' can have`],
    ['a name that MySQL cannot keep', named(MYSQL, 'app😀'), `${FORM} 'mysql' can have`],
    ['a name that MariaDB cannot keep', itself(MARIADB, 'app😀'), `${FORM} 'mariadb' can have`],
    ['half a character of SQL Server', named(SQLSERVER, 'a\ud800'), `${FORM} 'sqlserver' can have`],
    ['half a character', named(DOCUMENTDB, 'a\ud800'), `${FORM} 'mongo' can have`],
    ['half a character of Redshift', named(REDSHIFT, 'a\ud800'), `${FORM} 'redshift' can have`],
    ['no service', inDatabase(ORACLE, 'a)(b'), `${DATABASE} "a)(b", ${CHARACTERS} service can have`],
    ['a database of MongoDB', inDatabase(DOCUMENTDB, 'my.db'), `${DATABASE} "my.db", ${CHARACTERS} database`],
    ['a database of MySQL', inDatabase(MYSQL, '😀'), `${DATABASE} "😀", ${CHARACTERS} database`],
    ['a role of Oracle that administers', withRoles(ORACLE, ['dba']), `${ROLE} "dba"`],
    ['the same in quotation marks', withRoles(ORACLE, ['"DBA"']), `${ROLE} "\\"DBA\\""`],
    ['a role of Oracle that is no name', withRoles(ORACLE, ['my role']), `${ROLE} "my role"`],
    ['a role of MongoDB that administers', withRoles(DOCUMENTDB, ['root@admin']), `${ROLE} "root@admin"`],
    ['a role of the admin database', withRoles(DOCUMENTDB, ['userAdmin']), `${ROLE} "userAdmin"`],
    ['a role of Redshift that administers', withRoles(REDSHIFT, ['sys:superuser']), `${ROLE} "sys:superuser"`],
    ['a role with NUL', withRoles(POSTGRES, ['a\0']), `${ROLE} "a\\u0000"`],
    ['roles of no database', withRoles(SQLSERVER, ['db_datareader']), NO_ROLES],
    ['roles of the system database', withRoles(SQLSERVER, ['db_datareader'], 'master'), NO_ROLES],
    ['an imported address without a name', imported({ host: '10.0.0.1' }), ADDRESS],
    ['an imported host that is none', imported({ host: 'https://db.example.com' }), 'allowed: a DNS name or an IP address'],
    ['an imported port that is none', imported({ port: 70_000 }), 'fromRdsInstance(port)` is 70000, allowed: a whole number'],
    ['an imported cluster without a name', importedCluster('10.0.0.1'), ADDRESS],
    ['a version that is too old', imported({ engine: mysql57 }), 'the version of the database is 5.7'],
    ['the superuser by the name of the secret', (stack) => user(stack, target(stack, POSTGRES), 'app',
      Secret.fromSecretNameV2(stack, 'Same', 'creds') as Secret), "`superuser` has the name 'creds'"],
    ['the superuser by its template', (stack) => user(stack, target(stack, POSTGRES), 'root', new Secret(stack, 'Root', {
      generateSecretString: { secretStringTemplate: '{"username":"root"}', generateStringKey: 'password' },
    })), "'root' is the superuser itself"],
    ['the master user by another', (stack) => user(stack, DatabaseTarget.fromRdsInstance(
      personnelDatabase(stack, isolatedVpc(stack), superuserOf(stack))), 'postgres', new Secret(stack, 'Other')),
    "'postgres' is the master user of the database"],
    ['the master user of DocumentDB', (stack) =>
      user(stack, documentDb(stack, isolatedVpc(stack)), 'master', new Secret(stack, 'Other')), MASTER],
    ['the master user of Redshift', (stack) => user(stack, redshift(stack, isolatedVpc(stack)), 'master'), MASTER],
    ['another user than the template\'s', adopted('{"username":"other"}', changed, 'app'), `${TEMPLATE} username differ`],
    ['the same, as itself', adopted('{"username":"app_clone"}', alone, 'app'), `${TEMPLATE} username differ`],
    ['another engine than the template\'s', adopted('{"engine":"mysql"}', alone), `${TEMPLATE} engine differ`],
    ['another place than the template\'s', adopted('{"host":"x","port":1}', alone), `${TEMPLATE} host, port differ`],
  ])('%s', (_, act, message) => {
    const found = messageOf(() => act(new Stack(testApp(), 'Stack', { env: ENV })));
    expect(found).toContain(message);
    expect(found).toMatch(/^\[[^\]]*\] .*; [a-z]/s);
  });
});

describe('what may be right is not refused', () => {
  const token = (stack: Stack) => new CfnParameter(stack, 'Token').valueAsString;

  test.each<[string, (stack: Stack) => unknown]>([
    ['an ordinary user, late', late(POSTGRES, 'app', 'singleUserWithSuperuser')],
    ['a user that only the deployment knows', (stack) => late(MYSQL, token(stack), 'singleUserWithSuperuser')(stack)],
    ['a database that only the deployment knows', (stack) => inDatabase(ORACLE, token(stack))(stack)],
    ['a name in quotation marks', late(ORACLE, '"my user"', 'singleUserWithSuperuser')],
    ['a service with a domain', inDatabase(ORACLE, 'app.example-1.com')],
    ['roles of another database', withRoles(DOCUMENTDB, ['dbOwner@orders', 'reader'])],
    ['a role of its own database that administers nothing else', withRoles(DOCUMENTDB, ['dbOwner'], 'orders')],
    ['roles of a named database', withRoles(SQLSERVER, ['db_datareader'], 'orders')],
    ['no roles, and no database', withRoles(SQLSERVER, [])],
    ['an ordinary role of Oracle', withRoles(ORACLE, ['reader'])],
    ['an imported address with a name', imported({ host: '10.0.0.1' }, 'db.example.com')],
    ['a version that is not known', imported({ engine: DatabaseInstanceEngine.MYSQL })],
    ['the template of an alternate user', adopted('{"username":"app_clone","engine":"aurora-postgresql"}', changed, 'app')],
    ['a template with the right place', adopted('{"host":"DB.example.com","port":"5432"}', alone)],
    ['a template that is no object', adopted('null', alone)],
    ['a template that is no JSON', adopted('{', alone)],
    ['a value that is not generated', (stack) => {
      const secret = Secret.fromSecretNameV2(stack, 'Named', 'other');
      return user(stack, target(stack, POSTGRES), 'app', secret as Secret);
    }],
    ['a secret without a template', (stack) => {
      const secret = new Secret(stack, 'Adopted');
      (secret.node.defaultChild as CfnSecret).generateSecretString = undefined;
      SecretHardening.fromSecret(secret).addRotation(alone(stack));
    }],
  ])('%s', (_, act) => {
    expect(messageOf(() => act(new Stack(testApp(), 'Stack', { env: ENV })))).toBe('');
  });
});
