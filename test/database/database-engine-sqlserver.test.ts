import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceEngine, LicenseModel, SqlServerEngineVersion } from 'aws-cdk-lib/aws-rds';
import { DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, SecretContent } from '../../src';
import { RESERVED_SQLSERVER_USERS } from '../../src/contract/reserved-users';

const version = SqlServerEngineVersion.VER_15;

test('its types are those of the CDK\'s engines', () => {
  const { sqlServerEe, sqlServerEx, sqlServerSe, sqlServerWeb } = DatabaseInstanceEngine;
  const engines = [sqlServerEe({ version }), sqlServerSe({ version }), sqlServerEx({ version }), sqlServerWeb({ version })];
  expect(engines.map(({ engineType }) => engineType)).toEqual(DatabaseEngine.SQLSERVER._facts.rdsEngineTypes);
});

test.each(['sa', 'SA', 'rdsa', 'RdsAdmin', '##MS_PolicyTsqlExecutionLogin##', 'NT SERVICE\\MSSQLSERVER', 'dbo', 'public'])(
  '%s is reserved',
  (name) => {
    expect(RESERVED_SQLSERVER_USERS.test(name)).toBe(true);
  },
);

test.each(['app', 'sales', 'rdsadmins', '##temporary', 'sa_clone', 'guest1'])('%s is not', (name) => {
  expect(RESERVED_SQLSERVER_USERS.test(name)).toBe(false);
});

describe('a secret of an Amazon RDS instance', () => {
  const make = (username = 'my_custom_app', rotation = Rotation.alternatingUsers()): Template => {
    const stack = new Stack(new App(), 'Stack');
    const instance = new DatabaseInstance(stack, 'Personnel', {
      engine: DatabaseInstanceEngine.sqlServerWeb({ version }),
      licenseModel: LicenseModel.LICENSE_INCLUDED,
      instanceType: InstanceType.of(InstanceClass.T3, InstanceSize.MEDIUM),
      vpc: new Vpc(stack, 'Vpc'),
    });
    new HardenedSecret(stack, 'Credentials', {
      secretName: 'MyCustomAppCreds',
      content: SecretContent.databaseCredentials({ username, database: DatabaseTarget.fromRdsInstance(instance) }),
      rotation,
    });
    return Template.fromStack(stack);
  };

  test('alternates users with the bundle for SQL Server', () => {
    const functions = Object.values(make().findResources('AWS::Lambda::Function')) as {
      Properties: { Environment?: { Variables: Record<string, unknown> } };
    }[];
    const database = functions.flatMap(({ Properties }) => Properties.Environment?.Variables.ROTATION_DATABASE ?? []);
    expect(database).toHaveLength(1);
    expect(JSON.stringify(database)).toContain('\\"engine\\":\\"sqlserver\\"');
  });

  test('refuses a user that is the server\'s, and two passwords at once', () => {
    expect(() => make('rdsa')).toThrow(/rdsa/);
    expect(() => make('my_custom_app', Rotation.dualPassword())).toThrow(/sqlserver/);
  });
});
