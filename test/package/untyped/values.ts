import { CfnConnectorProfile } from 'aws-cdk-lib/aws-appflow';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { EcsFargateContainerDefinition, EcsJobDefinition } from 'aws-cdk-lib/aws-batch';
import { BuildSpec, Project } from 'aws-cdk-lib/aws-codebuild';
import { CfnEndpoint } from 'aws-cdk-lib/aws-dms';
import { DatabaseCluster as DocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import {
  Instance, InstanceClass, InstanceSize, InstanceType, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, MachineImage,
  SecurityGroup, SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Cluster as EksCluster, type ICluster, KubectlProvider, ServiceAccount } from 'aws-cdk-lib/aws-eks';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, OpenIdConnectProvider, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnCluster as KafkaCluster } from 'aws-cdk-lib/aws-msk';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance, DatabaseCluster, DatabaseClusterEngine, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, CfnResource, Duration, RemovalPolicy, SecretValue, Size, type Stack } from 'aws-cdk-lib/core';
import {
  CacheUser, CustomRotationPermission, DatabaseEngine, DatabaseTarget, ForwardAccessSessions, GuardRail, HardenedSecret,
  KeyPairSpec, KubernetesIdentity, LdapDirectory, ManagedExternalSecretType, MySqlPasswordStatement, PostgreSqlAuthentication,
  PostgreSqlPasswordStatement, RotatedAction, Rotation, RotationNetwork, RotationTiming, SecretContent, SecretEncryption,
  SecretGenerator, SecretMonitoring, SecretReplica, SecretsManagerEndpoint, SecretsPlatform,
} from '../../../src';
import { group, service, stateMachine } from '../../rotated-action/support';
import { isolatedVpc } from '../../support/scenario';

const vpcOf = (stack: Stack) => stack.node.tryFindChild('Vpc') ?? isolatedVpc(stack);
const secretOf = (stack: Stack) => stack.node.tryFindChild('Other') ?? new Secret(stack, 'Other');
const roleOf = (stack: Stack) => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
const instanceType = InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM);
const machine = { instanceType, vpcSubnets, machineImage: MachineImage.latestAmazonLinux2023() };
const functionOf = (stack: Stack) => new LambdaFunction(stack, 'Function', {
  runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('x'), timeout: Duration.seconds(60),
});
const endpointOf = (stack: Stack) => new InterfaceVpcEndpoint(stack, 'Endpoint', {
  vpc: vpcOf(stack) as never, service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
});

/** One that exists: to make a cluster takes long. */
const clusterOf = (stack: Stack) => stack.node.tryFindChild('Kubernetes') as ICluster | undefined
  ?? EksCluster.fromClusterAttributes(stack, 'Kubernetes', {
    clusterName: 'kubernetes',
    openIdConnectProvider: OpenIdConnectProvider.fromOpenIdConnectProviderArn(
      stack, 'Identities', 'arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/AB',
    ),
    kubectlProvider: KubectlProvider.fromKubectlProviderAttributes(stack, 'Kubectl', {
      functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:kubectl',
      kubectlRoleArn: 'arn:aws:iam::111111111111:role/kubectl',
      handlerRole: Role.fromRoleArn(stack, 'Handler', 'arn:aws:iam::111111111111:role/handler'),
    }),
  });

/** A value of each type that a parameter or a property has. */
export const VALUES: Record<string, (stack: Stack) => unknown> = {
  'string': () => 'some-text',
  'number': () => 32,
  'boolean': () => true,
  'Duration': () => Duration.days(30),
  'RemovalPolicy': () => RemovalPolicy.DESTROY,
  'SecretValue': () => SecretValue.secretsManager('given'),
  'CfnResource': (stack) => new CfnResource(stack, 'Provider', { type: 'AWS::BedrockAgentCore::ApiKeyCredentialProvider' }),
  'aws_appflow.CfnConnectorProfile': (stack) => new CfnConnectorProfile(stack, 'Profile', {
    connectorProfileName: 'orders', connectorType: 'Salesforce', connectionMode: 'Public',
  }),
  'aws_dms.CfnEndpoint': (stack) => new CfnEndpoint(stack, 'Source', { endpointType: 'source', engineName: 'postgres' }),
  'aws_docdb.IDatabaseCluster': (stack) => new DocumentDbCluster(stack, 'DocumentDb', {
    vpc: vpcOf(stack) as never, vpcSubnets, instanceType, masterUser: { username: 'root_user' },
  }),
  'aws_ec2.IInterfaceVpcEndpoint': endpointOf,
  'aws_ec2.IVpcEndpoint': endpointOf,
  'aws_ec2.ISecurityGroup': (stack) => new SecurityGroup(stack, 'Group', { vpc: vpcOf(stack) as never }),
  'aws_ec2.IVpc': vpcOf,
  'aws_ec2.Instance': (stack) => new Instance(stack, 'Machine', { ...machine, vpc: vpcOf(stack) as never }),
  'aws_ec2.SubnetSelection': () => vpcSubnets,
  'aws_autoscaling.IAutoScalingGroup': (stack) => group(stack, 'Instances'),
  'aws_autoscaling.AutoScalingGroup': (stack) => new AutoScalingGroup(stack, 'Group', { ...machine, vpc: vpcOf(stack) as never }),
  'aws_batch.EcsJobDefinition': (stack) => new EcsJobDefinition(stack, 'Job', {
    container: new EcsFargateContainerDefinition(stack, 'JobContainer', {
      image: ContainerImage.fromRegistry('app'), cpu: 1, memory: Size.gibibytes(2), jobRole: roleOf(stack),
    }),
  }),
  'aws_codebuild.Project': (stack) => new Project(stack, 'Build', { buildSpec: BuildSpec.fromObject({ version: '0.2' }) }),
  'aws_ecs.ContainerDefinition': (stack) =>
    new FargateTaskDefinition(stack, 'OwnTask').addContainer('Container', { image: ContainerImage.fromRegistry('app') }),
  'aws_ecs.IService': (stack) => service(stack, 'Service'),
  'aws_eks.ICluster': clusterOf,
  'aws_eks.ServiceAccount': (stack) => new ServiceAccount(stack, 'Account', { cluster: clusterOf(stack) }),
  'aws_events.IRuleTarget': (stack) => new SqsQueue(new Queue(stack, 'Queue')),
  'aws_msk.CfnCluster': (stack) => new KafkaCluster(stack, 'Kafka', {
    clusterName: 'orders',
    kafkaVersion: '3.8.x',
    numberOfBrokerNodes: 2,
    brokerNodeGroupInfo: { clientSubnets: ['subnet-1', 'subnet-2'], instanceType: 'kafka.m7g.large' },
  }),
  'aws_stepfunctions.IStateMachine': (stack) => stateMachine(stack, 'Machine'),
  'cx_api.CloudAssembly': () => new App().synth(),
  'IPolicyValidationContextBeta1': () => ({ templatePaths: [] }),
  'aws_iam.IGrantable': roleOf,
  'aws_iam.IPrincipal': roleOf,
  'aws_iam.IRole': roleOf,
  'aws_iam.IUser': (stack) => new User(stack, 'User'),
  'aws_iam.IManagedPolicy': (stack) =>
    ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::111111111111:policy/x'),
  'aws_kms.IKey': (stack) => new Key(stack, 'Key'),
  'aws_lambda.IFunction': functionOf,
  'aws_lambda.Function': functionOf,
  'aws_lambda.Runtime': () => Runtime.NODEJS_22_X,
  'aws_lambda.Tracing': () => Tracing.ACTIVE,
  'aws_logs.ILogGroup': (stack) => new LogGroup(stack, 'Logs'),
  'aws_logs.RetentionDays': () => RetentionDays.ONE_WEEK,
  'aws_rds.IDatabaseCluster': (stack) => new DatabaseCluster(stack, 'Cluster', {
    vpc: vpcOf(stack) as never,
    vpcSubnets,
    writer: ClusterInstance.serverlessV2('Writer'),
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_6 }),
  }),
  'aws_rds.IDatabaseInstance': (stack) => new DatabaseInstance(stack, 'Instance', {
    vpc: vpcOf(stack) as never,
    vpcSubnets,
    instanceType,
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
  }),
  'aws_redshift.CfnCluster': (stack) => new CfnCluster(stack, 'Warehouse', {
    clusterType: 'single-node',
    dbName: 'dev',
    masterUsername: 'awsuser',
    nodeType: 'ra3.large',
    publiclyAccessible: true,
    manageMasterPassword: true,
  }),
  'aws_redshiftserverless.CfnWorkgroup': (stack) =>
    new CfnWorkgroup(stack, 'Workgroup', { workgroupName: 'analysis', publiclyAccessible: true }),
  'aws_s3_assets.Asset': (stack) => new Asset(stack, 'Package', { path: __dirname }),
  'aws_secretsmanager.ISecret': secretOf,
  'aws_secretsmanager.SecretStringGenerator': () => ({}),
  'aws_sns.ITopic': (stack) => new Topic(stack, 'Topic'),
  'IConstruct': (stack) => new CfnSecret(stack, 'Resource'),
  'CacheUser': () => CacheUser.memoryDb({ username: 'some-user' }),
  'CustomRotationPermission': () => CustomRotationPermission.randomPassword(),
  'DatabaseEngine': () => DatabaseEngine.POSTGRES,
  'DatabaseTarget': () => DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com' }),
  'ForwardAccessSessions': () => ForwardAccessSessions.EXEMPT,
  'GuardRail': () => GuardRail.tlsOnly(),
  'InstanceTag': () => ({ key: 'app', value: 'orders' }),
  'KubernetesIdentity': () => KubernetesIdentity.POD_IDENTITY,
  'RotatedAction': (stack) => RotatedAction.forceNewDeployment(service(stack, 'Service')),
  'KeyPairSpec': () => KeyPairSpec.ED25519,
  'LdapDirectory': () => LdapDirectory.of({ host: 'ldap.example.com' }),
  'ManagedExternalSecretType': () => ManagedExternalSecretType.bigIdClientSecret(),
  'MySqlPasswordStatement': () => MySqlPasswordStatement.plainText(),
  'PasswordStatement': () => PostgreSqlPasswordStatement.plainText(),
  'PostgreSqlAuthentication': () => PostgreSqlAuthentication.scramSha256OrMd5(),
  'Rotation': () => Rotation.regenerate(),
  'RotationNetwork': (stack) => RotationNetwork.of({ vpc: vpcOf(stack) as never }),
  'RotationTiming': () => RotationTiming.every(Duration.days(30)),
  'SecretContent': () => SecretContent.generated(),
  'SecretEncryption': () => SecretEncryption.ownKey(),
  'SecretGenerator': () => SecretGenerator.uuid(),
  'SecretMonitoring': () => SecretMonitoring.rotationFailure(),
  'SecretReplica': () => SecretReplica.inRegion('eu-west-1'),
  'SecretsManagerEndpoint': () => SecretsManagerEndpoint.forRotationOnly(),
  'SecretsPlatform': (stack) => new SecretsPlatform(stack, 'Platform'),
};

/** Values of parameters and properties for which not every value of their type will do. */
export const NAMED: Record<string, (stack: Stack) => unknown> = {
  'BreakGlassAccess.addSecret(secret)': (stack) =>
    new HardenedSecret(stack, 'Rotating', { rotation: Rotation.regenerate() }).secret,
  'BreakGlassAccessProps.principals': (stack) => [new User(stack, 'Person')],
  'RunbookApproval.topic': (stack) => new Topic(stack, 'Requests', { topicName: 'AutomationRequests' }),
  'RunbookApproval.approvers': (stack) => [new User(stack, 'Approver')],
  'HardcodedCredentialAcknowledgement.reason': () => 'an emulator in tests',
  'HardcodedCredentialCheck.findInTemplate(template)': () => '{}',
  'KubernetesOptions.name': () => 'database',
  'SecretDelivery.fromSecret(secret)': secretOf,
  'DatabaseCredentialsOptions.username': () => 'app',
  'DatabaseHostOptions.host': () => 'db.example.com',
  'DeployedDatabaseSecretOptions.username': () => 'app',
  'GuardRail.organization(organizationId)': () => 'o-abcde12345',
  'HardenedSecret.replica(region)': () => 'eu-west-1',
  'LdapCredentialsOptions.username': () => 'uid=app,dc=example,dc=org',
  'LdapDirectoryOptions.host': () => 'ldap.example.com',
  'ManagedExternalSecretType.of(secretType)': () => 'SomeType',
  'ManagedExternalSecretType.salesforceClientSecret(apiVersion)': () => 'v65.0',
  'Rotation.ldapUser(options)': (stack) => ({ superuser: secretOf(stack) }),
  'RotationTiming.cron(expression)': () => '0 16 1 * ? *',
  'SecretMetrics.fromSecret(secret)': (stack) =>
    new HardenedSecret(stack, 'Rotating', { rotation: Rotation.regenerate() }).secret,
  'SecretReplica.inRegion(region)': () => 'eu-west-1',
};
