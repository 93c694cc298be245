import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';

/** Condition keys that say whose request it is, with which a policy for everybody is not public. */
const WHOSE = new Set([
  'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalaccount', 'aws:principalarn', 'aws:userid',
  'aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths', 'aws:sourcevpc', 'aws:sourcevpce',
  'aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths',
]);
/** Condition keys by which a service says for whom it acts. */
const FOR_WHOM = new Set(['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths']);

/** Refuses what is not a principal, which languages without types let through. */
export function principalOf(scope: IConstruct, grantee: IGrantable, property = 'grants(grantee)'): IPrincipal {
  const principal = grantee?.grantPrincipal as IPrincipal | undefined;
  if (principal === undefined) {
    const task = Construct.isConstruct(grantee) && 'taskRole' in grantee;
    throw new ValidationError({
      scope,
      property,
      got: Construct.isConstruct(grantee) ? grantee : typeof grantee,
      allowed: 'a role, a user, a function, or another construct with a role',
      remedy: task ? 'grant to its `taskRole`' : 'grant to the role that reads the secret',
    });
  }
  return principal;
}

/** Refuses everybody, and a service that acts for anybody: a resource policy that lets them in makes the secret public. */
export function refusePublic(scope: IConstruct, principal: IPrincipal): void {
  const { principalJson, conditions } = principal.policyFragment;
  const everybody = [...Object.values(principalJson).flat(), principal.principalAccount].find(isEverybody);
  if (everybody !== undefined && (everybody !== '*' || principal.principalAccount === '*' || !asksFor(conditions, WHOSE))) {
    throw new ValidationError({
      scope,
      property: 'grants(grantee)',
      got: everybody,
      allowed: 'principals that are named',
      remedy: 'grant to a role or an account: a secret that everybody may read is public',
    });
  }
  if ('Service' in principalJson && !asksFor(conditions, FOR_WHOM)) {
    throw new ValidationError({
      scope,
      property: 'grants(grantee)',
      got: String(principal),
      allowed: 'a service with the condition for whom it acts; without one, whoever has an account could have it read the secret',
      remedy: "use new ServicePrincipal(service, { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } })",
    });
  }
}

/** Whether a name of a principal is that of many: IAM knows no other pattern than that of all. */
function isEverybody(name: unknown): name is string {
  return typeof name === 'string' && name.includes('*');
}

function asksFor(conditions: Record<string, unknown>, keys: ReadonlySet<string>): boolean {
  return Object.entries(conditions)
    .filter(([operator]) => !/Not|IfExists|^Null$/.test(operator))
    .some(([, asked]) => Object.keys(asked as object).some((key) => keys.has(key.toLowerCase())));
}

/** Whether a role takes no policy updates. The class of such roles is not exported. */
export function isImmutableRole(principal: IPrincipal): boolean {
  return (
    (principal.constructor as { PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === 'aws-cdk-lib.aws-iam.ImmutableRole'
  );
}
