import {
  AuroraMysqlEngineVersion, AuroraPostgresEngineVersion, DatabaseClusterEngine, DatabaseInstanceEngine, MariaDbEngineVersion, MysqlEngineVersion,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { RESERVED_MYSQL_USERS, RESERVED_POSTGRESQL_USERS } from '../../src/contract/handler-contract';
import { DatabaseEngine } from '../../src/database/database-engine';

test('PostgreSQL is what the AWS rotation functions take it for', () => {
  expect(DatabaseEngine.POSTGRES._facts).toEqual({
    name: 'postgres',
    handler: 'rotate-postgresql',
    defaultPort: 5432,
    password: { length: 32, excludeCharacters: ':/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 128 },
    maximumUsernameBytes: 63,
    rdsEngineTypes: ['postgres', 'aurora-postgresql'],
    authentication: true,
    passwordStatement: true,
    reservedUsernames: RESERVED_POSTGRESQL_USERS,
  });
});

test('MySQL is what the AWS rotation functions take it for', () => {
  expect(DatabaseEngine.MYSQL._facts).toEqual({
    name: 'mysql',
    handler: 'rotate-mysql',
    defaultPort: 3306,
    password: { length: 32, excludeCharacters: '/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 41 },
    maximumUsernameBytes: 32,
    rdsEngineTypes: ['mysql', 'aurora-mysql'],
    reservedUsernames: RESERVED_MYSQL_USERS,
    dualPassword: true,
  });
});

test('MariaDB is what the AWS rotation functions take it for', () => {
  expect(DatabaseEngine.MARIADB._facts).toEqual({
    name: 'mariadb',
    handler: 'rotate-mysql',
    defaultPort: 3306,
    password: { length: 32, excludeCharacters: '/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 41 },
    maximumUsernameBytes: 80,
    rdsEngineTypes: ['mariadb'],
    reservedUsernames: RESERVED_MYSQL_USERS,
    maximumRoles: 1,
  });
});

test('their types are those of the CDK\'s engines', () => {
  const { rdsEngineTypes } = DatabaseEngine.POSTGRES._facts;
  expect(rdsEngineTypes).toContain(DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }).engineType);
  expect(rdsEngineTypes).toContain(DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }).engineType);
  const mysql = DatabaseEngine.MYSQL._facts.rdsEngineTypes;
  expect(mysql).toContain(DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.VER_8_0 }).engineType);
  expect(mysql).toContain(DatabaseClusterEngine.auroraMysql({ version: AuroraMysqlEngineVersion.VER_3_08_0 }).engineType);
  const mariadb = DatabaseInstanceEngine.mariaDb({ version: MariaDbEngineVersion.VER_10_11 }).engineType;
  expect(DatabaseEngine.MARIADB._facts.rdsEngineTypes).toEqual([mariadb]);
});

test('every engine is in the list that engine types are looked up in', () => {
  const engines = Object.values(DatabaseEngine).filter((value) => value instanceof DatabaseEngine);
  expect(DatabaseEngine._ALL).toEqual(engines);
});
