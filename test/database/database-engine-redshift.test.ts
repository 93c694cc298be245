import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { SecretContent } from '../../src/content/secret-content';
import { RESERVED_REDSHIFT_USERS } from '../../src/contract/reserved-users';
import { DatabaseEngine } from '../../src/database/database-engine';
import { DatabaseTarget } from '../../src/database/database-target';
import { HardenedSecret } from '../../src/hardened-secret';
import { RotationNetwork } from '../../src/network/rotation-network';
import { Rotation } from '../../src/rotation/rotation';

let stack: Stack;
let vpc: Vpc;
let network: RotationNetwork;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  vpc = new Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
  network = RotationNetwork.of({ vpc });
});

const makeCluster = (props = {}) =>
  new CfnCluster(stack, 'Warehouse', {
    clusterType: 'single-node',
    dbName: 'sales',
    masterUsername: 'admin',
    nodeType: 'ra3.large',
    manageMasterPassword: true,
    ...props,
  });
const makeWorkgroup = (props = {}) => new CfnWorkgroup(stack, 'Workgroup', { workgroupName: 'analysis', ...props });

test.each(['rdsdb', 'PUBLIC', 'IAM:someone', 'IAMR:role', 'AWSIDC:someone'])('%s is reserved', (name) => {
  expect(RESERVED_REDSHIFT_USERS.test(name)).toBe(true);
});

test.each(['rdsdb2', 'publicist', 'iamuser', 'app'])('%s is not', (name) => {
  expect(RESERVED_REDSHIFT_USERS.test(name)).toBe(false);
});

describe('a cluster', () => {
  test('tells host, port, database and what its secret is attached to', () => {
    const cluster = makeCluster({ port: 5440 });
    const { _facts } = DatabaseTarget.fromRedshiftCluster(cluster, { network });
    const id = stack.getLogicalId(cluster);
    expect(stack.resolve([_facts.host, _facts.port]))
      .toEqual([{ 'Fn::GetAtt': [id, 'Endpoint.Address'] }, { 'Fn::GetAtt': [id, 'Endpoint.Port'] }]);
    expect(_facts).toMatchObject({
      engine: DatabaseEngine.REDSHIFT._facts,
      literalPort: 5440,
      databaseName: 'sales',
      securityGroups: [],
      dependencies: [cluster],
      source: cluster,
    });
    expect(stack.resolve(_facts.superuser?.secretFullArn)).toEqual({ 'Fn::GetAtt': [id, 'MasterPasswordSecretArn'] });
    expect(stack.resolve(_facts.attachment?.asSecretAttachmentTarget()))
      .toEqual({ targetId: { Ref: id }, targetType: 'AWS::Redshift::Cluster' });
    expect(_facts.id).toMatch(/^redshift-Warehouse-[0-9a-f]{8}$/);
  });

  test('takes what the options say: database, superuser, security groups', () => {
    const superuser = Secret.fromSecretNameV2(stack, 'Admin', 'admin');
    const group = new SecurityGroup(stack, 'Group', { vpc });
    const { _facts } = DatabaseTarget.fromRedshiftCluster(makeCluster(), {
      network,
      databaseName: 'dev',
      superuser,
      securityGroups: [group],
    });
    expect(_facts).toMatchObject({ databaseName: 'dev', superuser, securityGroups: [group], literalPort: undefined });
  });

  test('has a port that a parameter holds', () => {
    const port = new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber;
    expect(DatabaseTarget.fromRedshiftCluster(makeCluster({ port }), { network })._facts.literalPort).toBeUndefined();
  });

  test('needs a network, unless it is reachable without one', () => {
    expect(() => DatabaseTarget.fromRedshiftCluster(makeCluster())._facts.network())
      .toThrow('DatabaseTarget.fromRedshiftCluster(network)');
    expect(DatabaseTarget.fromRedshiftCluster(new CfnCluster(stack, 'Public', {
      clusterType: 'single-node', dbName: 'dev', masterUsername: 'admin', nodeType: 'ra3.large', publiclyAccessible: true,
    }))._facts.network()).toBeUndefined();
  });

  test('is what a secret rotates in, with the password that Amazon Redshift takes', () => {
    const group = new SecurityGroup(stack, 'Group', { vpc });
    const superuser = Secret.fromSecretNameV2(stack, 'Admin', 'admin');
    const target = DatabaseTarget.fromRedshiftCluster(makeCluster({ port: 5439 }), {
      network,
      superuser,
      securityGroups: [group],
    });
    new HardenedSecret(stack, 'Secret', {
      content: SecretContent.databaseCredentials({ username: 'app', database: target }),
      rotation: Rotation.singleUserWithSuperuser(),
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SecretsManager::SecretTargetAttachment', { TargetType: 'AWS::Redshift::Cluster' });
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: Match.objectLike({ ExcludeCharacters: '/@"\'\\:', PasswordLength: 32 }),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 5439, ToPort: 5439 });
  });
});

describe('a workgroup', () => {
  test('tells host and port; nothing is attached', () => {
    const workgroup = makeWorkgroup({ port: 5450 });
    const { _facts } = DatabaseTarget.fromRedshiftServerlessWorkgroup(workgroup, { network });
    const id = stack.getLogicalId(workgroup);
    expect(stack.resolve([_facts.host, _facts.port])).toEqual([
      { 'Fn::GetAtt': [id, 'Workgroup.Endpoint.Address'] }, { 'Fn::GetAtt': [id, 'Workgroup.Endpoint.Port'] },
    ]);
    expect(_facts).toMatchObject({ literalPort: 5450, dependencies: [workgroup] });
    expect(_facts.attachment).toBeUndefined();
    expect(_facts.databaseName).toBeUndefined();
  });

  test('needs a network, unless it is reachable without one', () => {
    expect(() => DatabaseTarget.fromRedshiftServerlessWorkgroup(makeWorkgroup())._facts.network())
      .toThrow('DatabaseTarget.fromRedshiftServerlessWorkgroup(network)');
    const open = new CfnWorkgroup(stack, 'Open', { workgroupName: 'open', publiclyAccessible: true });
    expect(DatabaseTarget.fromRedshiftServerlessWorkgroup(open)._facts.network()).toBeUndefined();
  });
});

test('one by its address', () => {
  const { _facts } = DatabaseTarget.of({
    engine: DatabaseEngine.REDSHIFT,
    host: 'warehouse.abc.eu-west-1.redshift.amazonaws.com',
    network,
  });
  expect(_facts).toMatchObject({ port: 5439, host: 'warehouse.abc.eu-west-1.redshift.amazonaws.com' });
});

test.each([[7, false], [8, true], [64, true], [65, false]])('passwords of %d characters', (passwordLength, fits) => {
  const make = () => DatabaseTarget.of({ engine: DatabaseEngine.REDSHIFT, host: 'warehouse.example.com', passwordLength });
  if (fits) {
    expect(make()._facts.password.length).toBe(passwordLength);
  } else {
    expect(make).toThrow('passwordLength');
  }
});
