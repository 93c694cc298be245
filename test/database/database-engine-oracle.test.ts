import { Template } from 'aws-cdk-lib/assertions';
import { InstanceClass, InstanceSize, InstanceType, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  OracleEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter, Stack } from 'aws-cdk-lib/core';
import { generatePassword } from '../../handlers/database/generate-password';
import {
  DatabaseEngine,
  DatabaseTarget,
  type DatabaseTargetOptions,
  HardenedSecret,
  Rotation,
  RotationNetwork,
  SecretContent,
} from '../../src';
import { isolatedVpc, messageOf, testApp } from '../support/scenario';

function setup() {
  const stack = new Stack(testApp(), 'Stack');
  const vpc = isolatedVpc(stack);
  const instance = new DatabaseInstance(stack, 'Orders', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    instanceType: InstanceType.of(InstanceClass.M5, InstanceSize.LARGE),
    engine: DatabaseInstanceEngine.oracleSe2({ version: OracleEngineVersion.VER_19 }),
  });
  const target = (options: DatabaseTargetOptions = { databaseName: 'ORCL' }) => DatabaseTarget.fromRdsInstance(instance, options);
  const user = (database: DatabaseTarget, username = 'app', rotation = Rotation.alternatingUsers()) =>
    new HardenedSecret(stack, 'Creds', { content: SecretContent.databaseCredentials({ username, database }), rotation });
  return { stack, vpc, instance, target, user };
}

function factsIn(stack: Stack): Record<string, unknown> {
  const [{ Properties }] = Object.values(
    Template.fromStack(stack).findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { ROTATION_MODE: 'superuser' } } },
    }),
  );
  const text: unknown = Properties.Environment.Variables.ROTATION_DATABASE;
  return JSON.parse(
    JSON.stringify(stack.resolve(text)).includes('Fn::Join')
      ? (text as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
        .map((part) => (typeof part === 'string' ? part : 'TOKEN'))
        .join('')
      : (text as string),
  ) as Record<string, unknown>;
}

test('its types are those of the CDK\'s engines', () => {
  const version = OracleEngineVersion.VER_19;
  expect(DatabaseEngine.ORACLE._facts.rdsEngineTypes).toEqual([
    DatabaseInstanceEngine.oracleEe({ version }), DatabaseInstanceEngine.oracleEeCdb({ version }),
    DatabaseInstanceEngine.oracleSe2({ version }), DatabaseInstanceEngine.oracleSe2Cdb({ version }),
  ].map(({ engineType }) => engineType));
});

test('10,000 passwords are ones that Amazon RDS and a quoted statement take', () => {
  for (let made = 0; made < 10_000; made++) {
    expect(generatePassword(DatabaseEngine.ORACLE._facts.password))
      .toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9])[!-~]{30}$/);
  }
  expect(DatabaseEngine.ORACLE._facts.password.excludeCharacters).toBe('/@"\'\\&');
});

test.each([
  [undefined, 2484],
  [2500, 2500],
])("an instance is reached at the port for TLS, and its secret names the endpoint's: tlsPort %s", (tlsPort, port) => {
  const { stack, target, user } = setup();
  user(target({ databaseName: 'ORCL', tlsPort }));
  expect(factsIn(stack)).toMatchObject({ engine: 'oracle', tlsPort: port, databaseName: 'ORCL', port: 'TOKEN' });
  const rules = Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress');
  const ofRotation = Object.values(rules).map(({ Properties }) => Properties)
    .filter(({ Description }) => /^Rotation of/.test(Description));
  expect(ofRotation).toEqual([expect.objectContaining({ IpProtocol: 'tcp', FromPort: port, ToPort: port })]);
});

test('an address has one port, unless secrets have to name another', () => {
  const { vpc, stack, user } = setup();
  const address = {
    engine: DatabaseEngine.ORACLE,
    host: 'db.example.com',
    databaseName: 'sales.example.com',
    network: RotationNetwork.of({ vpc }),
  };
  expect(DatabaseTarget.of(address)._facts).toMatchObject({ port: 2484, tlsPort: undefined });
  const securityGroups = [new SecurityGroup(stack, 'Group', { vpc })];
  user(DatabaseTarget.of({ ...address, port: 1521, tlsPort: 2484, securityGroups, superuser: new Secret(stack, 'Superuser') }));
  expect(factsIn(stack)).toMatchObject({ port: 1521, tlsPort: 2484, databaseName: 'sales.example.com' });
});

test('a port that the template resolves', () => {
  const { stack, target, user } = setup();
  const parameter = new CfnParameter(stack, 'TlsPort', { type: 'Number' });
  user(target({ databaseName: 'ORCL', tlsPort: parameter.valueAsNumber }));
  expect(factsIn(stack)).toMatchObject({ tlsPort: 'TOKEN' });
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    FromPort: { Ref: 'TlsPort' },
    ToPort: { Ref: 'TlsPort' },
  });
});

const NAME = 'allowed: the name of a service; with the engine \'oracle\' nobody can connect without: give the service\'s name, '
  + 'on Amazon RDS that of the database (ORCL unless another was chosen)';

test('without the name of a service nobody can connect', () => {
  const { target } = setup();
  expect(messageOf(() => target({})))
    .toBe(`[Stack/Orders] \`DatabaseTarget.fromRdsInstance(databaseName)\` is not given, ${NAME}`);
  expect(messageOf(() => DatabaseTarget.of({ engine: DatabaseEngine.ORACLE, host: 'db.example.com' })))
    .toContain(`\`DatabaseTarget.of(databaseName)\` is not given, ${NAME}`);
});

test.each([0, 65536, 1.5])('a port that is none: %d', (tlsPort) => {
  const { target } = setup();
  expect(messageOf(() => target({ databaseName: 'ORCL', tlsPort }))).toBe(
    `[Stack/Orders] \`DatabaseTarget.fromRdsInstance(tlsPort)\` is ${tlsPort}, `
      + 'allowed: a whole number from 1 to 65535; leave it out for 2484, or give the port of TCPS',
  );
});

test('a port for TLS alone is Oracle\'s', () => {
  const { stack, vpc } = setup();
  const cluster = new DatabaseCluster(stack, 'Cluster', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
    writer: ClusterInstance.provisioned('writer'),
  });
  expect(messageOf(() => DatabaseTarget.fromRdsCluster(cluster, { tlsPort: 2484 }))).toBe(
    '[Stack/Cluster] `DatabaseTarget.fromRdsCluster(tlsPort)` is for Oracle, '
      + "and the engine is 'postgres', which speaks TLS at its one port; leave it out",
  );
});

test('two passwords are for others', () => {
  const { target, user } = setup();
  expect(messageOf(() => user(target(), 'app', Rotation.dualPassword())))
    .toContain('users of the engine \'oracle\' have one password');
});

test.each(['SYS', 'system', '"SYS"', 'rdsadmin', 'APEX_PUBLIC_USER'])('%s belongs to Oracle or Amazon RDS', (username) => {
  const { target, user } = setup();
  expect(messageOf(() => user(target(), username))).toContain(`is "${username.replaceAll('"', '\\"')}"`);
});

const NAMES = 'allowed: a letter and letters, digits, _ $ #, or any other name in quotation marks, which does not alternate; '
  + 'give the user as clients of the database write it';

test.each([['my-app', 'my-app'], ['"My App"', '"My App"_clone']])('%s cannot alternate', (username, refused) => {
  const { target, user } = setup();
  expect(messageOf(() => user(target(), username)))
    .toBe(`[Stack/Creds] \`SecretContent.databaseCredentials(username)\` is ${JSON.stringify(refused)}, ${NAMES}`);
});

test.each(['C##APP', '"My App"', 'app_1$'])('%s can be rotated as a single user', (username) => {
  const { target, user } = setup();
  expect(() => user(target(), username, Rotation.singleUserWithSuperuser())).not.toThrow();
});

test('passwords that would end a quotation are refused', () => {
  const { target } = setup();
  expect(messageOf(() => target({ databaseName: 'ORCL', excludeCharacters: '/@' })))
    .toContain('the server takes no " in a password');
  expect(messageOf(() => target({ databaseName: 'ORCL', passwordLength: 31 }))).toContain('from 8 to 30 characters');
});
