import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Resource, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { ConflictError } from '../../core/errors';
import { deployAfterIfPossible } from '../../core/stack-order';

/** Refuses a principal that the policies of secret and key cannot name: one of another account, which is given its name there. */
export function requireNamedPrincipal(secret: IConstruct, principal: IPrincipal): void {
  if (Construct.isConstruct(principal) && !canReferFrom(secret, principal.policyFragment.principalJson)) {
    throw new ConflictError(secret, `'${principal.node.path}' is of another account and has no name of its own, by which the `
      + 'policies of the secret and of its key could let it in',
    'make the reader with a role that has a `roleName`, which PhysicalName.GENERATE_IF_NEEDED makes up');
  }
}

/** Refuses a secret that a principal's policy cannot name: one of another account or Region, which is given its name there. */
export function requireNamedSecret(secret: IConstruct, principal: IConstruct, secretArn: string): void {
  if (!canReferFrom(principal, secretArn)) {
    throw new ConflictError(secret, `'${principal.node.path}' is in another account or Region, and the secret has no name of its own, `
      + 'by which a policy there could name it', 'give the secret a `secretName`');
  }
}

/** Deploys the stack of a principal after that of a secret, unless policies of the secret and its key name it. */
export function deployReaderAfter(secret: IConstruct, principal: IConstruct): void {
  if (!isNamedByPolicies(secret, principal)) {
    deployAfterIfPossible(principal, secret);
  }
}

/**
 * Deploys a principal of the app before the secret or the key whose policy names it, for AWS refuses a policy that names somebody
 * who does not exist. Within an account a reference sees to that.
 */
export function nameAfterwards(named: IConstruct, principal: IPrincipal): void {
  if (Construct.isConstruct(principal) && isNamedByPolicies(named, principal)) {
    deployAfterIfPossible(named, principal);
  }
}

function isNamedByPolicies(named: IConstruct, principal: IConstruct): boolean {
  return Resource.isOwnedResource(principal) && Stack.of(principal).account !== Stack.of(named).account;
}

/** Whether the AWS CDK can refer to something there: what is in another account or Region it has to know by a name. */
function canReferFrom(scope: IConstruct, value: unknown): boolean {
  try {
    Stack.of(scope).resolve(value);
    return true;
  } catch {
    return false;
  }
}
