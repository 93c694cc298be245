import { Grant, type IGrantable, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Resource, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { nameAfterwards } from './other-environment';
import { asReader } from './reader-policies';
import { viaSecretsManager } from '../../core/arn';
import { ConflictError } from '../../core/errors';
import type { KeyFacts } from '../../encryption/private/encryption-key';
import { keyBehind, useOfKey } from '../../encryption/private/key-reference';

/** What a key encrypts: a secret, or secrets. */
export interface Encrypted {
  /** The construct that is named in errors. */
  readonly resource: IConstruct;
  /** Region where it is not that of the construct's stack. */
  readonly region?: string;
}

/** Lets a principal use a key on secrets of an ARN or a pattern of ARNs. `mayRefer` says whether to the key, wherever it is. */
export function grantOnKey(
  secret: Encrypted, key: KeyFacts, grantee: IGrantable, actions: string[], secretArn: string, mayRefer: boolean,
): Grant {
  const principal = grantee.grantPrincipal;
  if (key.aliasName === undefined && key.key && isOfOtherAccount(key.key, principal)) {
    throw new ConflictError(
      secret.resource,
      `'${principal}' is of another account, whose policies cannot refer to the key '${key.key.node.path}'`,
      'give the key an `alias`',
    );
  }
  const named = useOfKey(key, {
    scope: secret.resource,
    from: Construct.isConstruct(principal) ? principal : secret.resource,
    mayRefer,
    region: secret.region,
  });
  return Grant.addToPrincipal({
    grantee: asReader(grantee),
    actions,
    resourceArns: named.resources,
    conditions: {
      StringEquals: { 'kms:ViaService': viaSecretsManager(secret.resource, secret.region) },
      StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
      ...named.conditions,
    },
  });
}

function isOfOtherAccount(key: IKey, principal: IPrincipal): boolean {
  return (
    Construct.isConstruct(principal) && Resource.isOwnedResource(key) && Stack.of(principal).account !== Stack.of(key).account
  );
}

/**
 * Lets a principal of another account use the key of a secret, in the key's own policy. A replica knows its key by what names it,
 * and `given` is the key itself.
 */
export function allowAtKey(
  secret: Encrypted & { readonly key?: KeyFacts }, grantee: IGrantable, actions: string[], given?: IKey,
): void {
  if (!secret.key) {
    const choice = secret.region === undefined ? 'SecretEncryption.ownKey()'
      : `SecretReplica.inRegion('${secret.region}', { encryption: SecretEncryption.ownKey() })`;
    throw new ConflictError(
      secret.resource,
      `'${grantee.grantPrincipal}' cannot use the AWS managed key that encrypts the secret`,
      `encrypt the secret with a customer managed key: ${choice}`,
    );
  }
  const key = secret.key.key ?? (given && keyBehind(given));
  const added = key?.addToResourcePolicy(new PolicyStatement({
    principals: [grantee.grantPrincipal],
    actions,
    resources: ['*'],
    conditions: { StringEquals: { 'kms:ViaService': viaSecretsManager(secret.resource, secret.region) } },
  }), true);
  if (!added?.statementAdded) {
    throw new ConflictError(secret.resource, `a grant of ${actions.join(', ')} to '${grantee.grantPrincipal}' would have no `
      + 'effect: the policy of an imported key cannot be changed',
    'grant where the key is defined, or encrypt the secret with a key of this app');
  }
  nameAfterwards(key!, grantee.grantPrincipal);
}
