import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';

/**
 * Refuses somebody who may agree as one who may start: AWS Systems Manager lets whoever is among the approvers agree to what they
 * have started themselves, and IAM has no condition on who that was.
 */
export function refuseApprover(scope: IConstruct, starter: IPrincipal, approvers: readonly IPrincipal[]): void {
  const names = namesOf(scope, starter);
  const isStarter = (approver: IPrincipal): boolean =>
    approver.grantPrincipal === starter || namesOf(scope, approver).some((arn) => names.includes(arn));
  if (approvers.some(isStarter)) {
    throw new ValidationError({
      scope,
      property: 'grantStart(grantee)',
      got: String(starter),
      allowed: 'none of `approval.approvers`',
      remedy: 'who agrees has to be somebody else: let another role start it, or take this one out of the approvers',
    });
  }
}

/** The ARNs of a principal, as the template has them: references to the same resource are equal. */
function namesOf(scope: IConstruct, { policyFragment }: IPrincipal): string[] {
  const { AWS: arns = [] } = policyFragment.principalJson as { AWS?: string | string[] };
  return [arns].flat().map((arn) => JSON.stringify(Stack.of(scope).resolve(arn)));
}
