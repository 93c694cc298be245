import {
  GatewayVpcEndpointAwsService, InstanceClass, InstanceSize, InstanceType, InterfaceVpcEndpointAwsService, Peer, Port,
  SecurityGroup, SubnetType, Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Cluster, ContainerImage, ContainerInsights, CpuArchitecture, FargateService, FargateTaskDefinition, LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import {
  DatabaseTarget,
  HardenedSecret,
  RotatedAction,
  Rotation,
  RotationNetwork,
  SecretContent,
  SecretMonitoring,
  SecretsManagerEndpoint,
  SecretsPlatform,
} from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

const PERSONNEL_PORT = 6432;

export interface OnFargateStackProps extends StackProps {
  /** The application with its Dockerfile, bundled. */
  readonly applicationFolder: string;
}

/** MyCustomApp as a service on AWS Fargate: its tasks read their credentials themselves, and are replaced after a rotation. */
export class OnFargateStack extends Stack {
  constructor(scope: Construct, id: string, props: OnFargateStackProps) {
    super(scope, id, props);

    const isolated = { subnetType: SubnetType.PRIVATE_ISOLATED };
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
      // Images are stored there.
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    const endpoints = [
      vpc.addInterfaceEndpoint('Registry', { service: InterfaceVpcEndpointAwsService.ECR, open: false }),
      vpc.addInterfaceEndpoint('Images', { service: InterfaceVpcEndpointAwsService.ECR_DOCKER, open: false }),
      vpc.addInterfaceEndpoint('Logs', { service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, open: false }),
    ];

    const applicationKey = new Key(this, 'ApplicationKey', {
      description: 'Encrypts what MyCustomApp has besides secrets',
      enableKeyRotation: true,
    });
    const platform = new SecretsPlatform(this, 'Secrets', {
      defaults: {
        // Tasks call Secrets Manager from the VPC as well, so the endpoint is everybody's.
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
      description: 'MyCustomApp signs in to the Personnel database with it',
      content: SecretContent.databaseCredentials({ username: 'my_custom_app', database: personnel }),
      rotation: Rotation.alternatingUsers({ createWithRoles: ['pg_read_all_data'] }),
    });

    const taskDefinition = new FargateTaskDefinition(this, 'MyCustomAppTask', {
      cpu: 256,
      memoryLimitMiB: 512,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    const container = taskDefinition.addContainer('MyCustomApp', {
      image: ContainerImage.fromAsset(props.applicationFolder, { platform: Platform.LINUX_ARM64 }),
      // What the task has; the image's own user.
      memoryLimitMiB: 512,
      user: 'node',
      readonlyRootFilesystem: true,
      logging: LogDrivers.awsLogs({
        streamPrefix: 'my-custom-app',
        // The platform has the key's policy let CloudWatch Logs use it.
        logGroup: new LogGroup(this, 'MyCustomAppLogs', { encryptionKey: applicationKey, retention: RetentionDays.ONE_YEAR }),
      }),
    });
    creds.delivery.toContainer(container, { environmentVariable: 'PERSONNEL_SECRET' });

    const securityGroup = new SecurityGroup(this, 'MyCustomAppSecurityGroup', {
      vpc,
      description: 'MyCustomApp',
      allowAllOutbound: false,
    });
    securityGroup.connections.allowTo(instance, Port.tcp(PERSONNEL_PORT), 'MyCustomApp to the Personnel database');
    endpoints.forEach((endpoint) => endpoint.connections.allowFrom(securityGroup, Port.tcp(443), 'MyCustomApp to the endpoint'));
    securityGroup.addEgressRule(Peer.ipv4(vpc.vpcCidrBlock), Port.tcp(443), 'MyCustomApp to the endpoint of Secrets Manager');
    // Layers of images come from Amazon S3, through the gateway.
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'MyCustomApp to Amazon S3: there is no other way out');
    const service = new FargateService(this, 'MyCustomAppService', {
      cluster: new Cluster(this, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENABLED }),
      taskDefinition,
      vpcSubnets: isolated,
      securityGroups: [securityGroup],
      desiredCount: 2,
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
    });
    // New logins have the new credentials anyway; what is still connected as the former user ends with its task.
    creds.onRotated('MyCustomApp', RotatedAction.forceNewDeployment(service));
  }
}
