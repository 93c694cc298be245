import type { RemovalPolicy } from 'aws-cdk-lib/core';
import type { SecretEncryption } from './encryption/secret-encryption';
import type { SecretMonitoring } from './monitoring/secret-monitoring';
import type { RotationNetwork } from './network/rotation-network';
import type { SecretReplica } from './replication/secret-replica';
import type { GuardRail } from './resource-policy/guard-rail';

/**
 * Options of one secret and, as defaults, of all secrets of a platform. A list given to the secret replaces the platform's.
 */
export interface SecretDefaults {
  /**
   * The AWS KMS key that encrypts the secret.
   *
   * @default - the platform's shared customer managed key where the secret names its platform, else a key of the secret's own;
   *   about 1 USD a month each
   */
  readonly encryption?: SecretEncryption;

  /**
   * What the resource policy forbids to everybody, whatever their own policies allow. `[]` means nothing.
   *
   * @default [GuardRail.tlsOnly()]
   */
  readonly guardRails?: GuardRail[];

  /**
   * Copies in other Regions, kept up to date by Secrets Manager. `[]` means none.
   *
   * @default - none
   */
  readonly replicas?: SecretReplica[];

  /**
   * What is monitored, and who is notified.
   *
   * @default - SecretMonitoring.rotationFailure(): an alarm (about 0.10 USD a month for each rotation function) that notifies
   *   nobody yet
   */
  readonly monitoring?: SecretMonitoring;

  /**
   * Where rotation functions run, unless the `DatabaseTarget` names its network.
   *
   * @default - in the VPC of the database; outside a VPC where there is no database
   */
  readonly network?: RotationNetwork;

  /**
   * What happens to the secret when it is removed from the stack, or replaced.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}
