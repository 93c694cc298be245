import { Grant, PolicyStatement, UnknownPrincipal, principalIsOwnedResource, type IGrantable, type IResourceWithPolicy } from 'aws-cdk-lib/aws-iam';
import { Resource, Stack } from 'aws-cdk-lib/core';
import { anyKeyArn, secretArnPattern, viaSecretsManager } from './arn';
import type { KeyFacts } from './encryption-key';
import { ConflictError } from './errors';

/** A set of permissions on a secret and on the key behind it. */
export interface SecretPermission {
  readonly secretActions: string[];
  readonly keyActions: string[];
}

export const READ: SecretPermission = {
  secretActions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
  keyActions: ['kms:Decrypt'],
};

export const WRITE: SecretPermission = {
  secretActions: ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecret', 'secretsmanager:UpdateSecretVersionStage'],
  keyActions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
};

/** Secrets Manager itself calls the rotation function; whoever asks for a rotation must be allowed to call it too. */
export const ROTATE: SecretPermission = {
  secretActions: ['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret'],
  keyActions: [],
};

/** What the grants need to know of a secret. */
export interface GrantableSecret {
  /** The secret as a construct that may have a resource policy. */
  readonly resource: IResourceWithPolicy;
  /** ARN as a reference: creates a dependency on the secret, and on its attachment where it has one. */
  readonly secretArn: string;
  /** The name where it is fixed: principals of other stacks refer to it, so that nothing is exported. */
  readonly fixedName?: string;
  readonly key?: KeyFacts;
  /** Region where it is not that of the secret's stack. */
  readonly region?: string;
}

/**
 * Grants permissions on a secret and its key: at the identity for principals of the secret's account, at the secret and the
 * key for all others. What would land nowhere is an error.
 */
export function grantOnSecret(secret: GrantableSecret, grantee: IGrantable, permission: SecretPermission, versionStages?: string[]): Grant {
  if (grantee.grantPrincipal instanceof UnknownPrincipal) {
    throw new ConflictError(secret.resource, `a grant of ${permission.secretActions.join(', ')} would have no effect: the resource's role is not known`,
      'import the resource with its role, or grant to the role itself');
  }
  const secretArn = arnFor(secret, grantee);
  const grant = Grant.addToPrincipalOrResource({
    grantee,
    actions: permission.secretActions,
    resourceArns: [secretArn],
    resourceSelfArns: ['*'],
    resource: secret.resource,
    conditions: versionStages && { 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': versionStages } },
  });
  // The CDK counts a statement that an imported secret has not taken as a success.
  if (!grant.principalStatement && !Resource.isOwnedResource(secret.resource)) {
    throw new ConflictError(secret.resource, `a grant of ${permission.secretActions.join(', ')} to '${grantee.grantPrincipal}' would have no effect: `
      + 'the principal takes no policy here, and the resource policy of an imported secret cannot be changed',
    'grant where the secret is defined, or give the principal a policy of its own');
  }
  if (permission.keyActions.length === 0) {
    return grant;
  }
  if (grant.resourceStatement) {
    allowAtKey(secret, grantee, permission.keyActions);
  }
  return grant.principalStatement && secret.key ? grant.combine(grantOnKey(secret, secret.key, grantee, permission.keyActions, secretArn)) : grant;
}

function arnFor(secret: GrantableSecret, grantee: IGrantable): string {
  const byName = secret.fixedName !== undefined && !isOfSameStack(secret, grantee);
  return byName ? secretArnPattern(secret.resource, secret.fixedName, secret.region) : secret.secretArn;
}

/** A key of another stack is known by its alias: its ARN would be exported, and no export can be taken back while it is in use. */
function grantOnKey(secret: GrantableSecret, key: KeyFacts, grantee: IGrantable, actions: string[], secretArn: string): Grant {
  const byAlias = key.aliasName !== undefined && (!key.key || key.kmsKeyId === key.aliasName || !isOfSameStack(secret, grantee));
  return Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [byAlias ? anyKeyArn(secret.resource, secret.region) : key.kmsKeyId],
    conditions: {
      StringEquals: { 'kms:ViaService': viaSecretsManager(secret.resource, secret.region) },
      StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
      ...(byAlias && { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [key.aliasName] } }),
    },
  });
}

function isOfSameStack(secret: GrantableSecret, grantee: IGrantable): boolean {
  const principal = grantee.grantPrincipal;
  return !principalIsOwnedResource(principal) || Stack.of(principal) === Stack.of(secret.resource);
}

function allowAtKey(secret: GrantableSecret, grantee: IGrantable, actions: string[]): void {
  if (!secret.key) {
    throw new ConflictError(secret.resource, `'${grantee.grantPrincipal}' cannot use the AWS managed key that encrypts the secret`,
      'encrypt the secret with a customer managed key: SecretEncryption.ownKey()');
  }
  const added = secret.key.key?.addToResourcePolicy(new PolicyStatement({
    principals: [grantee.grantPrincipal],
    actions,
    resources: ['*'],
    conditions: { StringEquals: { 'kms:ViaService': viaSecretsManager(secret.resource, secret.region) } },
  }), true);
  if (!added?.statementAdded) {
    throw new ConflictError(secret.resource, `a grant of ${actions.join(', ')} to '${grantee.grantPrincipal}' would have no effect: the policy of an imported key cannot be changed`,
      'grant where the key is defined, or encrypt the secret with a key of this app');
  }
}
