export { DatabaseEngine } from './database-engine';
export { DatabaseTarget } from './database-target';
export { type DatabaseConnectionOptions, type DatabaseHostOptions, type DatabaseTargetOptions } from './database-target-options';
export { GuardRail, type OnlyReadersOptions } from './guard-rail';
export { HardenedSecret } from './hardened-secret';
export { type HardenedSecretProps } from './hardened-secret-props';
export { SecretAuditTrail, type SecretAuditTrailProps } from './monitoring/secret-audit-trail';
export { SecretConfigRules, type SecretConfigRulesProps } from './monitoring/secret-config-rules';
export { PostgreSqlAuthentication } from './postgresql-authentication';
export { PostgreSqlPasswordStatement } from './postgresql-password-statement';
export { type CustomRotationOptions } from './rotation/custom-rotation-options';
export { CustomRotationPermission } from './rotation/custom-rotation-permission';
export { type DatabaseRotationOptions, type SuperuserRotationOptions } from './rotation/database-rotation-options';
export { type ExternalRotationOptions } from './rotation/external-rotation-options';
export {
  type ExternalAdministratorOptions, type GitLabAccessTokenOptions, type ManagedExternalSecretOptions, type MongoDbAtlasOptions,
  type MongoDbAtlasServiceAccountOptions, type PaddleApiKeyOptions, type SnowflakePatOptions,
} from './rotation/managed-external-secret-options';
export { ManagedExternalSecretType } from './rotation/managed-external-secret-type';
export { Rotation } from './rotation/rotation';
export { type ExternalRotationConfig, type RotationBindOptions, type RotationConfig } from './rotation/rotation-config';
export { type RotationFunctionOptions } from './rotation/rotation-function-options';
export { RotationTiming, type RotationTimingOptions } from './rotation/rotation-timing';
export { type ValueRotationOptions } from './rotation/value-rotation-options';
export { RotationNetwork, type RotationNetworkOptions } from './rotation-network';
export { SecretContent, type DatabaseCredentialsOptions, type GeneratedValueOptions } from './secret-content';
export { type SecretDefaults } from './secret-defaults';
export { SecretEncryption } from './secret-encryption';
export { SecretGrants } from './secret-grants';
export { SecretHardening, type SecretHardeningOptions } from './secret-hardening';
export { SecretMetrics } from './secret-metrics';
export { SecretMonitoring, type RotationFailureOptions } from './secret-monitoring';
export { SecretReplica, type SecretReplicaOptions } from './secret-replica';
export { SecretsManagerEndpoint } from './secrets-manager-endpoint';
export { SecretsPlatform } from './secrets-platform';
export { type SecretsPlatformProps } from './secrets-platform-props';
