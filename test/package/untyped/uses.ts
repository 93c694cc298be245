import { Duration, SecretValue, type Stack } from 'aws-cdk-lib/core';
import type { Call } from './calls';
import { VALUES } from './values';
import {
  BreakGlassAccess, CacheUser, DatabaseEngine, DatabaseTarget, GuardRail, HardcodedCredentialCheck, HardenedSecret,
  LdapDirectory, Rotation, RotationNetwork, RotationRunbook, RotationTiming, SecretContent, SecretGrants,
  SecretHardening, SecretHardeningMixin, SecretMetrics,
  SecretReplica, SecretsPlatform,
} from '../../../src';

const untyped = (value: unknown) => value as never;
const a = (type: string, stack: Stack) => untyped(VALUES[type](stack));
const secret = (stack: Stack, props: unknown) => new HardenedSecret(stack, 'Secret', untyped(props));
const given = () => SecretContent.fromSecretValue(SecretValue.secretsManager('given'));
const rotating = (stack: Stack) => secret(stack, { rotation: Rotation.regenerate() });
const credentials = (stack: Stack) => SecretContent.databaseCredentials({
  username: 'app',
  database: DatabaseTarget.of({
    engine: DatabaseEngine.MYSQL, host: 'db.example.com', superuser: a('aws_secretsmanager.ISecret', stack),
  }),
});
const directory = LdapDirectory.of({ host: 'ldap.example.com' });
const username = 'uid=app,dc=example,dc=org';

/** A content for which a rotation is right, where it is not a generated one. */
const CONTENTS: Record<string, (stack: Stack) => SecretContent> = {
  alternatingUsers: credentials,
  cacheUser: () => SecretContent.cacheUserCredentials(CacheUser.memoryDb({ username: 'some-user' })),
  dualPassword: credentials,
  iamAccessKey: () => SecretContent.placeholder({ fields: ['accessKeyId', 'secretAccessKey'] }),
  ldapUser: () => SecretContent.ldapCredentials({ directory, username }),
  managedExternal: given,
  singleUser: () => SecretContent.asDeployedDatabaseSecret({
    username: 'app', database: DatabaseTarget.of({ engine: DatabaseEngine.MYSQL, host: 'db.example.com' }),
  }),
  singleUserWithSuperuser: credentials,
};

/** Uses what a factory has made, so that what is looked at late is looked at. */
export const USES: Record<string, (stack: Stack, made: any, call: Call) => unknown> = {
  CacheUser: (stack, made) => secret(stack, {
    content: SecretContent.cacheUserCredentials(made), rotation: Rotation.cacheUser(),
  }),
  DatabaseTarget: (stack, made) => secret(stack, {
    content: SecretContent.asDeployedDatabaseSecret({ username: 'app', database: made }), rotation: Rotation.singleUser(),
  }),
  GuardRail: (stack, made) => secret(stack, { guardRails: [made], secretName: 'x' }),
  HardcodedCredentialCheck: (_, made) => made,
  LdapDirectory: (stack, made) => secret(stack, {
    content: SecretContent.ldapCredentials({ directory: made, username }),
    rotation: Rotation.ldapUser({ superuser: a('aws_secretsmanager.ISecret', stack) }),
  }),
  ManagedExternalSecretType: (stack, made) => secret(stack, {
    content: given(), rotation: Rotation.managedExternal(made, { timing: RotationTiming.every(Duration.days(1)) }),
  }),
  RotatedAction: (stack, made) => rotating(stack).onRotated('Use', made),
  Rotation: (stack, made, { member }) => secret(stack, { content: CONTENTS[member!.name]?.(stack), rotation: made }),
  RotationNetwork: (stack, made) => secret(stack, { network: made, rotation: Rotation.regenerate() }),
  RotationTiming: (stack, made) => secret(stack, { rotation: Rotation.regenerate({ timing: made }) }),
  SecretContent: (stack, made) => secret(stack, { content: made }),
  SecretDelivery: (stack, made) => made.toLambda(a('aws_lambda.Function', stack)),
  SecretEncryption: (stack, made) => secret(stack, { encryption: made }),
  SecretGenerator: (stack, made) => secret(stack, {
    content: SecretContent.json({}, 'privateKey'), rotation: Rotation.regenerate({ generator: made }),
  }),
  SecretGrants: (stack, made) => made.read(a('aws_iam.IGrantable', stack)),
  SecretHardening: (_, made) => made.addGuardRails([GuardRail.tlsOnly()]),
  SecretMetrics: (_, made) => made.metricRotationErrors(),
  SecretMonitoring: (stack, made) => secret(stack, { monitoring: made, rotation: Rotation.regenerate() }),
  SecretReplica: (stack, made) => secret(stack, { replicas: [made] }),
  SecretsManagerEndpoint: (stack, made) => secret(stack, {
    rotation: Rotation.regenerate(), network: RotationNetwork.of({ vpc: a('aws_ec2.IVpc', stack), endpoint: made }),
  }),
};

/** What a method is called on. */
export const OWNERS: Record<string, (stack: Stack) => unknown> = {
  BreakGlassAccess: (stack) => new BreakGlassAccess(stack, 'Owner', {
    principals: [a('aws_iam.IUser', stack)], topic: a('aws_sns.ITopic', stack),
  }),
  HardcodedCredentialCheck: () => new HardcodedCredentialCheck(),
  HardenedSecret: (stack) => secret(stack, { replicas: [SecretReplica.inRegion('eu-west-1')], secretName: 'x' }),
  PlatformGrants: (stack) => new SecretsPlatform(stack, 'Owner', { secretNamePrefix: 'owner' }).grants,
  RotationRunbook: (stack) => new RotationRunbook(stack, 'Owner'),
  SecretDelivery: (stack) => secret(stack, { content: SecretContent.json({ username: 'app' }, 'password') }).delivery,
  SecretGrants: (stack) => SecretGrants.fromSecret(a('aws_secretsmanager.ISecret', stack)),
  SecretHardening: (stack) => SecretHardening.fromSecret(a('aws_secretsmanager.ISecret', stack), {
    content: SecretContent.generated(),
  }),
  SecretHardeningMixin: () => new SecretHardeningMixin(),
  SecretMetrics: (stack) => SecretMetrics.fromSecret(rotating(stack).secret),
  ServiceDelivery: (stack) => secret(stack, { secretName: 'AmazonMSK_x', content: SecretContent.placeholder() }).delivery,
};
