import { Template } from 'aws-cdk-lib/assertions';
import { DatabaseCluster as DocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceType, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseClusterFromSnapshot,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceFromSnapshot,
  PostgresEngineVersion,
  SnapshotCredentials,
} from 'aws-cdk-lib/aws-rds';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type CfnResource, Stack } from 'aws-cdk-lib/core';
import { DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, RotationNetwork, SecretContent } from '../../src';
import { isolatedVpc, personnelDatabase, testApp } from '../support/scenario';

const AURORA = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_6 });
const POSTGRES = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 });
const IMPORTED = DatabaseInstance.fromDatabaseInstanceAttributes;
const WRITER = () => ClusterInstance.serverlessV2('writer');
const ISOLATED = { subnetType: SubnetType.PRIVATE_ISOLATED };
const CLUSTER = {
  clusterType: 'single-node', dbName: 'dev', masterUsername: 'x', nodeType: 'ra3.large', publiclyAccessible: true,
};

type Make = (stack: Stack) => DatabaseTarget;
const superuserOf = (stack: Stack) => new Secret(stack, 'Superuser');
const redshift = (stack: Stack, more: object = {}) =>
  DatabaseTarget.fromRedshiftCluster(
    new CfnCluster(stack, 'Warehouse', { ...CLUSTER, ...more }),
    { superuser: superuserOf(stack) },
  );

const NEW: [string, Make][] = [
  ['an instance', (stack) => DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)))],
  ['an Aurora cluster', (stack) => DatabaseTarget.fromRdsCluster(
    new DatabaseCluster(stack, 'Db', { engine: AURORA, vpc: isolatedVpc(stack), vpcSubnets: ISOLATED, writer: WRITER() }))],
  ['a DocumentDB cluster', (stack) => DatabaseTarget.fromDocumentDbCluster(new DocumentDbCluster(stack, 'Db', {
    vpc: isolatedVpc(stack),
    vpcSubnets: ISOLATED,
    masterUser: { username: 'root_user' },
    instanceType: new InstanceType('t4g.medium'),
  }))],
  ['a Redshift cluster', (stack) => redshift(stack)],
  ['a Redshift Serverless workgroup', (stack) => DatabaseTarget.fromRedshiftServerlessWorkgroup(
    new CfnWorkgroup(stack, 'Workgroup', { workgroupName: 'w', publiclyAccessible: true }), { superuser: superuserOf(stack) })],
];

const OLD: [string, Make][] = [
  ['an instance from a snapshot', (stack) => DatabaseTarget.fromRdsInstance(new DatabaseInstanceFromSnapshot(stack, 'Db', {
    engine: POSTGRES,
    vpc: isolatedVpc(stack),
    vpcSubnets: ISOLATED,
    snapshotIdentifier: 'snap',
    credentials: SnapshotCredentials.fromGeneratedSecret('postgres'),
  }))],
  ['a cluster from a snapshot', (stack) => DatabaseTarget.fromRdsCluster(new DatabaseClusterFromSnapshot(stack, 'Db', {
    engine: AURORA,
    vpc: isolatedVpc(stack),
    vpcSubnets: ISOLATED,
    snapshotIdentifier: 'snap',
    writer: WRITER(),
    snapshotCredentials: SnapshotCredentials.fromGeneratedSecret('postgres'),
  }))],
  ['an instance whose snapshot an override names', (stack) => {
    const instance = personnelDatabase(stack, isolatedVpc(stack));
    (instance.node.defaultChild as CfnResource).addPropertyOverride('DBSnapshotIdentifier', 'snap');
    return DatabaseTarget.fromRdsInstance(instance);
  }],
  ['a Redshift cluster from a snapshot', (stack) => redshift(stack, { snapshotIdentifier: 'snap' })],
  ['an imported instance', (stack) => DatabaseTarget.fromRdsInstance(IMPORTED(stack, 'Db', {
    instanceIdentifier: 'db',
    instanceEndpointAddress: 'db.example.com',
    port: 5432,
    engine: POSTGRES,
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1234abcd')],
  }), { superuser: superuserOf(stack), network: RotationNetwork.of({ vpc: isolatedVpc(stack) }) })],
  ['an address', (stack) => DatabaseTarget.of({
    engine: DatabaseEngine.POSTGRES, host: 'db.example.com', superuser: superuserOf(stack),
  })],
];

const STRATEGIES = [Rotation.alternatingUsers, Rotation.singleUserWithSuperuser] as const;

function bindings(make: Make, rotation: Rotation): string {
  const stack = new Stack(testApp(), 'Stack');
  new HardenedSecret(stack, 'Creds', {
    secretName: 'creds',
    content: SecretContent.databaseCredentials({ username: 'app', database: make(stack) }),
    rotation,
  });
  return JSON.stringify(Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment.Variables.ROTATION_BINDINGS)).replaceAll('\\', '');
}

describe.each(STRATEGIES)('%o', (strategy) => {
  test.each(NEW)('%s of the app has no users yet: they are created without rights', (_, make) => {
    expect(bindings(make, strategy())).toContain('"createWithRoles":[]');
  });

  test.each(OLD)('%s may have users: they must exist', (_, make) => {
    expect(bindings(make, strategy())).not.toContain('createWithRoles');
  });

  test.each([...NEW, ...OLD])('%s: what the user says holds', (_, make) => {
    const roles = /DocumentDB/.test(_) ? 'read@orders' : 'reader';
    expect(bindings(make, strategy({ createWithRoles: [roles] }))).toContain(`"createWithRoles":["${roles}"]`);
  });
});
