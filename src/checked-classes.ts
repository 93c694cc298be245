import { BreakGlassAccess } from './break-glass/break-glass-access';
import { CacheUser } from './cache/cache-user';
import { SecretContent } from './content/secret-content';
import { refuseWrongTypes } from './core/require-shape';
import { DatabaseTarget } from './database/database-target';
import { LdapDirectory } from './database/ldap-directory';
import { SecretDelivery } from './delivery/secret-delivery';
import { ServiceDelivery } from './delivery/service-delivery';
import { SecretEncryption } from './encryption/secret-encryption';
import { HardcodedCredentialCheck } from './hardcoded-credentials/hardcoded-credential-check';
import { HardenedSecret } from './hardened-secret';
import { SecretMetrics } from './monitoring/secret-metrics';
import { SecretMonitoring } from './monitoring/secret-monitoring';
import { RotationNetwork } from './network/rotation-network';
import { SecretsManagerEndpoint } from './network/secrets-manager-endpoint';
import { SecretReplica } from './replication/secret-replica';
import { GuardRail } from './resource-policy/guard-rail';
import { RotatedAction } from './rotated-action/rotated-action';
import { ManagedExternalSecretType } from './rotation/managed-external-secret-type';
import { Rotation } from './rotation/rotation';
import { RotationTiming } from './rotation/rotation-timing';
import { SecretGenerator } from './rotation/secret-generator';
import { RotationRunbook } from './rotation-runbook';
import { SecretGrants } from './secret/secret-grants';
import { SecretHardening } from './secret-hardening';
import { SecretHardeningMixin } from './secret-hardening-mixin';

refuseWrongTypes({
  BreakGlassAccess,
  CacheUser,
  DatabaseTarget,
  GuardRail,
  HardcodedCredentialCheck,
  HardenedSecret,
  LdapDirectory,
  ManagedExternalSecretType,
  RotatedAction,
  Rotation,
  RotationNetwork,
  RotationRunbook,
  RotationTiming,
  SecretContent,
  SecretDelivery,
  SecretEncryption,
  SecretGenerator,
  SecretGrants,
  SecretHardening,
  SecretHardeningMixin,
  SecretMetrics,
  SecretMonitoring,
  SecretReplica,
  SecretsManagerEndpoint,
  ServiceDelivery,
});
