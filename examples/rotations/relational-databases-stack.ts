import { InstanceClass, InstanceSize, InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  type IInstanceEngine,
  MariaDbEngineVersion,
  MysqlEngineVersion,
  OptionGroup,
  OracleEngineVersion,
  PostgresEngineVersion,
  SqlServerEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { DatabaseTarget, HardenedSecret, Rotation, SecretContent } from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

const ORACLE = DatabaseInstanceEngine.oracleSe2({ version: OracleEngineVersion.VER_19_0_0_0_2024_10_R1 });
const ORACLE_TLS_PORT = 2484;

/** An application's user in a database of each engine of Amazon RDS, each by the strategy that suits it best. */
export class RelationalDatabasesStack extends Stack {
  private readonly vpc = new Vpc(this, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const postgres = this.database('Postgres', DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_6 }));
    this.user('PostgresUser', DatabaseTarget.fromRdsInstance(postgres), Rotation.alternatingUsers());

    // Whatever stands in front of the database, a proxy for example, sees one user all the time.
    const mysql = this.database('Mysql', DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.VER_8_4_6 }));
    this.user('MysqlUser', DatabaseTarget.fromRdsInstance(mysql), Rotation.dualPassword());

    const mariadb = this.database('Mariadb', DatabaseInstanceEngine.mariaDb({ version: MariaDbEngineVersion.VER_11_4_5 }));
    this.user('MariadbUser', DatabaseTarget.fromRdsInstance(mariadb), Rotation.alternatingUsers());

    const sqlServer = this.database('SqlServer', DatabaseInstanceEngine.sqlServerWeb({ version: SqlServerEngineVersion.VER_16 }));
    this.user('SqlServerUser', DatabaseTarget.fromRdsInstance(sqlServer), Rotation.alternatingUsers());

    // Without the option there is no TLS, and the functions sign in nowhere without it.
    const ssl = { name: 'SSL', settings: { SQLNET_SSL_VERSION: '1.2' }, port: ORACLE_TLS_PORT, vpc: this.vpc };
    const oracle = this.database(
      'Oracle',
      ORACLE,
      new OptionGroup(this, 'OracleOptions', { engine: ORACLE, configurations: [ssl] }),
    );
    this.user('OracleUser', DatabaseTarget.fromRdsInstance(oracle, { databaseName: 'ORCL' }), Rotation.singleUserWithSuperuser());
  }

  /** With an admin secret of the AWS CDK: examples/my-custom-app has one that is rotated as well. */
  private database(name: string, engine: IInstanceEngine, optionGroup?: OptionGroup): DatabaseInstance {
    return new DatabaseInstance(this, name, {
      engine,
      optionGroup,
      vpc: this.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      instanceType: InstanceType.of(InstanceClass.T3, InstanceSize.SMALL),
      credentials: Credentials.fromGeneratedSecret('administrator'),
      storageEncrypted: true,
    });
  }

  private user(id: string, database: DatabaseTarget, rotation: Rotation): void {
    new HardenedSecret(this, id, { content: SecretContent.databaseCredentials({ username: 'app', database }), rotation });
  }
}
