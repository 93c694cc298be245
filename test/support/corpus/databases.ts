import { DatabaseCluster as DocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraMysqlEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseSecret,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { HostedRotation, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, Duration, Stack } from 'aws-cdk-lib/core';
import type { CorpusApp } from '.';

const POSTGRES = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 });

/** An instance whose construct makes the secret, which its construct rotates. */
function instance(app: App): void {
  const stack = new Stack(app, 'DatabaseStack');
  const database = new DatabaseInstance(stack, 'Database', {
    engine: POSTGRES,
    vpc: new Vpc(stack, 'Vpc'),
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    credentials: Credentials.fromGeneratedSecret('postgres', { excludeCharacters: '!&*^#@()' }),
  });
  database.addRotationSingleUser({ automaticallyAfter: Duration.days(30) });
}

/** A cluster with an administrator and an application's user, whose passwords alternate, behind a proxy. */
function clusterWithUsers(app: App): void {
  const stack = new Stack(app, 'AuroraStack');
  const vpc = new Vpc(stack, 'Vpc');
  const cluster = new DatabaseCluster(stack, 'Cluster', {
    engine: DatabaseClusterEngine.auroraMysql({ version: AuroraMysqlEngineVersion.VER_3_08_0 }),
    vpc,
    writer: ClusterInstance.serverlessV2('Writer'),
    credentials: Credentials.fromGeneratedSecret('clusteradmin', { secretName: 'aurora/admin' }),
  });
  const user = new DatabaseSecret(stack, 'AppUser', { username: 'app', masterSecret: cluster.secret });
  cluster.addRotationSingleUser();
  cluster.addRotationMultiUser('AppUser', { secret: user.attach(cluster) });
  cluster.addProxy('Proxy', { vpc, secrets: [user, cluster.secret!] });
}

/** A secret of one's own for the administrator, with the rotation that AWS hosts. */
function hostedRotation(app: App): void {
  const stack = new Stack(app, 'HostedStack');
  const vpc = new Vpc(stack, 'Vpc');
  const admin = new Secret(stack, 'Admin', {
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: 'postgres' }), generateStringKey: 'password', excludeCharacters: '/@" ',
    },
  });
  const database = new DatabaseInstance(stack, 'Database', { engine: POSTGRES, vpc, credentials: Credentials.fromSecret(admin) });
  database.secret!.addRotationSchedule('Rotation', {
    hostedRotation: HostedRotation.postgreSqlSingleUser({ functionName: 'rotate-admin', vpc }),
  });
}

/** An Amazon DocumentDB cluster with its own secret. */
function documentDb(app: App): void {
  const stack = new Stack(app, 'DocumentStack');
  const cluster = new DocumentDbCluster(stack, 'Cluster', {
    masterUser: { username: 'documentadmin' }, vpc: new Vpc(stack, 'Vpc'), instanceType: new InstanceType('r6g.large'),
  });
  cluster.addRotationSingleUser();
}

/** An Amazon Redshift cluster by its resource, which gets its password by a reference. */
function redshift(app: App): void {
  const stack = new Stack(app, 'WarehouseStack');
  const secret = new Secret(stack, 'Admin', {
    generateSecretString: {
      secretStringTemplate: '{"username":"admin"}', generateStringKey: 'password', excludePunctuation: true,
    },
  });
  const cluster = new CfnCluster(stack, 'Cluster', {
    clusterType: 'single-node',
    nodeType: 'ra3.large',
    dbName: 'dev',
    masterUsername: 'admin',
    masterUserPassword: secret.secretValueFromJson('password').unsafeUnwrap(),
  });
  secret.attach({
    asSecretAttachmentTarget: () => ({ targetId: cluster.ref, targetType: 'AWS::Redshift::Cluster' as never }),
  });
}

export const DATABASES: [string, CorpusApp][] = [
  ['an Amazon RDS instance that makes its secret', instance],
  ['an Amazon Aurora cluster with users that alternate', clusterWithUsers],
  ['a secret that AWS\'s hosted rotation rotates', hostedRotation],
  ['an Amazon DocumentDB cluster', documentDb],
  ['an Amazon Redshift cluster', redshift],
];
