import { Match, Template } from 'aws-cdk-lib/assertions';
import { DatabaseCluster, type DatabaseClusterProps } from 'aws-cdk-lib/aws-docdb';
import { InstanceClass, InstanceSize, InstanceType, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, type CfnResource, SecretValue, Stack } from 'aws-cdk-lib/core';
import { SecretContent } from '../../src/content/secret-content';
import { RESERVED_DOCUMENTDB_USERS } from '../../src/contract/reserved-users';
import { DatabaseEngine } from '../../src/database/database-engine';
import { DatabaseTarget } from '../../src/database/database-target';
import { HardenedSecret } from '../../src/hardened-secret';
import { RotationNetwork } from '../../src/network/rotation-network';
import { Rotation } from '../../src/rotation/rotation';

const { DOCUMENTDB } = DatabaseEngine;

let stack: Stack;
let vpc: Vpc;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
  vpc = new Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
});

const makeCluster = (props: Partial<DatabaseClusterProps> = {}) => new DatabaseCluster(stack, 'Orders', {
  vpc,
  vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
  instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM),
  instances: 2,
  masterUser: { username: 'dbadmin' },
  ...props,
});
const importCluster = (props = {}) => DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
  clusterIdentifier: 'orders',
  clusterEndpointAddress: 'orders.cluster-abc.eu-west-1.docdb.amazonaws.com',
  port: 27018,
  securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'ImportedGroup', 'sg-1'),
  ...props,
});
const logicalId = (resource: unknown): string => stack.getLogicalId(resource as CfnResource);

test('users of the service are reserved', () => {
  expect(['serviceadmin', 'rdsadmin', '__system', 'app', 'serviceadmin2'].map((name) => RESERVED_DOCUMENTDB_USERS.test(name)))
    .toEqual([true, true, true, false, false]);
});

describe('a cluster', () => {
  test('tells everything itself', () => {
    const cluster = makeCluster();
    const { _facts } = DatabaseTarget.fromDocumentDbCluster(cluster);
    expect(_facts.engine).toBe(DOCUMENTDB._facts);
    expect(_facts.source).toBe(cluster);
    expect(_facts.attachment).toBe(cluster);
    expect(_facts.superuser).toBe(cluster.secret);
    expect(_facts.securityGroups).toEqual(cluster.connections.securityGroups);
    expect(_facts.id).toMatch(/^mongo-Orders-[0-9a-f]{8}$/);
    const types = _facts.dependencies.map((dependency) => (dependency as CfnResource).cfnResourceType);
    expect(types).toEqual(['AWS::DocDB::DBCluster', 'AWS::DocDB::DBInstance', 'AWS::DocDB::DBInstance']);
    const id = logicalId(cluster.node.defaultChild);
    expect(stack.resolve([_facts.host, _facts.port]))
      .toEqual([{ 'Fn::GetAtt': [id, 'Endpoint'] }, { 'Fn::GetAtt': [id, 'Port'] }]);
    expect(_facts.literalPort).toBeUndefined();
    expect(_facts.network()).toMatchObject({ vpc, subnets: { subnets: vpc.isolatedSubnets }, egress: 'none' });
  });

  test('has no superuser where its password is known otherwise, and may be given one, rules and a network', () => {
    const cluster = makeCluster({
      masterUser: { username: 'dbadmin', password: SecretValue.ssmSecure('/password', '1') },
      port: 27019,
    });
    const plain = DatabaseTarget.fromDocumentDbCluster(cluster)._facts;
    expect([plain.superuser, plain.literalPort]).toEqual([undefined, 27019]);
    const superuser = Secret.fromSecretNameV2(stack, 'Admin', 'admin');
    const network = RotationNetwork.of({ vpc: new Vpc(stack, 'Other') });
    const { _facts } = DatabaseTarget.fromDocumentDbCluster(cluster, {
      superuser,
      network,
      passwordLength: 100,
      tlsServerName: 'db.example.com',
    });
    expect(_facts.superuser).toBe(superuser);
    expect(_facts).toMatchObject({ password: { length: 100 }, tlsServerName: 'db.example.com', id: plain.id });
    expect(_facts.network()).toBe(network._facts);
    expect(plain.network(network._facts)).toBe(network._facts);
  });

  test('imported is a target whose network has to be named', () => {
    const cluster = importCluster();
    const { _facts } = DatabaseTarget.fromDocumentDbCluster(cluster);
    expect(_facts).toMatchObject({
      host: 'orders.cluster-abc.eu-west-1.docdb.amazonaws.com',
      port: 27018,
      superuser: undefined,
      dependencies: [],
    });
    expect(_facts.securityGroups.map((group) => group.securityGroupId)).toEqual(['sg-1']);
    expect(() => _facts.network()).toThrow(
      '[Stack/Imported] `DatabaseTarget.fromDocumentDbCluster(network)` is not given, allowed: RotationNetwork.of({ vpc })',
    );
    const network = RotationNetwork.of({ vpc });
    expect(DatabaseTarget.fromDocumentDbCluster(cluster, { network })._facts.network()).toBe(network._facts);
  });

  test.each([
    {
      name: 'a reader',
      make: () =>
        DatabaseTarget.fromDocumentDbCluster(
          importCluster({ clusterEndpointAddress: 'orders.cluster-ro-abc.eu-west-1.docdb.amazonaws.com' }),
        ),
      message: 'a reader accepts no password change',
    },
    {
      name: 'another database for users',
      make: () => DatabaseTarget.fromDocumentDbCluster(makeCluster(), { databaseName: 'orders' }),
      message:
        '[Stack/Orders] `DatabaseTarget.fromDocumentDbCluster(databaseName)` is "orders", allowed: none; all users of Amazon '
          + 'DocumentDB are in the database admin: leave it out',
    },
    {
      name: 'a password that is too long',
      make: () => DatabaseTarget.fromDocumentDbCluster(makeCluster(), { passwordLength: 101 }),
      message:
        '[Stack/Orders] `DatabaseTarget.fromDocumentDbCluster(passwordLength)` is 101, allowed: a whole number from 8 to '
          + '100 characters',
    },
    {
      name: 'no endpoint',
      make: () => DatabaseTarget.fromDocumentDbCluster(importCluster({ clusterEndpointAddress: undefined })),
      message: 'clusterEndpoint',
    },
  ])('$name is refused', ({ make, message }) => {
    expect(make).toThrow(message);
  });
});

test('MongoDB by its address, with users in another database', () => {
  const { _facts } = DatabaseTarget.of({ engine: DOCUMENTDB, host: 'mongo.example.com', databaseName: 'orders' });
  expect(_facts).toMatchObject({ engine: DOCUMENTDB._facts, host: 'mongo.example.com', port: 27017, databaseName: 'orders' });
});

describe('in a template', () => {
  test('alternating users: attached, let in at the port by a rule of its own, no wildcard', () => {
    const cluster = makeCluster();
    new HardenedSecret(stack, 'OrdersApp', {
      content: SecretContent.databaseCredentials({
        username: 'orders_app',
        database: DatabaseTarget.fromDocumentDbCluster(cluster),
      }),
      rotation: Rotation.alternatingUsers({ createWithRoles: ['readWrite@orders'] }),
    });
    const template = Template.fromStack(stack);
    const clusterId = logicalId(cluster.node.defaultChild);
    template.hasResourceProperties('AWS::SecretsManager::SecretTargetAttachment', {
      SecretId: { Ref: Match.stringLikeRegexp('^OrdersApp') }, TargetType: 'AWS::DocDB::DBCluster', TargetId: { Ref: clusterId },
    });
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: Match.objectLike({
        SecretStringTemplate: Match.stringLikeRegexp('"username":"orders_app"'),
        PasswordLength: 32,
        ExcludeCharacters: '$%:/?#[]@"\'\\',
      }),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      IpProtocol: 'tcp',
      FromPort: { 'Fn::GetAtt': [clusterId, 'Port'] },
      ToPort: { 'Fn::GetAtt': [clusterId, 'Port'] },
      SourceSecurityGroupId: Match.anyValue(),
      CidrIp: Match.absent(),
    });
    const [{ Properties: { Environment: { Variables } } }] = Object.values(template.findResources('AWS::Lambda::Function'));
    expect(Variables.ROTATION_MODE).toBe('superuser');
    expect(JSON.stringify(Variables.ROTATION_BINDINGS)).toContain('readWrite@orders');
    expect(JSON.stringify(Variables.ROTATION_DATABASE)).toContain('\\"engine\\":\\"mongo\\"');
    const schedules = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));
    expect(schedules).toHaveLength(1);
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(JSON.stringify(rules)).not.toContain('0.0.0.0/0');
  });

  test('the first rotation waits for the instances', () => {
    const cluster = makeCluster();
    new HardenedSecret(stack, 'OrdersApp', {
      content: SecretContent.databaseCredentials({
        username: 'orders_app',
        database: DatabaseTarget.fromDocumentDbCluster(cluster),
      }),
      rotation: Rotation.alternatingUsers(),
    });
    const [schedule] = Object.values(Template.fromStack(stack).findResources('AWS::SecretsManager::RotationSchedule'));
    const instances = cluster.node.children.filter((child) => (child as CfnResource).cfnResourceType === 'AWS::DocDB::DBInstance')
      .map(logicalId);
    expect(instances).toHaveLength(2);
    expect(schedule.DependsOn).toEqual(expect.arrayContaining(instances));
  });

  test('a hardened secret as master user: attached by hand, rotated by itself', () => {
    const admin = new HardenedSecret(stack, 'Admin', { content: SecretContent.databaseCredentials({ username: 'dbadmin' }) });
    const cluster = makeCluster({ masterUser: { username: 'dbadmin', password: admin.secret.secretValueFromJson('password') } });
    admin.secret.attach(cluster);
    const database = DatabaseTarget.fromDocumentDbCluster(cluster, { superuser: admin.secret });
    admin.addRotation(Rotation.singleUser({ database }));
    new HardenedSecret(stack, 'OrdersApp', {
      content: SecretContent.databaseCredentials({ username: 'orders_app', database }),
      rotation: Rotation.singleUserWithSuperuser({ createWithRoles: ['readWrite@orders'] }),
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SecretsManager::SecretTargetAttachment', 2);
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 2);
    template.hasResourceProperties('AWS::DocDB::DBCluster', {
      MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('resolve:secretsmanager')])] },
    });
    expect(JSON.stringify(template.toJSON())).toContain('ROTATION_MODE":"prove');
  });

  test.each(['dbadmin', 'serviceadmin'])('%s is no user for a secret of an application', (username) => {
    const database = DatabaseTarget.fromDocumentDbCluster(
      makeCluster({ masterUser: { username: 'dbadmin', password: SecretValue.ssmSecure('/password', '1') } }),
      {
        superuser: Secret.fromSecretNameV2(stack, 'Known', 'known'),
      },
    );
    expect(() => new HardenedSecret(stack, 'App', {
      content: SecretContent.databaseCredentials({ username, database }), rotation: Rotation.alternatingUsers(),
    })).toThrow(username === 'dbadmin' ? 'is the superuser itself' : 'serviceadmin');
  });
});
