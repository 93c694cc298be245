import {
  Grant,
  type IGrantable,
  type IPrincipal,
  type IResourceWithPolicy,
  type PolicyStatement,
  UnknownPrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Resource, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { isImmutableRole, principalOf, refusePublic } from './grant-principal';
import { allowAtKey, grantOnKey } from './key-permissions';
import { warnOfOtherAccount } from './other-account';
import { deployReaderAfter, nameAfterwards, requireNamedPrincipal, requireNamedSecret } from './other-environment';
import { asReader } from './reader-policies';
import { warnOfReaderWithoutWay } from './reader-without-way';
import { secretArnPattern } from '../../core/arn';
import { ConflictError } from '../../core/errors';
import { requireSameIn } from '../../core/names-elsewhere';
import { refuseCircle } from '../../core/stack-circles';
import type { KeyFacts } from '../../encryption/private/encryption-key';

/** A set of permissions on a secret and on the key behind it. */
export interface SecretPermission {
  readonly secretActions: string[];
  readonly keyActions: string[];
  readonly conditions?: Record<string, Record<string, unknown>>;
}

export const READ: SecretPermission = {
  secretActions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
  keyActions: ['kms:Decrypt'],
};

/** Without `UpdateSecret`, which also takes a secret off its key. */
export const WRITE: SecretPermission = {
  secretActions: ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
  keyActions: ['kms:Decrypt', 'kms:GenerateDataKey'],
};

export const DESCRIBE: SecretPermission = { secretActions: ['secretsmanager:DescribeSecret'], keyActions: [] };

/** To start a rotation as it is set up: a request that names a function, a partner's role or rules would set it up anew. */
export const ROTATE: SecretPermission = {
  secretActions: ['secretsmanager:RotateSecret'],
  keyActions: [],
  conditions: {
    Null: { 'secretsmanager:RotationLambdaARN': 'true', 'secretsmanager:ExternalSecretRotationRoleArn': 'true' },
    BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' },
  },
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
  /** Region where it is not that of the secret's stack: that of a replica. */
  readonly region?: string;
  /** Whose policies let in who takes no policy of the account, where they are not the secret's own: of a replica. */
  readonly shared?: SharedPolicies;
}

/** A replica has the resource policy of its primary, and a key of its own. */
export interface SharedPolicies {
  readonly primary: ISecret;
  readonly key?: IKey;
}

/**
 * Grants permissions on a secret and its key: at the identity for principals of the secret's account, at the secret and the
 * key for all others. What would land nowhere is an error.
 */
export function grantOnSecret(
  secret: GrantableSecret,
  grantee: IGrantable,
  permission: SecretPermission,
  versionStages?: string[],
): Grant {
  const principal = principalOf(secret.resource, grantee);
  if (principal instanceof UnknownPrincipal) {
    throw new ConflictError(
      secret.resource,
      `a grant of ${permission.secretActions.join(', ')} would have no effect: the resource's role is not known`,
      'import the resource with its role, or grant to the role itself',
    );
  }
  if (secret.region !== undefined && permission !== READ) {
    throw readOnlyReplica(secret.resource);
  }
  if (hasOwnPolicy(secret)) {
    refusePublic(secret.resource, principal);
  }
  const conditions = versionStages
    ? { 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': versionStages } }
    : permission.conditions;
  const secretArn = arnFor(secret, principal);
  const grant = Grant.addToPrincipalOrResource({
    grantee: asReader(grantee),
    actions: permission.secretActions,
    resourceArns: [secretArn],
    resourceSelfArns: ['*'],
    resource: policyHolderOf(secret),
    conditions,
  });
  refuseWithoutEffect(secret, principal, permission, grant);
  if (grant.resourceStatement) {
    requireNamedPrincipal(secret.resource, principal);
    nameAfterwards(secret.shared?.primary ?? secret.resource, principal);
  }
  if (conditions) {
    // The CDK leaves them out where it adds the statement to the secret.
    grant.resourceStatement?.addConditions(conditions);
  }
  if (permission.keyActions.length === 0) {
    return grant;
  }
  if (grant.resourceStatement) {
    allowAtKey(secret, grantee, permission.keyActions, secret.shared?.key);
    warnOfOtherAccount(secret, principal, permission);
  }
  if (permission === READ && Construct.isConstruct(principal)) {
    warnOfReaderWithoutWay(secret.resource, principal);
  }
  // A principal of another account needs both: its own policy, where the app has it, and the key's.
  return secret.key
    ? grant.combine(grantOnKey(secret, secret.key, grantee, permission.keyActions, secretArn, !isOfOtherStack(secret, principal)))
    : grant;
}

/** The CDK counts as a success what an imported secret or a role without policy updates has not taken. */
function refuseWithoutEffect(secret: GrantableSecret, principal: IPrincipal, permission: SecretPermission, grant: Grant): void {
  const noEffect = `a grant of ${permission.secretActions.join(', ')} to '${principal}' would have no effect`;
  if (grant.principalStatement && isImmutableRole(principal)) {
    throw new ConflictError(secret.resource, `${noEffect}: the role takes no policy updates`,
      'import the role as mutable, or give it the permission where it is defined and leave the grant out');
  }
  if (!grant.principalStatement && !hasOwnPolicy(secret)) {
    const reason = Construct.isConstruct(principal)
      ? 'the principal is of another account'
      : 'the principal takes no policy here';
    throw new ConflictError(secret.resource, `${noEffect}: ${reason}, and the resource policy of an imported secret cannot be changed`,
      'grant where the secret is defined, or give the principal a policy of its own');
  }
}

/** Why a replica takes nothing but readers. */
export function readOnlyReplica(replica: IConstruct): ConflictError {
  return new ConflictError(
    replica, 'a replica is read-only: values and rotation come from the primary', 'use the primary secret',
  );
}

/** Whether the app has the resource policy. */
function hasOwnPolicy({ resource, shared }: GrantableSecret): boolean {
  return shared !== undefined || Resource.isOwnedResource(resource);
}

/** What takes statements for the resource policy: for a replica the primary, whose policy lets in there alone. */
function policyHolderOf({ resource, region, shared }: GrantableSecret): IResourceWithPolicy {
  const addToResourcePolicy = (statement: PolicyStatement) => {
    statement.addCondition('StringEquals', { 'aws:RequestedRegion': region });
    return shared!.primary.addToResourcePolicy(statement);
  };
  const holder = { addToResourcePolicy: { value: addToResourcePolicy } };
  return shared ? Object.create(resource, holder) as IResourceWithPolicy : resource;
}

function arnFor(secret: GrantableSecret, principal: IPrincipal): string {
  if (!isOfOtherStack(secret, principal)) {
    return secret.secretArn;
  }
  if (secret.fixedName === undefined) {
    if (isOfOtherEnvironment(secret, principal)) {
      return arnElsewhere(secret.resource, principal);
    }
    refuseCircle({ from: principal, to: secret.resource }, 'give the secret a `secretName`, by which grants let in readers of '
      + 'other stacks, or define it in the stack of what it needs');
    requireNamedSecret(secret.resource, principal, secret.secretArn);
    return secret.secretArn;
  }
  requireSameIn(principal, { scope: secret.resource, property: 'secretName', name: secret.fixedName });
  deployReaderAfter(secret.resource, principal);
  return secretArnPattern(secret.resource, secret.fixedName, secret.region);
}

function isOfOtherEnvironment(
  secret: GrantableSecret, principal: IConstruct,
): secret is GrantableSecret & { readonly resource: Secret } {
  return secret.resource instanceof Secret && Stack.of(principal).environment !== Stack.of(secret.resource).environment;
}

/** The AWS CDK makes the ARN of the name there, without the characters that Secrets Manager appends. */
function arnElsewhere(secret: Secret, principal: IConstruct): string {
  requireNamedSecret(secret, principal, secret.secretArn);
  const name = (secret.node.defaultChild as CfnSecret).name!;
  requireSameIn(principal, { scope: secret, property: 'secretName', name });
  deployReaderAfter(secret, principal);
  return `${secret.secretArn}-??????`;
}

/** The policy of an imported role is in the stack that imports it. */
function isOfOtherStack(secret: GrantableSecret, principal: IPrincipal): principal is IPrincipal & IConstruct {
  return Construct.isConstruct(principal) && Stack.of(principal) !== Stack.of(secret.resource);
}
