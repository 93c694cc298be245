import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Names, type RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { EncryptionKey, type KeyFacts } from './private/encryption-key';
import { keyFactsOf } from './private/key-reference';
import { requireUsableKey } from './private/usable-key';
import { innerPath } from '../core/inner-path';
import { refuseCircle } from '../core/stack-circles';

/** Which key encrypts a secret: the choice, before it is bound to a secret. */
interface EncryptionChoice {
  readonly kind: 'own' | 'shared' | 'key' | 'aws';
  readonly key?: IKey;
}

/**
 * The AWS KMS key that encrypts a secret's value.
 *
 * A customer managed key costs about 1 USD a month (each rotation of its material adds as much, up to two) and is never deleted
 * with the stack.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 *
 * @example
 * new HardenedSecret(this, 'Internal', {
 *   encryption: SecretEncryption.awsManagedKey(),
 *   rotation: Rotation.regenerate(),
 * });
 */
export class SecretEncryption {
  /**
   * A customer managed key for this secret alone: rotated every year; it and its alias are kept where the secret is.
   *
   * Its alias begins with the name of the secret's platform: another platform, or another `platformName`, gives the same key
   * another alias. Readers in other stacks know the key by the alias, so deploy them again with the change.
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#customer-cmk
   */
  static ownKey(): SecretEncryption {
    return new SecretEncryption({ kind: 'own' });
  }

  /**
   * One customer managed key for all secrets of the platform that choose it: rotated every year; it and its alias are kept
   * where one of the secrets is.
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#customer-cmk
   */
  static sharedKey(): SecretEncryption {
    return new SecretEncryption({ kind: 'shared' });
  }

  /**
   * A key of yours. It must be a symmetric encryption key in the secret's Region.
   *
   * A key that is defined in the app keeps its own policy; it has to let IAM policies of the account allow its use.
   * An imported key cannot be given permissions here: grants go to the readers' identity policies, and the key's own policy
   * must let IAM policies of the account allow `kms:Decrypt` and `kms:GenerateDataKey` through Secrets Manager.
   *
   * An alias of a key of the app stands for the key. Of an alias that is imported by name, only the name is known: principals of
   * other accounts cannot be granted anything.
   *
   * @param key the key or an alias, defined in the app or imported.
   * @throws where the key is asymmetric or an HMAC key; at synthesis, where it is turned off.
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
   */
  static key(key: IKey): SecretEncryption {
    return new SecretEncryption({ kind: 'key', key });
  }

  /**
   * The AWS managed key `aws/secretsmanager`: free, but its policy cannot be changed, and principals of other accounts cannot use
   * it.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
   */
  static awsManagedKey(): SecretEncryption {
    return new SecretEncryption({ kind: 'aws' });
  }

  /** @internal */
  readonly _choice: EncryptionChoice;

  private constructor(choice: EncryptionChoice) {
    this._choice = choice;
  }
}

/** What keys need of a platform. */
export interface KeyPlatform {
  /** What the aliases of its keys begin with. */
  readonly platformName: string;
  /** The shared key, as a secret refers to it. */
  _keyFor(secret: Construct, removalPolicy: RemovalPolicy): KeyFacts;
}

/** The key that a choice means for one secret. */
export function bindEncryption(
  scope: Construct, encryption: SecretEncryption, platform: KeyPlatform, removalPolicy: RemovalPolicy,
): KeyFacts | undefined {
  const { kind, key } = encryption._choice;
  switch (kind) {
    case 'own':
      return kept(new EncryptionKey(scope, 'Key', {
        aliasName: `alias/${platform.platformName}/${Names.uniqueResourceName(scope, { maxLength: 64, separator: '-' })}`,
        description: `Encrypts the secret ${innerPath(scope)}`,
      }), removalPolicy);
    case 'shared':
      return platform._keyFor(scope, removalPolicy);
    case 'key':
      return given(scope, key!);
    case 'aws':
      return undefined;
  }
}

function kept(made: EncryptionKey, removalPolicy: RemovalPolicy): KeyFacts {
  made.keepWith(removalPolicy);
  return made.facts;
}

function given(scope: Construct, key: IKey): KeyFacts {
  requireUsableKey({
    scope,
    property: 'SecretEncryption.key(key)',
    services: 'Secrets Manager',
    whose: 'the secret\'s',
    elsewhere: '; keys of replicas are given with SecretReplica.inRegion()',
  }, key);
  refuseCircle({ from: scope, to: key }, 'make the key in the stack of the secret, or in one that needs nothing of it; or give '
    + 'the secret SecretEncryption.ownKey()');
  return keyFactsOf(key);
}
