import { Template } from 'aws-cdk-lib/assertions';
import { DatabaseCluster as DocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import { Ec2TaskDefinition, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import {
  AccountPrincipal, AnyPrincipal, ArnPrincipal, CompositePrincipal, OrganizationPrincipal, ServicePrincipal, StarPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Credentials, DatabaseCluster, DatabaseClusterEngine, DatabaseInstance, ServerlessCluster } from 'aws-cdk-lib/aws-rds';
import { CfnSecret, HostedRotation, type ISecret, RotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Resource, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseTarget, GuardRail, HardenedSecret, Rotation, SecretContent, SecretGrants, SecretHardening, SecretReplica,
  SecretsPlatform,
} from '../src';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from './support/scenario';

/** What JavaScript and Python let through. */
const untyped = (value: unknown) => value as never;
const made = (stack: Stack) => new HardenedSecret(stack, 'Secret', { rotation: Rotation.none('test') });
const importedCluster = (stack: Stack) =>
  DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Db', {
    clusterIdentifier: 'db', engine: DatabaseClusterEngine.AURORA_MYSQL,
  });
const importedInstance = (stack: Stack) => DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Db', {
  instanceIdentifier: 'db', instanceEndpointAddress: 'db.example.com', port: 5432, securityGroups: [],
});
const importedDocumentDb = (stack: Stack) =>
  DocumentDbCluster.fromDatabaseClusterAttributes(stack, 'Db', { clusterIdentifier: 'db' });

const SECRET = '[Stack/Secret] ';
const PASS_SECRET = '; pass x.secret: the `secret` of the HardenedSecret';

test.each<[string, (stack: Stack) => unknown, string]>([
  ...[
    ['content', 'text', '"a text", allowed: a SecretContent: '],
    ['content', true, 'true, allowed: a SecretContent: '],
    ['rotation', true, 'true, allowed: a Rotation: '],
    ['rotation', Rotation.none, '"a function", allowed: a Rotation: '],
    ['rotation', [Rotation.none('test')], '"a list", allowed: a Rotation: '],
    ['rotation', null, 'null, allowed: a Rotation: '],
    ['encryption', 'alias/key', '"a text", allowed: a SecretEncryption: '],
    ['monitoring', true, 'true, allowed: a SecretMonitoring: '],
    ['network', {}, '{}, allowed: a RotationNetwork: '],
    ['platform', 'orders', '"a text", allowed: a SecretsPlatform'],
    ['guardRails', true, 'true, allowed: a list'],
    ['replicas', 'eu-west-1', '"a text", allowed: a list'],
    ['guardRails', GuardRail.tlsOnly(), '"an object", allowed: a list of values, each a GuardRail: '
      + 'GuardRail.onlyReaders(principals), GuardRail.organization(organizationId) …; put it in a list'],
  ].map(([name, value, message]): [string, (stack: Stack) => unknown, string] => [
    `${name as string}: ${JSON.stringify(value)}`,
    (stack) => new HardenedSecret(stack, 'Secret', untyped({ [name as string]: value })),
    `${SECRET}\`${name as string}\` is ${message as string}`,
  ]),
  ['an empty entry among the rails', (stack) =>
    new HardenedSecret(stack, 'Secret', { guardRails: [GuardRail.tlsOnly(), untyped(undefined)] }),
  `${SECRET}\`guardRails[1]\` is not given, allowed: a GuardRail`],
  ['an empty entry among the replicas', (stack) =>
    new HardenedSecret(stack, 'Secret', { replicas: [SecretReplica.inRegion('eu-west-1'), untyped(undefined)] }),
  `${SECRET}\`replicas[1]\` is not given, allowed: a SecretReplica: SecretReplica.inRegion(region); leave the entry out`],
  ['no handler', () => Rotation.custom(untyped({})),
    '[Rotation.custom] `Rotation.custom(handler)` is not given, allowed: an IFunction of aws-cdk-lib/aws-lambda; give it'],
  ['no options', () => Rotation.custom(untyped(undefined)),
    '`Rotation.custom(options)` is not given, allowed: an object with the properties of CustomOptions, such as `handler`'],
  ['a default of a platform', (stack) => new SecretsPlatform(stack, 'Secrets', { defaults: untyped({ network: 'vpc' }) }),
    '[Stack/Secrets] `defaults.network` is "a text", allowed: a RotationNetwork: RotationNetwork.of(options); '
      + 'pass such a value'],
  ['a rotation that is added', (stack) => made(stack).addRotation(untyped('daily')), `${SECRET}\`addRotation(rotation)\` is "a text"`],
  ['a task definition as grantee', (stack) => made(stack).grants.read(untyped(new Ec2TaskDefinition(stack, 'Task'))),
    "`grants(grantee)` is 'Stack/Task', allowed: a role, a user, a function, or another construct with a role; "
      + 'grant to its `taskRole`'],
  ['a bucket name as grantee', (stack) => made(stack).grants.read(untyped('role')), '`grants(grantee)` is "string"'],
  ['no grantee', (stack) => made(stack).secret.grantRead(untyped(undefined)), '`grants(grantee)` is "undefined"'],
  ['everybody', (stack) => made(stack).grants.read(new AnyPrincipal()),
    '`grants(grantee)` is "*", allowed: principals that are named'],
  ['everybody, otherwise', (stack) => made(stack).grants.read(new StarPrincipal()), '`grants(grantee)` is "*"'],
  ...[
    new ArnPrincipal('*'), new AnyPrincipal().withConditions({ Bool: { 'aws:SecureTransport': 'true' } }),
    new AnyPrincipal().withConditions({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }),
    new AnyPrincipal().withConditions({ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }),
    new CompositePrincipal(new AccountPrincipal('222222222222'), new AnyPrincipal()),
  ].map((principal, nth): [string, (stack: Stack) => unknown, string] =>
    [`everybody in other words, ${nth}`, (stack) => made(stack).grants.read(principal), '`grants(grantee)` is "*"']),
  ['every account', (stack) => made(stack).grants.read(new AccountPrincipal('*')),
    '`grants(grantee)` is "*", allowed: principals that are named'],
  ['every role of a name', (stack) => made(stack).grants.read(new ArnPrincipal('arn:aws:iam::111111111111:role/team-*')),
    '`grants(grantee)` is "arn:aws:iam::111111111111:role/team-*"'],
  ...[
    new ServicePrincipal('dms.amazonaws.com'),
    new ServicePrincipal('dms.amazonaws.com', { conditions: { Bool: { 'aws:SecureTransport': 'true' } } }),
  ].map((principal, nth): [string, (stack: Stack) => unknown, string] =>
    [`a service that acts for anybody, ${nth}`, (stack) => made(stack).grants.read(principal),
      '`grants(grantee)` is "ServicePrincipal(dms.amazonaws.com)", allowed: a service with the condition for whom it acts']),
  ['a HardenedSecret for a schedule', (stack) => new RotationSchedule(stack, 'Schedule', {
    secret: untyped(made(stack)), hostedRotation: HostedRotation.mysqlSingleUser(),
  }), PASS_SECRET],
  ['a HardenedSecret for a database', (stack) => Credentials.fromSecret(untyped(made(stack))), PASS_SECRET],
  ['a HardenedSecret for a container', (stack) => ContainerSecret.fromSecretsManager(untyped(made(stack))).grantRead(
    untyped({})), PASS_SECRET],
  ['a HardenedSecret for grants', (stack) => SecretGrants.fromSecret(untyped(made(stack))), PASS_SECRET],
  ['a HardenedSecret to harden', (stack) => SecretHardening.fromSecret(untyped(made(stack))), PASS_SECRET],
  ['a cluster as instance', (stack) => DatabaseTarget.fromRdsInstance(untyped(importedCluster(stack))),
    '[Stack/Db] `DatabaseTarget.fromRdsInstance(instance)` is \'Stack/Db\', allowed: a database of its kind, which '
      + '\'Stack/Db\' is not; use DatabaseTarget.fromRdsCluster()'],
  ['a cluster of Aurora Serverless v1 as instance', (stack) => {
    const vpc = isolatedVpc(stack);
    return DatabaseTarget.fromRdsInstance(untyped(new ServerlessCluster(stack, 'Db', {
      vpc, vpcSubnets: { subnets: vpc.isolatedSubnets }, engine: DatabaseClusterEngine.AURORA_MYSQL,
    })));
  }, 'use DatabaseTarget.fromRdsCluster()'],
  ['an instance as cluster', (stack) => DatabaseTarget.fromRdsCluster(untyped(importedInstance(stack))),
    'use DatabaseTarget.fromRdsInstance()'],
  ['a cluster of Amazon DocumentDB as one of Amazon RDS', (stack) => {
    const vpc = isolatedVpc(stack);
    const cluster = new DocumentDbCluster(stack, 'Db', {
      vpc,
      vpcSubnets: { subnets: vpc.isolatedSubnets },
      masterUser: { username: 'root_user' },
      instanceType: untyped('t4g.medium'),
    });
    return DatabaseTarget.fromRdsCluster(untyped(cluster));
  }, 'use DatabaseTarget.fromDocumentDbCluster()'],
  ['a cluster without its endpoint', (stack) => DatabaseTarget.fromRdsCluster(importedCluster(stack)),
    '[Stack/Db] `DatabaseTarget.fromRdsCluster(cluster)` is "imported without its endpoint", allowed: one whose endpoint is '
      + 'known; import it with `clusterEndpointAddress` and `port`'],
  ['a DocumentDB cluster without its endpoint', (stack) => DatabaseTarget.fromDocumentDbCluster(importedDocumentDb(stack)),
    '`DatabaseTarget.fromDocumentDbCluster(cluster)` is "imported without its endpoint"'],
])('%s: one line of ours', (_, act, message) => {
  const got = messageOf(() => act(new Stack(testApp(), 'Stack')));
  expect(got).toContain(message);
  expect(got).not.toContain('\n');
});

test.each([
  ['an organization', new OrganizationPrincipal('o-a1b2c3d4e5'), 'aws:PrincipalOrgID'],
  ['whoever comes from a VPC',
    new AnyPrincipal().withConditions({ StringEquals: { 'AWS:sourceVpc': 'vpc-1' } }), 'AWS:sourceVpc'],
  ['a service that acts for an account',
    new ServicePrincipal('dms.amazonaws.com').withConditions({ StringEquals: { 'aws:SourceAccount': '111111111111' } }),
    'aws:SourceAccount'],
])('%s may read: a condition says whose request it is', (_, principal, key) => {
  const stack = new Stack(testApp(), 'Stack');
  made(stack).grants.read(principal);
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::SecretsManager::ResourcePolicy'));
  expect(JSON.stringify(Properties.ResourcePolicy.Statement.at(-1).Condition)).toContain(key);
});

test('a HardenedSecret has each member of a secret of the AWS CDK, or says what to pass', () => {
  const hardened = made(new Stack(testApp(), 'Stack')) as object;
  const members = ['secretArn', 'secretName', 'secretFullArn', 'encryptionKey'];
  for (let of = Secret.prototype as object; of !== Resource.prototype; of = Object.getPrototypeOf(of) as object) {
    members.push(...Object.getOwnPropertyNames(of));
  }
  expect(members.length).toBeGreaterThan(15);
  const ofTheClass = [
    'addReplicaRegion', 'addTargetAttachment', 'arnForPolicies', 'autoCreatePolicy', 'constructor', 'resolveSecretObjectValue',
  ];
  expect(members.filter((name) => !(name in hardened) && !ofTheClass.includes(name))).toEqual([]);
});

test('the resource of a secret is at hand, whatever `secret` is', () => {
  const stack = new Stack(testApp(), 'Stack');
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)));
  const creds = new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.alternatingUsers(),
  });
  expect((creds.secret as ISecret).node.defaultChild).not.toBe(creds.cfnSecret);
  expect(creds.cfnSecret).toBeInstanceOf(CfnSecret);
});
