import type { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { shortId } from '../../core/inner-path';
import { EncryptionKey } from '../../encryption/private/encryption-key';

/** The platform that a key is for: its name, the construct that it is, and how long the key is kept. */
export interface ReplicaPlatform {
  readonly platformName: string;
  readonly platform: IConstruct;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The key of a platform in a replica's Region, one for all its secrets: found, or made in a stack there. Stacks of users may have
 * those of several platforms.
 *
 * Secrets know it by its alias only: a reference across Regions would need a custom resource and could not be taken back.
 * Id and alias are contract: with another id it would be another key.
 */
export function replicaKey(
  stack: Stack,
  { platformName, platform, removalPolicy }: ReplicaPlatform,
  isOwnStack: boolean,
): EncryptionKey {
  const id = isOwnStack ? 'ReplicaKey' : `ReplicaKey-${shortId(stack, platform)}`;
  const key = stack.node.tryFindChild(id) as EncryptionKey | undefined ?? new EncryptionKey(stack, id, {
    aliasName: `alias/${platformName}`,
    description: `Encrypts the replicas of the secrets of ${platformName}`,
  });
  key.keepWith(removalPolicy);
  return key;
}
