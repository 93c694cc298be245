import { InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  type CfnDBCluster,
  type CfnDBInstance,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceReadReplica,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { App, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { databaseResources, literalPort, refuseReader } from '../../../src/database/private/rds-database';

const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 });
const clusterEngine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 });

afterEach(() => jest.restoreAllMocks());

let stack: Stack;
let vpc: Vpc;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  vpc = new Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
});

const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
const instance = () => new DatabaseInstance(stack, 'Database', { vpc, vpcSubnets, engine });
const cluster = () =>
  new DatabaseCluster(stack, 'Cluster', {
    vpc,
    vpcSubnets,
    engine: clusterEngine,
    writer: ClusterInstance.serverlessV2('Writer'),
    readers: [ClusterInstance.serverlessV2('Reader', { scaleWithWriter: true })],
  });
const pathsOf = (database: DatabaseInstance | DatabaseCluster) =>
  databaseResources(database).map((resource) => resource.node.path);

test('nobody signs in before the instance exists', () => {
  expect(pathsOf(instance())).toEqual(['Stack/Database/Resource']);
});

test('nobody signs in before the cluster and its instances exist', () => {
  expect(pathsOf(cluster()))
    .toEqual(['Stack/Cluster/Resource', 'Stack/Cluster/Writer/Resource', 'Stack/Cluster/Reader/Resource']);
});

test('instances in the older form are found too', () => {
  jest.replaceProperty(process, 'env', { ...process.env, JSII_DEPRECATED: 'quiet' });
  expect(
    pathsOf(new DatabaseCluster(stack, 'Cluster', { engine: clusterEngine, instances: 1, instanceProps: { vpc, vpcSubnets } })),
  ).toEqual(['Stack/Cluster/Resource', 'Stack/Cluster/Instance1']);
});

test('an imported database exists', () => {
  expect(databaseResources(DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
    instanceIdentifier: 'personnel', instanceEndpointAddress: 'personnel.example.com', port: 5432, securityGroups: [],
  }))).toEqual([]);
});

test('the port is known where the template says it', () => {
  const port = 6432;
  const clusterOnPort = new DatabaseCluster(stack, 'OnPort', {
    vpc,
    vpcSubnets,
    engine: clusterEngine,
    port,
    writer: ClusterInstance.serverlessV2('Writer'),
  });
  expect([new DatabaseInstance(stack, 'InstanceOnPort', { vpc, vpcSubnets, engine, port }), clusterOnPort].map(literalPort))
    .toEqual([port, port]);
  // The CDK writes the engine's own port into clusters, and not into instances.
  expect(literalPort(cluster())).toBe(5432);
});

test('the port is not known where an instance has the engine\'s own or a parameter, nor that of an imported database', () => {
  const parameter = new CfnParameter(stack, 'Port', { type: 'Number' });
  const imported = DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
    instanceIdentifier: 'personnel', instanceEndpointAddress: 'personnel.example.com', port: 5432, securityGroups: [],
  });
  expect([
    instance(), imported, new DatabaseInstance(stack, 'OnParameter', { vpc, vpcSubnets, engine, port: parameter.valueAsNumber }),
  ].map(literalPort)).toEqual([undefined, undefined, undefined]);
});

test('what takes writes is no reader', () => {
  expect(() => refuseReader(instance(), 'instance')).not.toThrow();
  expect(() => refuseReader(cluster(), 'cluster')).not.toThrow();
});

test('a read replica is refused', () => {
  const replica = new DatabaseInstanceReadReplica(stack, 'Replica', {
    sourceDatabaseInstance: instance(), instanceType: new InstanceType('t4g.micro'), vpc, vpcSubnets,
  });
  expect(() => refuseReader(replica, 'DatabaseTarget.fromRdsInstance(instance)')).toThrow(
    '[Stack/Replica] `DatabaseTarget.fromRdsInstance(instance)` is "a read replica", allowed: an instance or a cluster that '
      + 'takes writes; '
    + 'a password is changed at the source and copied from there: give the source');
});

test('an instance that replicates a cluster, and a cluster that replicates anything, are refused', () => {
  const ofCluster = instance();
  (ofCluster.node.defaultChild as CfnDBInstance).sourceDbClusterIdentifier = 'other';
  expect(() => refuseReader(ofCluster, 'instance')).toThrow('"a read replica"');
  const copy = cluster();
  (copy.node.defaultChild as CfnDBCluster).replicationSourceIdentifier = 'arn:aws:rds:eu-west-1:111122223333:cluster:other';
  expect(() => refuseReader(copy, 'cluster')).toThrow('"a read replica"');
});
