import './checked-classes';
export { BreakGlassAccess } from './break-glass/break-glass-access';
export { type BreakGlassAccessProps } from './break-glass/break-glass-access-props';
export { CacheUser } from './cache/cache-user';
export {
  type CacheClusterOptions,
  type CacheConnectionOptions,
  type ElastiCacheUserOptions,
  type MemoryDbUserOptions,
} from './cache/cache-user-options';
export { type CharacterTypeOptions } from './password/character-type-options';
export {
  type BuildVariableOptions, type ContainerInjectionOptions, type CredentialProviderOptions, type CsiDriverOptions,
  type ExternalSecretOptions, type KubernetesOptions, type LambdaExtensionOptions, type RuntimeReadOptions,
  type WorkloadCredentialsProviderOptions,
} from './delivery/delivery-options';
export { KubernetesIdentity } from './delivery/kubernetes-identity';
export { SecretDelivery } from './delivery/secret-delivery';
export { ServiceDelivery } from './delivery/service-delivery';
export { DatabaseEngine } from './database/database-engine';
export { DatabaseTarget } from './database/database-target';
export {
  type DatabaseConnectionOptions, type DatabaseHostOptions, type DatabaseTargetOptions, type RedshiftTargetOptions,
} from './database/database-target-options';
export { ForwardAccessSessions } from './resource-policy/forward-access-sessions';
export { GuardRail } from './resource-policy/guard-rail';
export type { OnlyReadersOptions, VpcEndpointsOptions } from './resource-policy/guard-rail-options';
export { type HardcodedCredential } from './hardcoded-credentials/hardcoded-credential';
export { HardcodedCredentialCheck } from './hardcoded-credentials/hardcoded-credential-check';
export {
  type HardcodedCredentialAcknowledgement, type HardcodedCredentialCheckProps,
} from './hardcoded-credentials/hardcoded-credential-check-props';
export { HardenedSecret } from './hardened-secret';
export { type HardenedSecretProps } from './hardened-secret-props';
export { SecretAuditTrail, type SecretAuditTrailProps } from './monitoring/secret-audit-trail';
export { SecretConfigRules, type SecretConfigRulesProps } from './monitoring/secret-config-rules';
export { LdapDirectory } from './database/ldap-directory';
export { type LdapDirectoryOptions } from './database/ldap-directory-options';
export { MySqlPasswordStatement } from './database/mysql-password-statement';
export { PasswordStatement } from './database/password-statement';
export { PlatformGrants } from './platform-grants';
export { PostgreSqlAuthentication } from './database/postgresql-authentication';
export { PostgreSqlPasswordStatement } from './database/postgresql-password-statement';
export { RotatedAction } from './rotated-action/rotated-action';
export {
  type InstanceRefreshOptions, type InstanceTag, type KubernetesObjectOptions, type SendCommandOptions,
} from './rotated-action/rotated-action-options';
export { type CacheUserOptions } from './rotation/cache-user-rotation';
export { type CustomOptions, CustomRotationPermission } from './rotation/custom-rotation';
export {
  type AlternatingUsersOptions,
  type DatabaseRotationOptions,
  type DualPasswordOptions,
  type SingleUserOptions,
  type SingleUserWithSuperuserOptions,
  type SuperuserRotationOptions,
} from './rotation/database-rotation-options';
export { type ManagedExternalOptions } from './rotation/external-rotation';
export { type IamAccessKeyOptions } from './rotation/iam-access-key-rotation';
export { KeyPairSpec } from './rotation/key-pair-spec';
export {
  type DatabricksOptions, type ExternalAdministratorOptions, type GitLabAccessTokenOptions, type ManagedExternalSecretOptions,
  type MongoDbAtlasOptions, type MongoDbAtlasServiceAccountOptions, type PaddleApiKeyOptions, type SnowflakePatOptions,
} from './rotation/managed-external-secret-options';
export { type LdapUserOptions } from './rotation/ldap-rotation';
export { ManagedExternalSecretType } from './rotation/managed-external-secret-type';
export { type NoneOptions } from './rotation/no-rotation';
export { Rotation } from './rotation/rotation';
export { type ExternalRotationConfig, type RotationBindOptions, type RotationConfig } from './rotation/rotation-config';
export { type RotationFunctionOptions } from './rotation-function/rotation-function-options';
export { RotationTiming, type RotationTimingOptions } from './rotation/rotation-timing';
export { SecretGenerator } from './rotation/secret-generator';
export {
  type ApiTokenOptions,
  type KeyPairOptions,
  type SshKeyPairOptions,
  type SymmetricKeyOptions,
} from './rotation/secret-generator-options';
export { type StepsOptions } from './rotation/steps-rotation';
export { type RegenerateOptions } from './rotation/value-rotation';
export { RotationNetwork, type RotationNetworkOptions } from './network/rotation-network';
export { SecretContent } from './content/secret-content';
export {
  type DatabaseCredentialsOptions, type DeployedContentOptions, type DeployedDatabaseSecretOptions, type GeneratedValueOptions,
  type LdapCredentialsOptions, type PlaceholderOptions,
} from './content/secret-content-options';
export { type SecretDefaults } from './secret-defaults';
export { SecretEncryption } from './encryption/secret-encryption';
export { SecretGrants } from './secret/secret-grants';
export { SecretHardening, type SecretHardeningOptions } from './secret-hardening';
export {
  type SecretHardeningChange, SecretHardeningMixin, type SecretHardeningMixinOptions,
} from './secret-hardening-mixin';
export { SecretMetrics } from './monitoring/secret-metrics';
export { type RotationFailureOptions, SecretMonitoring } from './monitoring/secret-monitoring';
export { RotationRunbook } from './rotation-runbook';
export { type RotationRunbookProps } from './rotation-runbook-props';
export { type RunbookApproval } from './runbook/runbook-approval';
export { SecretReplica, type SecretReplicaOptions } from './replication/secret-replica';
export { SecretsManagerEndpoint } from './network/secrets-manager-endpoint';
export { SecretsPlatform } from './secrets-platform';
export { type SecretsPlatformProps } from './secrets-platform-props';
