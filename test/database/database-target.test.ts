import { InstanceType, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion, ClusterInstance, Credentials, DatabaseCluster, DatabaseClusterEngine, DatabaseInstance,
  DatabaseInstanceEngine, DatabaseInstanceReadReplica, PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, CfnParameter, type CfnResource, SecretValue, Stack, Token } from 'aws-cdk-lib/core';
import { DatabaseEngine } from '../../src/database/database-engine';
import { DatabaseTarget } from '../../src/database/database-target';
import { RotationNetwork } from '../../src/network/rotation-network';

const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 });
const clusterEngine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 });
const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
const { POSTGRES } = DatabaseEngine;

let stack: Stack;
let vpc: Vpc;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  vpc = new Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
});

const makeInstance = (props = {}) => new DatabaseInstance(stack, 'Personnel', { vpc, vpcSubnets, engine, ...props });
const makeCluster = (props = {}) => new DatabaseCluster(stack, 'Cluster', {
  vpc, vpcSubnets, engine: clusterEngine, writer: ClusterInstance.serverlessV2('Writer'), ...props,
});
const importInstance = (props = {}) => DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
  instanceIdentifier: 'personnel',
  instanceEndpointAddress: 'personnel.example.com',
  port: 6432,
  securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'ImportedGroup', 'sg-1')],
  ...props,
});
/** An engine that the library does not know. */
const ofAnotherType = <T extends object>(known: T): T => Object.assign(Object.create(known) as T, { engineType: 'another' });
const tokenPort = () => new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber;

describe('an RDS instance', () => {
  test('tells everything itself', () => {
    const instance = makeInstance();
    const { _facts } = DatabaseTarget.fromRdsInstance(instance);
    expect(_facts).toMatchObject({ engine: POSTGRES._facts, password: { length: 32, excludeCharacters: ':/@"\'\\' } });
    expect(_facts.source).toBe(instance);
    expect(_facts.attachment).toBe(instance);
    expect(_facts.superuser).toBe(instance.secret);
    expect(_facts.securityGroups).toEqual(instance.connections.securityGroups);
    expect(_facts.dependencies).toEqual([instance.node.defaultChild]);
    const id = stack.getLogicalId(instance.node.defaultChild as CfnResource);
    expect(stack.resolve([_facts.host, _facts.port]))
      .toEqual([{ 'Fn::GetAtt': [id, 'Endpoint.Address'] }, { 'Fn::GetAtt': [id, 'Endpoint.Port'] }]);
  });

  test('is one database for all targets made of it', () => {
    const instance = makeInstance();
    const id = DatabaseTarget.fromRdsInstance(instance)._facts.id;
    expect(id).toMatch(/^postgres-Personnel-[0-9a-f]{8}$/);
    expect(DatabaseTarget.fromRdsInstance(instance, { databaseName: 'personnel' })._facts.id).toBe(id);
  });

  test('has no superuser where its password is known otherwise', () => {
    const credentials = Credentials.fromPassword('postgres', SecretValue.ssmSecure('/password', '1'));
    expect(DatabaseTarget.fromRdsInstance(makeInstance({ credentials }))._facts.superuser).toBeUndefined();
  });

  test('may have another superuser, and rules of its own', () => {
    const superuser = Secret.fromSecretNameV2(stack, 'Admin', 'admin');
    const { _facts } = DatabaseTarget.fromRdsInstance(makeInstance(), {
      superuser,
      databaseName: 'personnel',
      passwordLength: 64,
      excludeCharacters: '%',
      tlsServerName: 'db.example.com',
      engine: POSTGRES,
    });
    expect(_facts.superuser).toBe(superuser);
    expect(_facts).toMatchObject({
      databaseName: 'personnel',
      password: { length: 64, excludeCharacters: '%' },
      tlsServerName: 'db.example.com',
    });
    expect(_facts.engine.password.length).toBe(32);
  });

  test('imported with its engine is a target without superuser', () => {
    const { _facts } = DatabaseTarget.fromRdsInstance(importInstance({ engine }));
    expect(_facts).toMatchObject({ host: 'personnel.example.com', port: 6432, superuser: undefined, dependencies: [] });
    expect(_facts.securityGroups.map((group) => group.securityGroupId)).toEqual(['sg-1']);
  });

  test('imported without its engine takes the one that is given', () => {
    expect(DatabaseTarget.fromRdsInstance(importInstance(), { engine: POSTGRES })._facts.engine).toBe(POSTGRES._facts);
  });

  test('connects at the instance, never at a reader of the cluster', () => {
    const cluster = makeCluster();
    const id = stack.getLogicalId(cluster.node.defaultChild as CfnResource);
    expect(stack.resolve(DatabaseTarget.fromRdsCluster(cluster)._facts.host)).toEqual({ 'Fn::GetAtt': [id, 'Endpoint.Address'] });
  });
});

describe('an RDS cluster', () => {
  test('tells everything itself', () => {
    const cluster = makeCluster();
    const { _facts } = DatabaseTarget.fromRdsCluster(cluster);
    expect(_facts.id).toMatch(/^postgres-Cluster-[0-9a-f]{8}$/);
    expect(_facts.engine).toBe(POSTGRES._facts);
    expect(_facts.attachment).toBe(cluster);
    expect(_facts.superuser).toBe(cluster.secret);
    expect(_facts.securityGroups).toEqual(cluster.connections.securityGroups);
    expect(_facts.dependencies).toEqual([cluster.node.defaultChild, cluster.node.findChild('Writer').node.defaultChild]);
  });

  test('imported with its endpoint is a target', () => {
    const cluster = DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
      clusterIdentifier: 'personnel', clusterEndpointAddress: 'personnel.example.com', port: 5432, engine: clusterEngine,
    });
    expect(DatabaseTarget.fromRdsCluster(cluster)._facts)
      .toMatchObject({ host: 'personnel.example.com', port: 5432, securityGroups: [] });
  });

  test('imported without its endpoint is refused', () => {
    const cluster = DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
      clusterIdentifier: 'personnel',
      engine: clusterEngine,
    });
    expect(() => DatabaseTarget.fromRdsCluster(cluster)).toThrow('imported without its endpoint');
  });
});

describe('an address', () => {
  test('is enough', () => {
    expect(DatabaseTarget.of({ engine: POSTGRES, host: 'db.example.com' })._facts).toMatchObject({
      engine: POSTGRES._facts,
      host: 'db.example.com',
      port: 5432,
      securityGroups: [],
      dependencies: [],
      id: expect.stringMatching(/^postgres-db-example-com-[0-9a-f]{8}$/),
    });
  });

  test('takes all that leads to the database', () => {
    const [group, superuser, attachment] = [
      new SecurityGroup(stack, 'Group', { vpc }),
      Secret.fromSecretNameV2(stack, 'Admin', 'admin'),
      importInstance(),
    ];
    const securityGroups = [group];
    const { _facts } = DatabaseTarget.of({
      engine: POSTGRES,
      host: 'db.example.com',
      port: 6432,
      securityGroups,
      superuser,
      attachment,
    });
    securityGroups.pop();
    expect(_facts.securityGroups).toEqual([group]);
    expect(_facts.superuser).toBe(superuser);
    expect(_facts.attachment).toBe(attachment);
    expect(_facts.port).toBe(6432);
  });

  test('may be known only at deployment', () => {
    const host = new CfnParameter(stack, 'Host').valueAsString;
    const { _facts } = DatabaseTarget.of({ engine: POSTGRES, host, port: tokenPort(), targetName: 'personnel' });
    expect(_facts.id).toBe('postgres-personnel');
    expect(Token.isUnresolved(_facts.port)).toBe(true);
    expect(stack.resolve([_facts.host, _facts.port])).toEqual([{ Ref: 'Host' }, { Ref: 'Port' }]);
  });
});

describe('the network', () => {
  const other = () => RotationNetwork.of({ vpc: new Vpc(stack, 'Other') });

  test('is the target\'s own, else the platform\'s, else that of the database', () => {
    const [network, fallback] = [other(), RotationNetwork.of({ vpc: new Vpc(stack, 'Platform') })._facts];
    const instance = makeInstance();
    expect(DatabaseTarget.fromRdsInstance(instance, { network })._facts.network(fallback)).toBe(network._facts);
    expect(DatabaseTarget.fromRdsInstance(instance)._facts.network(fallback)).toBe(fallback);
    expect(DatabaseTarget.fromRdsInstance(instance)._facts.network()).toMatchObject({
      vpc, subnets: { subnets: vpc.isolatedSubnets }, egress: 'none', endpoint: { kind: 'rotationOnly' },
    });
    expect(DatabaseTarget.fromRdsCluster(makeCluster())._facts.network()?.vpc).toBe(vpc);
  });

  test('of an address is the target\'s own, else the platform\'s, else none', () => {
    const [network, fallback] = [other(), RotationNetwork.of({ vpc })._facts];
    const options = { engine: POSTGRES, host: 'db.example.com' };
    expect(DatabaseTarget.of({ ...options, network })._facts.network(fallback)).toBe(network._facts);
    expect(DatabaseTarget.of(options)._facts.network(fallback)).toBe(fallback);
    expect(DatabaseTarget.of(options)._facts.network()).toBeUndefined();
  });

  test('of a database in an imported VPC is asked for, at the database', () => {
    const subnets = { availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'] };
    const imported = Vpc.fromVpcAttributes(stack, 'ImportedVpc', { vpcId: 'vpc-1', ...subnets });
    const { _facts } = DatabaseTarget.fromRdsInstance(makeInstance({ vpc: imported }));
    expect(() => _facts.network()).toThrow(
      '[Stack/Personnel] `RotationNetwork.of(endpoint)` is not given, allowed: SecretsManagerEndpoint.forRotationOnly(), ',
    );
    expect(_facts.network(other()._facts)).toBeDefined();
  });

  test.each([
    {
      name: 'an imported instance',
      make: () => DatabaseTarget.fromRdsInstance(importInstance({ engine })),
      message: '[Stack/Imported] `DatabaseTarget.fromRdsInstance(network)`',
    },
    {
      name: 'an address with security groups',
      make: () =>
        DatabaseTarget.of({ engine: POSTGRES, host: 'db', securityGroups: [new SecurityGroup(stack, 'Group', { vpc })] }),
      message: '[Stack/Group] `DatabaseTarget.of(network)`',
    },
  ])('of $name is asked for', ({ make, message }) => {
    expect(() => make()._facts.network()).toThrow(
      `${message} is not given, allowed: RotationNetwork.of({ vpc }); the VPC of the database is not known here: `
        + 'name the network that the rotation functions run in, with `network: RotationNetwork.of({ vpc })`');
  });
});

test.each<{ name: string; make: () => unknown; message: string }>([
  {
    name: 'a read replica',
    make: () => DatabaseTarget.fromRdsInstance(new DatabaseInstanceReadReplica(stack, 'Replica', {
      sourceDatabaseInstance: makeInstance(), instanceType: new InstanceType('t4g.micro'), vpc, vpcSubnets,
    })),
    message: '[Stack/Replica] `DatabaseTarget.fromRdsInstance(instance)` is "a read replica", allowed: an instance or a cluster '
      + 'that takes writes',
  },
  {
    name: 'a cluster that replicates another',
    make: () => {
      const cluster = makeCluster();
      (cluster.node.defaultChild as unknown as { replicationSourceIdentifier: string }).replicationSourceIdentifier = 'arn';
      return DatabaseTarget.fromRdsCluster(cluster);
    },
    message: '[Stack/Cluster] `DatabaseTarget.fromRdsCluster(cluster)` is "a read replica"',
  },
  {
    name: 'an instance of another engine',
    make: () => DatabaseTarget.fromRdsInstance(makeInstance({ engine: ofAnotherType(engine) })),
    message: '[Stack/Personnel] `DatabaseTarget.fromRdsInstance(engine)` is "another", allowed: '
      + `${DatabaseEngine._ALL.flatMap(({ _facts }) => _facts.rdsEngineTypes).join(', ')}; `
      + 'use Rotation.custom() with a function of yours, or the password that Amazon RDS manages and Rotation.managedByService()',
  },
  {
    name: 'a cluster of another engine',
    make: () => DatabaseTarget.fromRdsCluster(makeCluster({ engine: ofAnotherType(clusterEngine) })),
    message: '[Stack/Cluster] `DatabaseTarget.fromRdsCluster(engine)` is "another", allowed: postgres, aurora-postgresql',
  },
  {
    name: 'an imported instance of unknown engine',
    make: () => DatabaseTarget.fromRdsInstance(importInstance()),
    message:
      '[Stack/Imported] `DatabaseTarget.fromRdsInstance(engine)` is not given, allowed: a DatabaseEngine, for the engine types '
      + `${DatabaseEngine._ALL.flatMap(({ _facts }) => _facts.rdsEngineTypes).join(', ')}; `
      + 'the database is imported without its engine: say which it is, with `engine: DatabaseEngine.POSTGRES` for example',
  },
  {
    name: 'another engine than that of the instance',
    make: () =>
      DatabaseTarget.fromRdsInstance(makeInstance(), {
        engine: { _facts: { ...POSTGRES._facts, name: 'other' } } as DatabaseEngine,
      }),
    message: "[Stack/Personnel] `DatabaseTarget.fromRdsInstance(engine)` is other, but the database's engine is postgres; leave "
      + 'the engine out',
  },
  {
    name: 'a password rule that cannot be',
    make: () => DatabaseTarget.fromRdsInstance(makeInstance(), { passwordLength: 4 }),
    message:
      '[Stack/Personnel] `DatabaseTarget.fromRdsInstance(passwordLength)` is 4, allowed: a whole number from 8 to 128 characters',
  },
  {
    name: 'a private key',
    make: () => DatabaseTarget.fromRdsCluster(makeCluster(), { certificateAuthorities: '-----BEGIN PRIVATE KEY-----' }),
    message: '[Stack/Cluster] `DatabaseTarget.fromRdsCluster(certificateAuthorities)` is "text with a private key"',
  },
  {
    name: 'an address with a scheme',
    make: () => DatabaseTarget.of({ engine: POSTGRES, host: 'postgres://db.example.com', network: RotationNetwork.of({ vpc }) }),
    message: '[Stack/Vpc] `DatabaseTarget.of(host)` is "postgres://db.example.com", allowed: a DNS name or an IP address; give '
      + 'the host alone',
  },
  {
    name: 'a port out of range',
    make: () =>
      DatabaseTarget.of({
        engine: POSTGRES,
        host: 'db',
        port: 65536,
        superuser: Secret.fromSecretNameV2(stack, 'Admin', 'admin'),
      }),
    message: '[Stack/Admin] `DatabaseTarget.of(port)` is 65536, allowed: a whole number from 1 to 65535; leave it out for 5432',
  },
  {
    name: 'an IP address that no construct goes with',
    make: () => DatabaseTarget.of({ engine: POSTGRES, host: '10.0.0.5' }),
    message: '[DatabaseTarget.of] `DatabaseTarget.of(host)` is "10.0.0.5", allowed: an IP address together with tlsServerName',
  },
])('$name is refused', ({ make, message }) => {
  expect(make).toThrow(message);
});
