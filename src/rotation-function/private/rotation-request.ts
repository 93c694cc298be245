import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { RotationFunctions } from './function-pool';
import type { ContentFacts } from '../../content/private/content-facts';
import { ConflictError } from '../../core/errors';
import type { KeyFacts } from '../../encryption/private/encryption-key';
import type { NetworkFacts } from '../../network/private/network-facts';

/** What the rotations of this library know of a secret beyond its interface. */
export interface RotationContext {
  /** The construct that is named in errors. */
  readonly scope: Construct;
  /** The secret itself, without a target attachment: functions must not wait for the database through it. */
  readonly secret: ISecret;
  readonly fixedName?: string;
  readonly key?: KeyFacts;
  readonly content: ContentFacts;
  /** Network of the function that rotates the secret, where its target names none. */
  readonly network?: NetworkFacts;
  /** Regions that the secret is replicated to. */
  readonly replicaRegions: string[];
  /** Whether the daily audit expects the secret. */
  readonly monitored: boolean;
  /** The functions of the platform the secret belongs to. */
  readonly functions: RotationFunctions;
}

const contexts = new WeakMap<ISecret, RotationContext>();

/** Remembers what is known of a secret. */
export function setRotationContext(secret: ISecret, context: RotationContext): void {
  contexts.set(secret, context);
}

/** What is known of a secret, if anything. */
export function knownContextOf(secret: ISecret): RotationContext | undefined {
  return contexts.get(secret);
}

/** What is known of a secret that was prepared for rotation. */
export function rotationContextOf(scope: Construct, secret: ISecret): RotationContext {
  const context = contexts.get(secret);
  if (!context) {
    throw new ConflictError(scope, `the secret '${secret.node.path}' is not one that this rotation knows`,
      'give the rotation to a HardenedSecret, or to SecretHardening.fromSecret(secret)');
  }
  return context;
}
