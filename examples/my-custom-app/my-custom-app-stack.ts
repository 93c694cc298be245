import { join } from 'node:path';
import { InstanceClass, InstanceSize, InstanceType, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import {
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  RotationNetwork,
  SecretContent,
  SecretMonitoring,
  SecretReplica,
  SecretsManagerEndpoint,
  SecretsPlatform,
} from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

/** Not the port that everybody tries first. */
const PERSONNEL_PORT = 6432;

/** MyCustomApp reads MyCustomAppCreds and reaches the Personnel database, whose password changes underneath it. */
export class MyCustomAppStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    const isolated = { subnetType: SubnetType.PRIVATE_ISOLATED };

    // For the database, logs, notifications and settings of functions: the keys of secrets encrypt secrets only.
    const applicationKey = new Key(this, 'ApplicationKey', {
      description: 'Encrypts what MyCustomApp has besides secrets',
      enableKeyRotation: true,
    });

    const platform = new SecretsPlatform(this, 'Secrets', {
      defaults: {
        // The application calls Secrets Manager from the VPC as well, so the endpoint is everybody's.
        network: RotationNetwork.of({ vpc, vpcSubnets: isolated, endpoint: SecretsManagerEndpoint.forVpc() }),
        monitoring: SecretMonitoring.rotationFailure({
          topic: new Topic(this, 'RotationFailures', { enforceSSL: true, masterKey: applicationKey }),
        }),
      },
      rotationFunctions: { encryptionKey: applicationKey },
    });

    const admin = new HardenedSecret(this, 'PersonnelAdmin', {
      platform,
      description: 'Administers the Personnel database and rotates its users',
      content: SecretContent.databaseCredentials({ username: 'personnel_admin' }),
    });
    const instance = new DatabaseInstance(this, 'Personnel', {
      vpc,
      vpcSubnets: isolated,
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_6 }),
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
      multiAz: true,
      port: PERSONNEL_PORT,
      credentials: Credentials.fromSecret(admin.secret, 'personnel_admin'),
      storageEncryptionKey: applicationKey,
      deletionProtection: true,
      backupRetention: Duration.days(7),
      cloudwatchLogsExports: ['postgresql', 'upgrade'],
      monitoringInterval: Duration.minutes(1),
    });
    const personnel = DatabaseTarget.fromRdsInstance(instance);
    admin.addRotation(Rotation.singleUser({ database: personnel }));

    const creds = new HardenedSecret(this, 'MyCustomAppCreds', {
      platform,
      secretName: 'MyCustomAppCreds',
      description: 'MyCustomApp signs in to the Personnel database with it',
      content: SecretContent.databaseCredentials({ username: 'my_custom_app', database: personnel }),
      rotation: Rotation.alternatingUsers({ createWithRoles: ['pg_read_all_data'] }),
      replicas: [SecretReplica.inRegion('eu-west-1')],
    });

    const securityGroup = new SecurityGroup(this, 'MyCustomAppSecurityGroup', {
      vpc,
      description: 'MyCustomApp',
      allowAllOutbound: false,
    });
    const myCustomApp = new LambdaFunction(this, 'MyCustomApp', {
      vpc,
      vpcSubnets: isolated,
      securityGroups: [securityGroup],
      code: Code.fromAsset(join(__dirname, 'my-custom-app')),
      handler: 'index.handler',
      runtime: new Runtime('nodejs24.x', RuntimeFamily.NODEJS),
      environment: { SECRET_NAME: creds.secret.secretName },
      environmentEncryption: applicationKey,
    });
    securityGroup.connections.allowTo(instance, Port.tcp(PERSONNEL_PORT), 'MyCustomApp to the Personnel database');
    securityGroup.addEgressRule(Peer.ipv4(vpc.vpcCidrBlock), Port.tcp(443), 'MyCustomApp to the endpoint of Secrets Manager');
    creds.grants.read(myCustomApp);
  }
}
