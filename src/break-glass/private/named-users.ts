import { ArnPrincipal, CompositePrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { principalArns } from '../../resource-policy/private/principal-arns';

const PROPERTY = 'principals';
const ALLOWED = 'IAM users by name, at least one';

/** The users that were given, and nobody else. */
export function namedUsers(scope: IConstruct, principals: IPrincipal[]): IPrincipal {
  const remedy = 'name each user: a User, or new ArnPrincipal(\'arn:aws:iam::account:user/name\')';
  if (principals.length === 0) {
    throw new ValidationError({ scope, property: PROPERTY, got: principals, allowed: ALLOWED, remedy });
  }
  const arns = principals.flatMap((principal) => {
    const named = principalArns({ scope, property: PROPERTY, principal });
    if ('roleArn' in principal || named.some((arn) => arn.includes(':role/'))) {
      throw new ValidationError({
        scope,
        property: PROPERTY,
        got: String(principal),
        allowed: ALLOWED,
        remedy: 'a session of a role shows no MFA device, so that it would never get in; name users',
      });
    }
    return named;
  });
  return new CompositePrincipal(...arns.map((arn) => new ArnPrincipal(arn)));
}
