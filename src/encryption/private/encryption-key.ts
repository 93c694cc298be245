import { type Alias, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type RemovalPolicy, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { encryptionKeyPolicy } from './key-policy';
import { keepWith, KEPT } from '../../core/keep-with';
import { claimOnce } from '../../core/once';

/** How the key of a secret is known to the parts that use it. */
export interface KeyFacts {
  /** What the secret's template says: an ARN inside the key's stack, the alias elsewhere. */
  readonly kmsKeyId: string;
  /** The key, where it is a construct whose policy or ARN can be used. */
  readonly key?: IKey;
  /** An alias that names the key for principals of other stacks, so that nothing is exported. */
  readonly aliasName?: string;
  /** Whether it is the platform's, known by its alias: the secret cannot be made before the platform. */
  readonly afterPlatform?: boolean;
}

/** Properties of {@link EncryptionKey}. */
export interface EncryptionKeyProps {
  readonly aliasName: string;
  readonly description: string;
}

/** A customer managed key for secrets: rotated, kept with them, with a policy that leaves its use to IAM and Secrets Manager. */
export class EncryptionKey extends Construct {
  readonly key: Key;
  readonly aliasName: string;
  private readonly alias: Alias;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    this.aliasName = props.aliasName;
    this.claimAlias();
    this.key = new Key(this, 'Default', {
      description: props.description,
      enableKeyRotation: true,
      policy: encryptionKeyPolicy(this),
      removalPolicy: KEPT,
    });
    this.alias = this.key.addAlias(props.aliasName);
    this.alias.applyRemovalPolicy(KEPT);
  }

  /** A platform and the replicas of another one of its name, from another Region, would meet here. */
  private claimAlias(): void {
    if (!Token.isUnresolved(this.aliasName)) {
      claimOnce(this, {
        what: `key of the alias '${this.aliasName}'`,
        extent: 'account and Region',
        remedy: 'give one of the two platforms another `platformName`: aliases of keys begin with it, those of replicas too',
      });
    }
  }

  /** Key and alias live as long as a secret that they encrypt: readers of other stacks are let in by the alias. */
  keepWith(ofSecret?: RemovalPolicy): void {
    keepWith(this.key, ofSecret);
    keepWith(this.alias, ofSecret);
  }

  /** The key for a secret in the key's own stack. */
  get facts(): KeyFacts {
    return { kmsKeyId: this.key.keyArn, key: this.key, aliasName: this.aliasName };
  }
}
