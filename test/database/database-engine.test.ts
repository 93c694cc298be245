import {
  AuroraMysqlEngineVersion,
  AuroraPostgresEngineVersion,
  DatabaseClusterEngine,
  DatabaseInstanceEngine,
  MariaDbEngineVersion,
  MysqlEngineVersion,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { DatabaseEngine } from '../../src/database/database-engine';

test('their types are those of the CDK\'s engines', () => {
  const { rdsEngineTypes } = DatabaseEngine.POSTGRES._facts;
  expect(rdsEngineTypes).toContain(DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }).engineType);
  expect(rdsEngineTypes)
    .toContain(DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }).engineType);
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
