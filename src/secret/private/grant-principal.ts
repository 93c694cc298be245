import { AnyPrincipal, type IGrantable, type IPrincipal, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';

/** Refuses what is not a principal, which languages without types let through, and everybody. */
export function principalOf(scope: IConstruct, grantee: IGrantable): IPrincipal {
  const principal = grantee?.grantPrincipal as IPrincipal | undefined;
  if (principal === undefined) {
    const task = Construct.isConstruct(grantee) && 'taskRole' in grantee;
    throw new ValidationError({
      scope,
      property: 'grants(grantee)',
      got: Construct.isConstruct(grantee) ? grantee : typeof grantee,
      allowed: 'a role, a user, a function, or another construct with a role',
      remedy: task ? 'grant to its `taskRole`' : 'grant to the role that reads the secret',
    });
  }
  if (principal instanceof StarPrincipal || principal instanceof AnyPrincipal) {
    throw new ValidationError({
      scope,
      property: 'grants(grantee)',
      got: '*',
      allowed: 'principals that are named',
      remedy: 'grant to a role or an account: a secret that everybody may read is public',
    });
  }
  return principal;
}

/** Whether a role takes no policy updates. The class of such roles is not exported. */
export function isImmutableRole(principal: IPrincipal): boolean {
  return (
    (principal.constructor as { PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === 'aws-cdk-lib.aws-iam.ImmutableRole'
  );
}
