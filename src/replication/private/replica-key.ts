import type { Stack } from 'aws-cdk-lib/core';
import { EncryptionKey } from '../../encryption/private/encryption-key';

/**
 * The key of a platform in a replica's Region, one for all its secrets: found, or made in a stack there.
 *
 * Secrets know it by its alias only: a reference across Regions would need a custom resource and could not be taken back.
 * Id and alias are contract: with another id it would be another key.
 */
export function replicaKey(stack: Stack, platformName: string): EncryptionKey {
  const id = `${platformName}-ReplicaKey`;
  return stack.node.tryFindChild(id) as EncryptionKey | undefined ?? new EncryptionKey(stack, id, {
    aliasName: `alias/${platformName}`,
    description: `Encrypts the replicas of the secrets of ${platformName}`,
  });
}
