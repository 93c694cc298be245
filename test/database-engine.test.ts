import { AuroraPostgresEngineVersion, DatabaseClusterEngine, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { DatabaseEngine } from '../src/database-engine';
import { RESERVED_POSTGRESQL_USERS } from '../src/private/handler-contract';

test('PostgreSQL is what the AWS rotation functions take it for', () => {
  expect(DatabaseEngine.POSTGRES._facts).toEqual({
    name: 'postgres',
    handler: 'rotate-postgresql',
    defaultPort: 5432,
    password: { length: 32, excludeCharacters: ':/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 128 },
    maximumUsernameBytes: 63,
    rdsEngineTypes: ['postgres', 'aurora-postgresql'],
    reservedUsernames: RESERVED_POSTGRESQL_USERS,
  });
});

test('its types are those of the CDK\'s engines', () => {
  const { rdsEngineTypes } = DatabaseEngine.POSTGRES._facts;
  expect(rdsEngineTypes).toContain(DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }).engineType);
  expect(rdsEngineTypes).toContain(DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }).engineType);
});

test('every engine is in the list that engine types are looked up in', () => {
  const engines = Object.values(DatabaseEngine).filter((value) => value instanceof DatabaseEngine);
  expect(DatabaseEngine._ALL).toEqual(engines);
});
