import { DatabaseCluster as DocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import {
  InstanceClass, InstanceSize, InstanceType, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, SecurityGroup, SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance, DatabaseCluster, DatabaseClusterEngine, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, RemovalPolicy, SecretValue, type Stack } from 'aws-cdk-lib/core';
import {
  CacheUser, CustomRotationPermission, DatabaseEngine, DatabaseTarget, ForwardAccessSessions, GuardRail, HardenedSecret,
  KeyPairSpec, LdapDirectory, ManagedExternalSecretType, MySqlPasswordStatement, PostgreSqlAuthentication,
  PostgreSqlPasswordStatement, Rotation,
  RotationNetwork, RotationTiming, SecretContent, SecretEncryption, SecretGenerator, SecretMonitoring, SecretReplica,
  SecretsManagerEndpoint, SecretsPlatform,
} from '../../../src';
import { isolatedVpc } from '../../support/scenario';

const vpcOf = (stack: Stack) => stack.node.tryFindChild('Vpc') ?? isolatedVpc(stack);
const secretOf = (stack: Stack) => stack.node.tryFindChild('Other') ?? new Secret(stack, 'Other');
const roleOf = (stack: Stack) => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
const instanceType = InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM);
const functionOf = (stack: Stack) => new LambdaFunction(stack, 'Function', {
  runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('x'), timeout: Duration.seconds(60),
});
const endpointOf = (stack: Stack) => new InterfaceVpcEndpoint(stack, 'Endpoint', {
  vpc: vpcOf(stack) as never, service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
});

/** A value of each type that a parameter or a property has. */
export const VALUES: Record<string, (stack: Stack) => unknown> = {
  'string': () => 'some-text',
  'number': () => 32,
  'boolean': () => true,
  'Duration': () => Duration.days(30),
  'RemovalPolicy': () => RemovalPolicy.DESTROY,
  'SecretValue': () => SecretValue.secretsManager('given'),
  'aws_docdb.IDatabaseCluster': (stack) => new DocumentDbCluster(stack, 'DocumentDb', {
    vpc: vpcOf(stack) as never, vpcSubnets, instanceType, masterUser: { username: 'root_user' },
  }),
  'aws_ec2.IInterfaceVpcEndpoint': endpointOf,
  'aws_ec2.IVpcEndpoint': endpointOf,
  'aws_ec2.ISecurityGroup': (stack) => new SecurityGroup(stack, 'Group', { vpc: vpcOf(stack) as never }),
  'aws_ec2.IVpc': vpcOf,
  'aws_ec2.SubnetSelection': () => vpcSubnets,
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
