import { DatabaseCluster as DocDbCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion, CfnDBProxyEndpoint, ClusterInstance, DatabaseCluster, DatabaseClusterEngine, DatabaseInstance,
  DatabaseInstanceReadReplica,
} from 'aws-cdk-lib/aws-rds';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Fn, Stack } from 'aws-cdk-lib/core';
import { DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, SecretContent } from '../../../src';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from '../../support/scenario';

function setup() {
  const app = testApp();
  const stack = new Stack(app, 'Stack');
  const vpc = isolatedVpc(stack);
  const instance = personnelDatabase(stack, vpc);
  const cluster = new DatabaseCluster(stack, 'Cluster', {
    vpc,
    vpcSubnets: { subnets: vpc.isolatedSubnets },
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_6 }),
    writer: ClusterInstance.serverlessV2('Writer'),
    readers: [ClusterInstance.serverlessV2('Reader')],
  });
  return { app, stack, vpc, instance, cluster };
}

const { POSTGRES, MYSQL, DOCUMENTDB, REDSHIFT } = DatabaseEngine;
const of = (host: string, targetName?: string, engine = POSTGRES) => DatabaseTarget.of({ engine, host, targetName });

describe('one database is one, whatever targets name it', () => {
  test('an address under two names', () => {
    const [one, two, none, capital] = [
      of('db.example.com', 'one'), of('db.example.com', 'two'), of('db.example.com'), of('DB.example.com', 'one'),
    ].map(({ _facts }) => _facts.identity);
    expect([two, none, capital]).toEqual([one, one, one]);
    expect(of('other.example.com', 'one')._facts.identity).not.toBe(one);
    expect(DatabaseTarget.of({ engine: POSTGRES, host: 'db.example.com', port: 6432 })._facts.identity).not.toBe(one);
  });

  test('an instance and its endpoint, which needs no name', () => {
    const { instance } = setup();
    const [{ _facts: made }, { _facts: token }] = [
      DatabaseTarget.fromRdsInstance(instance), of(instance.dbInstanceEndpointAddress),
    ];
    expect([token.identity, token.id, token.idIn(instance)]).toEqual([made.identity, made.id, made.idIn(instance)]);
    expect(of(instance.dbInstanceEndpointAddress, 'another')._facts.id).toBe(made.id);
    expect(token.dependencies).toEqual(made.dependencies);
  });

  test('a cluster, its endpoint and its instances', () => {
    const { cluster } = setup();
    const { identity, id } = DatabaseTarget.fromRdsCluster(cluster)._facts;
    for (const { hostname } of [cluster.clusterEndpoint, ...cluster.instanceEndpoints]) {
      expect(of(hostname)._facts).toMatchObject({ identity, id });
    }
  });

  test('an imported instance and its address', () => {
    const { stack } = setup();
    const imported = DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
      instanceIdentifier: 'db', instanceEndpointAddress: 'db.example.com', port: 5432, securityGroups: [],
    });
    expect(DatabaseTarget.fromRdsInstance(imported, { engine: POSTGRES })._facts.identity)
      .toBe(of('db.example.com', 'personnel')._facts.identity);
  });

  test('an instance behind an alias', () => {
    const { instance } = setup();
    const target = DatabaseTarget.of({ engine: POSTGRES, host: 'db.internal', targetName: 'alias', attachment: instance });
    expect(target._facts.identity).toBe(DatabaseTarget.fromRdsInstance(instance)._facts.identity);
  });

  test('a Redshift cluster and its endpoint', () => {
    const { stack } = setup();
    const cluster = new CfnCluster(stack, 'Warehouse', {
      clusterType: 'single-node', nodeType: 'ra3.large', dbName: 'dev', masterUsername: 'admin', publiclyAccessible: true,
    });
    const { identity, id } = DatabaseTarget.fromRedshiftCluster(cluster)._facts;
    expect(of(cluster.attrEndpointAddress, undefined, REDSHIFT)._facts).toMatchObject({ identity, id });
  });

  test('a DocumentDB cluster, but each of its databases has users of its own', () => {
    const { stack, vpc } = setup();
    const cluster = new DocDbCluster(stack, 'Orders', {
      vpc,
      masterUser: { username: 'root' },
      vpcSubnets: { subnets: vpc.isolatedSubnets },
      instanceType: InstanceType.of(InstanceClass.R5, InstanceSize.LARGE),
    });
    const { identity } = DatabaseTarget.fromDocumentDbCluster(cluster)._facts;
    const host = cluster.clusterEndpoint.hostname;
    expect(of(host, undefined, DOCUMENTDB)._facts.identity).toBe(identity);
    expect(DatabaseTarget.of({ engine: DOCUMENTDB, host, databaseName: 'orders' })._facts.identity).not.toBe(identity);
  });
});

test('two secrets of one user are refused through two targets', () => {
  const { stack } = setup();
  const user = (id: string, targetName: string) => new HardenedSecret(stack, id, {
    content: SecretContent.databaseCredentials({ username: 'app' }),
    rotation: Rotation.alternatingUsers({
      database: DatabaseTarget.of({
        engine: POSTGRES,
        host: 'db.example.com',
        targetName,
        superuser: new HardenedSecret(stack, `${id}Superuser`, { rotation: Rotation.none('test') }).secret,
      }),
    }),
  });
  user('One', 'one');
  expect(messageOf(() => user('Two', 'two'))).toMatch(/^\[Stack\/Two\] 'Stack\/One' already is the secret of the user 'app'/);
});

test('the content and the rotation may name the database in two ways', () => {
  const { stack, instance } = setup();
  expect(() => new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app', database: DatabaseTarget.fromRdsInstance(instance) }),
    rotation: Rotation.alternatingUsers({
      database: DatabaseTarget.of({
        engine: POSTGRES, host: instance.dbInstanceEndpointAddress, superuser: instance.secret,
      }),
    }),
  })).not.toThrow();
});

describe('what is no writer is recognised as a token', () => {
  const rule = 'allowed: the endpoint of an instance or the writer endpoint of a cluster; ';

  test.each<[string, (parts: ReturnType<typeof setup>) => string, string]>([
    ['a proxy', ({ vpc, instance }) => instance.addProxy('Proxy', { vpc, secrets: [instance.secret!] }).endpoint,
      "the endpoint of the proxy 'Stack/Personnel/Proxy/Resource'"],
    ['an endpoint of a proxy', ({ stack }) => new CfnDBProxyEndpoint(stack, 'Endpoint', {
      dbProxyName: 'proxy', dbProxyEndpointName: 'one', vpcSubnetIds: [],
    }).attrEndpoint, "the endpoint of the proxy 'Stack/Endpoint'"],
    ['readers of a cluster', ({ cluster }) => cluster.clusterReadEndpoint.hostname,
      "the endpoint of the reader 'Stack/Cluster/Resource'"],
    ['readers of a DocumentDB cluster', ({ stack, vpc }) => new DocDbCluster(stack, 'Orders', {
      vpc,
      masterUser: { username: 'root' },
      vpcSubnets: { subnets: vpc.isolatedSubnets },
      instanceType: InstanceType.of(InstanceClass.R5, InstanceSize.LARGE),
    }).clusterReadEndpoint.hostname, "the endpoint of the reader 'Stack/Orders/Resource'"],
    ['a read replica', ({ stack, vpc, instance }) => new DatabaseInstanceReadReplica(stack, 'Replica', {
      vpc,
      vpcSubnets: { subnets: vpc.isolatedSubnets },
      sourceDatabaseInstance: instance,
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
    }).dbInstanceEndpointAddress, "the endpoint of the reader 'Stack/Replica/Resource'"],
  ])('%s', (_, hostOf, got) => {
    const parts = setup();
    const host = hostOf(parts);
    expect(messageOf(() => of(host, 'name'))).toContain(`\`DatabaseTarget.of(host)\` is "${got}", ${rule}`);
    const imported = DatabaseInstance.fromDatabaseInstanceAttributes(parts.stack, 'Imported', {
      instanceIdentifier: 'db', instanceEndpointAddress: host, port: 5432, securityGroups: [],
    });
    expect(messageOf(() => DatabaseTarget.fromRdsInstance(imported, { engine: POSTGRES }))).toContain(`is "${got}", ${rule}`);
  });
});

test('what is something else of the app, or of another, needs a name', () => {
  const { stack } = setup();
  for (const host of [new CfnBucket(stack, 'Bucket').attrDomainName, Fn.importValue('host')]) {
    expect(messageOf(() => of(host, undefined, MYSQL))).toContain('`DatabaseTarget.of(targetName)` is not given');
    expect(of(host, 'name', MYSQL)._facts.id).toBe('mysql-name');
  }
});
