import { InstanceClass, InstanceSize, InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { DatabaseInstance, DatabaseInstanceReadReplica } from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, CfnParameter, Duration, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine,
  type DatabaseHostOptions,
  DatabaseTarget,
  GuardRail,
  HardenedSecret,
  type HardenedSecretProps,
  Rotation,
  RotationNetwork,
  SecretConfigRules,
  SecretEncryption,
  SecretMonitoring,
  SecretReplica,
  SecretsManagerEndpoint,
  SecretsPlatform,
} from '../src';
import { testRefused } from './support/refused';
import { isolatedVpc, personnelDatabase } from './support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const none = Rotation.none('test');
const secret = (stack: Stack, props: HardenedSecretProps = {}) =>
  new HardenedSecret(stack, 'Secret', { rotation: none, ...props });
const rails = (...guardRails: GuardRail[]) => (stack: Stack) => secret(stack, { guardRails });
const replicas = (...given: SecretReplica[]) => (stack: Stack) => secret(stack, { replicas: given });
const target = (options: Partial<DatabaseHostOptions>) => () =>
  DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', ...options });

const HOST = {
  path: '',
  property: 'DatabaseTarget.of(host)',
  allowed: 'a DNS name or an IP address',
  remedy: 'give the host alone, without scheme, port or path',
};
const PORT = {
  path: '',
  property: 'DatabaseTarget.of(port)',
  allowed: 'a whole number from 1 to 65535',
  remedy: 'leave it out for 5432',
};
const ORGANIZATION = {
  property: 'GuardRail.organization(organizationId)',
  allowed: "'o-' and 10 to 32 lower-case letters and digits",
  remedy: 'take it from `aws organizations describe-organization`',
};
const READERS = {
  property: 'GuardRail.onlyReaders(principals)',
  allowed: 'roles and users, each with one ARN',
  remedy: 'name the roles themselves',
};
const REGION = { property: 'SecretReplica.inRegion(region)' };
const REASON = {
  property: 'SecretMonitoring.none(reason)',
  allowed: 'a text of 1 to 1,024 characters',
  remedy: 'say why nobody needs to know',
};
const DAYS = { path: 'Stack/Rules', remedy: 'give it in days: Duration.days(n)' };


testRefused(30, [
  { name: 'a URL', act: target({ host: 'https://db.example.com' }), got: '"https://db.example.com"', ...HOST },
  { name: 'a host with a port', act: target({ host: 'db.example.com:5432' }), got: '"db.example.com:5432"', ...HOST },
  { name: 'no host', act: target({ host: '' }), got: '""', ...HOST },
  {
    name: 'an RDS Proxy',
    act: target({ host: 'p.proxy-abc123.us-east-1.rds.amazonaws.com' }),
    path: '',
    property: HOST.property,
    got: '"p.proxy-abc123.us-east-1.rds.amazonaws.com"',
    allowed: 'the endpoint of an instance or the writer endpoint of a cluster',
    remedy: 'rotate at the database behind it',
  },
  {
    name: 'a reader',
    act: target({ host: 'c.cluster-ro-abc123.us-east-1.rds.amazonaws.com' }),
    path: '',
    property: HOST.property,
    got: '"c.cluster-ro-abc123.us-east-1.rds.amazonaws.com"',
    allowed: 'the endpoint of an instance or the writer endpoint of a cluster',
    remedy: 'give the cluster\'s writer endpoint',
  },
  {
    name: 'an address without a name',
    act: target({ host: '10.0.0.1' }),
    path: '',
    property: HOST.property,
    got: '"10.0.0.1"',
    allowed: 'an IP address together with tlsServerName',
    remedy: 'give the name as tlsServerName',
  },
  { name: 'port 0', act: target({ port: 0 }), got: '0', ...PORT },
  { name: 'port 65536', act: target({ port: 65536 }), got: '65536', ...PORT },
  {
    name: 'a TLS name with a star',
    act: target({ tlsServerName: '*.example.com' }),
    path: '',
    property: 'DatabaseTarget.of(tlsServerName)',
    got: '"*.example.com"',
    allowed: 'a DNS name',
    remedy: 'give the name in the server\'s certificate',
  },
  {
    name: 'an empty database name',
    act: target({ databaseName: '' }),
    path: '',
    property: 'DatabaseTarget.of(databaseName)',
    got: '""',
    allowed: '1 to 63 bytes',
    remedy: 'give the name of a database that the user may connect to',
  },
  {
    name: 'a path instead of certificates',
    act: target({ certificateAuthorities: './ca.pem' }),
    path: '',
    property: 'DatabaseTarget.of(certificateAuthorities)',
    got: '"text of 8 characters with 0 certificate(s)"',
    allowed: 'one or more certificates in PEM text',
    remedy: 'give whole certificates',
  },
  {
    name: 'a short password',
    act: target({ passwordLength: 7 }),
    path: '',
    property: 'DatabaseTarget.of(passwordLength)',
    got: '7',
    allowed: 'a whole number from 8 to 128 characters',
    remedy: 'leave it out for 32',
  },
  {
    name: 'no characters left',
    act: target({ excludeCharacters: Array.from({ length: 90 }, (_, i) => String.fromCharCode(33 + i)).join('') }),
    path: '',
    property: 'DatabaseTarget.of(excludeCharacters)',
    got: '"!',
    allowed: 'characters that leave at least 16',
    remedy: 'exclude fewer',
  },
  {
    name: 'a target name with a dot',
    act: target({ targetName: 'a.b' }),
    path: '',
    property: 'DatabaseTarget.of(targetName)',
    got: '"a.b"',
    allowed: '1 to 30 letters, digits and hyphens',
    remedy: 'give a short name that no other database of the app has',
  },
  {
    name: 'an unknown host without a name',
    act: (stack) => target({ host: new CfnParameter(stack, 'Host').valueAsString })(),
    path: '',
    property: 'DatabaseTarget.of(targetName)',
    got: 'not given',
    allowed: 'a literal name where the host is known only at deployment',
    remedy: 'give the database one that no other database of the app has',
  },
  {
    name: 'a read replica',
    act: (stack) => DatabaseTarget.fromRdsInstance(new DatabaseInstanceReadReplica(stack, 'Reader', {
      sourceDatabaseInstance: personnelDatabase(stack, isolatedVpc(stack)),
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
      vpc: stack.node.findChild('Vpc') as Vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    })),
    path: 'Stack/Reader',
    property: 'DatabaseTarget.fromRdsInstance(instance)',
    got: '"a read replica"',
    allowed: 'an instance or a cluster that takes writes',
    remedy: 'give the source',
  },
  {
    name: 'an imported instance without engine',
    act: (stack) => DatabaseTarget.fromRdsInstance(DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Db', {
      instanceEndpointAddress: 'db.example.com', instanceIdentifier: 'db', port: 5432, securityGroups: [],
    })),
    path: 'Stack/Db',
    property: 'DatabaseTarget.fromRdsInstance(engine)',
    got: 'not given',
    allowed: 'a DatabaseEngine',
    remedy: 'say which it is',
  },
  {
    name: 'public subnets',
    act: (stack) => RotationNetwork.of({ vpc: new Vpc(stack, 'Vpc'), vpcSubnets: { subnetType: SubnetType.PUBLIC } }),
    path: 'Stack/Vpc',
    property: 'RotationNetwork.of(vpcSubnets)',
    got: '"a selection with public subnets"',
    allowed: 'private subnets, with egress or isolated',
    remedy: 'select private subnets',
  },
  {
    name: 'no way out',
    act: (stack) => RotationNetwork.of({ vpc: isolatedVpc(stack), endpoint: SecretsManagerEndpoint.natOrProxy() }),
    path: 'Stack/Vpc',
    property: 'RotationNetwork.of(endpoint)',
    got: '"SecretsManagerEndpoint.natOrProxy()"',
    allowed: '.existing(endpoint) in isolated subnets',
    remedy: 'make an endpoint',
  },
  {
    name: 'an imported VPC without endpoint',
    act: (stack) =>
      RotationNetwork.of({
        vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-1'] }),
      }),
    path: 'Stack/Vpc',
    property: 'RotationNetwork.of(endpoint)',
    got: 'not given',
    allowed: 'SecretsManagerEndpoint.forRotationOnly()',
    remedy: 'say how Secrets Manager is reached',
  },
  { name: 'an organization that is none', act: rails(GuardRail.organization('acme')), got: '"acme"', ...ORGANIZATION },
  {
    name: 'an organization in capitals',
    act: rails(GuardRail.organization('o-ABCDEFGHIJ')),
    got: '"o-ABCDEFGHIJ"',
    ...ORGANIZATION,
  },
  {
    name: 'no endpoints',
    act: rails(GuardRail.vpcEndpoints([])),
    property: 'GuardRail.vpcEndpoints(endpoints)',
    got: '[]',
    allowed: 'a list of interface endpoints, at least one',
    remedy: 'without them nobody could read the secret',
  },
  {
    name: 'no readers',
    act: rails(GuardRail.onlyReaders([])),
    property: READERS.property,
    got: '[]',
    allowed: 'a list of roles and users, at least one',
    remedy: 'without them nobody could read the secret',
  },
  { name: 'an account as reader', act: rails(GuardRail.onlyReaders([new AccountRootPrincipal()])), got: '"', ...READERS },
  {
    name: 'a service as reader',
    act: rails(GuardRail.onlyReaders([new ServicePrincipal('ec2.amazonaws.com')])),
    got: '"',
    ...READERS,
  },
  {
    name: 'a rail that is missing',
    act: rails(undefined as unknown as GuardRail),
    property: 'guardRails[0]',
    got: 'not given',
    allowed: 'a GuardRail',
    remedy: 'leave the entry out',
  },
  {
    name: 'a Region that is none',
    act: replicas(SecretReplica.inRegion('Ireland')),
    got: '"Ireland"',
    allowed: 'the name of a Region as text',
    remedy: "write it as in 'eu-west-1'",
    ...REGION,
  },
  {
    name: 'its own Region',
    act: replicas(SecretReplica.inRegion('us-east-1')),
    got: '"us-east-1"',
    allowed: "another Region than the secret's own",
    remedy: 'leave it out',
    ...REGION,
  },
  {
    name: 'another partition',
    act: replicas(SecretReplica.inRegion('cn-north-1')),
    got: '"cn-north-1"',
    allowed: 'a Region of the partition \'aws\'',
    remedy: 'use a secret of its own in that partition',
    ...REGION,
  },
  {
    name: 'a replica that is missing',
    act: replicas(undefined as unknown as SecretReplica),
    property: 'replicas[0]',
    got: 'not given',
    allowed: 'SecretReplica.inRegion(region)',
    remedy: 'leave the entry out',
  },
  {
    name: 'a stack of another Region',
    act: (stack) =>
      replicas(SecretReplica.inRegion('eu-west-1', { stack: new Stack(stack.node.root as App, 'Other', { env: ENV }) }))(stack),
    property: 'SecretReplica.inRegion(\'eu-west-1\').stack',
    got: '\'Other\'',
    allowed: 'a stack whose Region is known to be \'eu-west-1\'',
    remedy: 'give that stack an `env`',
  },
  {
    name: 'a replica key of another Region',
    act: (stack) =>
      replicas(
        SecretReplica.inRegion('eu-west-1', {
          encryption: SecretEncryption.key(Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-west-2:111111111111:key/1')),
        }),
      )(stack),
    property: 'SecretReplica.inRegion(\'eu-west-1\').encryption',
    got: '\'Stack/Key\'',
    allowed: 'a key in \'eu-west-1\'; this one is in \'us-west-2\'',
    remedy: 'import the key by an ARN of \'eu-west-1\'',
  },
  {
    name: 'an asymmetric key',
    act: (stack) =>
      secret(stack, {
        encryption: SecretEncryption.key(
          new Key(stack, 'Key', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.ENCRYPT_DECRYPT }),
        ),
      }),
    property: 'SecretEncryption.key(key)',
    got: '"RSA_2048"',
    allowed: 'a symmetric encryption key',
    remedy: 'use another key',
  },
  {
    name: 'a key of another Region',
    act: (stack) =>
      secret(stack, {
        encryption: SecretEncryption.key(Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-west-2:111111111111:key/1')),
      }),
    property: 'SecretEncryption.key(key)',
    got: '"us-west-2"',
    allowed: 'a key in the secret\'s own Region, us-east-1',
    remedy: 'use a key of that Region',
  },
  {
    name: 'an asymmetric key for functions',
    act: (stack) => new SecretsPlatform(stack, 'Platform', {
      rotationFunctions: {
        encryptionKey: new Key(stack, 'Key', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.ENCRYPT_DECRYPT }),
      },
    }),
    path: 'Stack/Platform',
    property: 'rotationFunctions.encryptionKey',
    got: '"RSA_2048"',
    allowed: 'a symmetric encryption key',
    remedy: 'CloudWatch Logs and AWS Lambda cannot encrypt with asymmetric and HMAC keys; use another key',
  },
  {
    name: 'an alias of a key that is not known for functions',
    act: (stack) =>
      new SecretsPlatform(stack, 'Platform', {
        rotationFunctions: { encryptionKey: Alias.fromAliasName(stack, 'Alias', 'alias/logs') },
      }),
    path: 'Stack/Platform',
    property: 'rotationFunctions.encryptionKey',
    got: '\'Stack/Alias\'',
    allowed: 'a key, or an alias whose key is defined in the app',
    remedy: 'CloudWatch Logs and AWS Lambda are given a key: import it by its ARN',
  },
  {
    name: 'a key of another Region for functions',
    act: (stack) => new SecretsPlatform(stack, 'Platform', {
      rotationFunctions: { encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-west-2:111111111111:key/1') },
    }),
    path: 'Stack/Platform',
    property: 'rotationFunctions.encryptionKey',
    got: '"us-west-2"',
    allowed: 'a key in the platform\'s own Region, us-east-1',
    remedy: 'use a key of that Region',
  },
  {
    name: 'monitoring off without a reason',
    act: (stack) => secret(stack, { monitoring: SecretMonitoring.none(' ') }),
    got: '""',
    ...REASON,
  },
  {
    name: 'a novel',
    act: (stack) => secret(stack, { monitoring: SecretMonitoring.none('x'.repeat(1025)) }),
    got: `"${'x'.repeat(1025)}"`,
    ...REASON,
  },
  {
    name: 'a topic of another Region',
    act: (stack) =>
      secret(stack, {
        rotation: Rotation.regenerate(),
        monitoring: SecretMonitoring.rotationFailure({
          topic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-west-2:111111111111:t'),
        }),
      }),
    property: 'SecretMonitoring.rotationFailure(topic)',
    got: '"us-west-2"',
    allowed: 'a topic in the alarm\'s Region, us-east-1',
    remedy: 'create a topic in that Region',
  },
  {
    name: 'a replica that does not exist',
    act: (stack) => secret(stack).replica('eu-west-1'),
    property: 'replica(region)',
    got: '"eu-west-1"',
    allowed: 'none: the secret has no replicas',
    remedy: 'add SecretReplica.inRegion(region) to `replicas`',
  },
  {
    name: 'a replica without a name',
    act: (stack) => secret(stack, { replicas: [SecretReplica.inRegion('eu-west-1')] }).replica('eu-west-1'),
    property: 'secretName',
    got: 'not given',
    allowed: 'a fixed name where the replica in \'eu-west-1\' is read',
    remedy: 'give the secret a `secretName`',
  },
  {
    name: 'rotation every 366 days by rule',
    act: (stack) => new SecretConfigRules(stack, 'Rules', { maximumAllowedRotationFrequency: Duration.days(366) }),
    property: 'maximumAllowedRotationFrequency',
    got: '366',
    allowed: 'a whole number from 1 to 365 days',
    ...DAYS,
  },
]);
