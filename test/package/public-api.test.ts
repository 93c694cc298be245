import { type Member, publicTypes } from './assembly';
import * as library from '../../src';

const types = publicTypes();
const members = types.flatMap((type) => [...type.properties ?? [], ...type.methods ?? []].map((member) => ({ type, member })));

test('exports what was reviewed and nothing else', () => {
  expect(types.map(({ name }) => name).sort()).toEqual(REVIEWED);
});

test('is in TypeScript what it is in the other languages', () => {
  const classes = types.filter(({ kind }) => kind === 'class').map(({ name }) => name);
  expect(Object.entries(library).map(([name, value]) => `${name}: ${typeof value}`).sort())
    .toEqual(classes.map((name) => `${name}: function`).sort());
});

test('documents every type and member', () => {
  const undocumented = members.filter(({ member }) => !member.docs?.summary && !member.overrides)
    .map(({ type, member }) => `${type.name}.${member.name}`);
  expect([...types.filter(({ docs }) => !docs?.summary).map(({ name }) => name), ...undocumented]).toEqual([]);
});

test('shows how every class is used, and every factory of Rotation that takes options', () => {
  const factories = types.find(({ name }) => name === 'Rotation')!.methods!.filter((method) => method.static);
  const options = factories.flatMap(({ parameters = [] }) => parameters)
    .filter(({ name }) => name === 'options').map(({ type }) => (type as { fqn: string }).fqn.replace(/^.*\./, ''));
  expect(options.length).toBeGreaterThan(10);
  const shown = types.filter(({ name, kind, abstract }) => kind === 'class' && !abstract || options.includes(name));
  expect(shown.filter(({ docs }) => docs?.example === undefined).map(({ name }) => name)).toEqual([]);
});

test('says of every optional property what happens without it', () => {
  const silent = members.filter(({ type, member }) => type.datatype && member.optional && !member.docs?.default);
  expect(silent.map(({ type, member }) => `${type.name}.${member.name}`)).toEqual([]);
});

test('has no type that says nothing', () => {
  const types_ = ({ member }: { member: Member }) =>
    JSON.stringify([member.type, member.returns?.type, member.parameters?.map(({ type }) => type)]);
  expect(
    members.filter((entry) => /"primitive":"any"/.test(types_(entry))).map(({ type, member }) => `${type.name}.${member.name}`),
  ).toEqual([]);
});

test('names no reference interface: their names are not the same in all supported versions of the AWS CDK', () => {
  const named = members.filter(({ member }) => /"aws-cdk-lib\.[^"]*\.I[A-Za-z]+Ref"/.test(JSON.stringify(member)));
  expect(named.map(({ type, member }) => `${type.name}.${member.name}`)).toEqual([]);
});

/** The public API. A new name is a decision: it stays. */
const REVIEWED = [
  'AlternatingUsersOptions',
  'ApiTokenOptions',
  'BreakGlassAccess',
  'BreakGlassAccessProps',
  'BuildVariableOptions',
  'CacheClusterOptions',
  'CacheConnectionOptions',
  'CacheUser',
  'CacheUserOptions',
  'CharacterTypeOptions',
  'ContainerInjectionOptions',
  'CredentialProviderOptions',
  'CsiDriverOptions',
  'CustomOptions',
  'CustomRotationPermission',
  'DatabaseConnectionOptions',
  'DatabaseCredentialsOptions',
  'DatabaseEngine',
  'DatabaseHostOptions',
  'DatabaseRotationOptions',
  'DatabaseTarget',
  'DatabaseTargetOptions',
  'DatabricksOptions',
  'DeployedContentOptions',
  'DeployedDatabaseSecretOptions',
  'DualPasswordOptions',
  'ElastiCacheUserOptions',
  'ExternalAdministratorOptions',
  'ExternalRotationConfig',
  'ExternalSecretOptions',
  'ForwardAccessSessions',
  'GeneratedValueOptions',
  'GitLabAccessTokenOptions',
  'GuardRail',
  'HardcodedCredential',
  'HardcodedCredentialAcknowledgement',
  'HardcodedCredentialCheck',
  'HardcodedCredentialCheckProps',
  'HardenedSecret',
  'HardenedSecretProps',
  'IamAccessKeyOptions',
  'InstanceRefreshOptions',
  'InstanceTag',
  'KeyPairOptions',
  'KeyPairSpec',
  'KubernetesIdentity',
  'KubernetesObjectOptions',
  'KubernetesOptions',
  'LambdaExtensionOptions',
  'LdapCredentialsOptions',
  'LdapDirectory',
  'LdapDirectoryOptions',
  'LdapUserOptions',
  'ManagedExternalOptions',
  'ManagedExternalSecretOptions',
  'ManagedExternalSecretType',
  'MemoryDbUserOptions',
  'MongoDbAtlasOptions',
  'MongoDbAtlasServiceAccountOptions',
  'MySqlPasswordStatement',
  'NoneOptions',
  'OnlyReadersOptions',
  'PaddleApiKeyOptions',
  'PasswordStatement',
  'PlaceholderOptions',
  'PlatformGrants',
  'PostgreSqlAuthentication',
  'PostgreSqlPasswordStatement',
  'RedshiftTargetOptions',
  'RegenerateOptions',
  'RotatedAction',
  'Rotation',
  'RotationBindOptions',
  'RotationConfig',
  'RotationFailureOptions',
  'RotationFunctionOptions',
  'RotationNetwork',
  'RotationNetworkOptions',
  'RotationRunbook',
  'RotationRunbookProps',
  'RotationTiming',
  'RotationTimingOptions',
  'RunbookApproval',
  'RuntimeReadOptions',
  'SecretAuditTrail',
  'SecretAuditTrailProps',
  'SecretConfigRules',
  'SecretConfigRulesProps',
  'SecretContent',
  'SecretDefaults',
  'SecretDelivery',
  'SecretEncryption',
  'SecretGenerator',
  'SecretGrants',
  'SecretHardening',
  'SecretHardeningChange',
  'SecretHardeningMixin',
  'SecretHardeningMixinOptions',
  'SecretHardeningOptions',
  'SecretMetrics',
  'SecretMonitoring',
  'SecretReplica',
  'SecretReplicaOptions',
  'SecretsManagerEndpoint',
  'SecretsPlatform',
  'SecretsPlatformProps',
  'SendCommandOptions',
  'ServiceDelivery',
  'SingleUserOptions',
  'SingleUserWithSuperuserOptions',
  'SnowflakePatOptions',
  'SshKeyPairOptions',
  'StepsOptions',
  'SuperuserRotationOptions',
  'SymmetricKeyOptions',
  'VpcEndpointsOptions',
  'WorkloadCredentialsProviderOptions',
];
