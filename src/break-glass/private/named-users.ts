import { type IPrincipal, PrincipalBase, PrincipalPolicyFragment } from 'aws-cdk-lib/aws-iam';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { exactPrincipalArns } from '../../resource-policy/private/principal-arns';

const PROPERTY = 'principals';
const ALLOWED = 'IAM users by name, at least one';
/** Characters that the trust policy of a role has for ARNs, each in quotes and with a comma: 2,048 without the rest of it. */
const [ROOM, AROUND] = [1750, 3];
/** What an ARN that the deployment knows has at least. */
const SHORTEST = 'arn:aws:iam::111111111111:user/a'.length;

/** Users in one statement: a statement for each would fill the trust policy with the conditions of a few. */
class Users extends PrincipalBase {
  readonly policyFragment: PrincipalPolicyFragment;

  constructor(private readonly arns: string[]) {
    super();
    this.policyFragment = new PrincipalPolicyFragment({ AWS: arns });
  }

  override toString(): string {
    return `Users(${this.arns.join()})`;
  }

  dedupeString(): string {
    return this.toString();
  }
}

/** The users that were given, and nobody else. */
export function namedUsers(scope: IConstruct, principals: IPrincipal[]): IPrincipal {
  const remedy = 'name each user: a User, or new ArnPrincipal(\'arn:aws:iam::account:user/name\')';
  if (principals.length === 0) {
    throw new ValidationError({ scope, property: PROPERTY, got: principals, allowed: ALLOWED, remedy });
  }
  const arns = principals.flatMap((principal) => {
    const named = exactPrincipalArns({ scope, property: PROPERTY, principal });
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
  requireRoom(scope, arns);
  return new Users(arns);
}

function requireRoom(scope: IConstruct, arns: string[]): void {
  const length = arns.reduce((sum, arn) => sum + AROUND + (Token.isUnresolved(arn) ? SHORTEST : arn.length), 0);
  if (length > ROOM) {
    throw new ValidationError({
      scope,
      property: PROPERTY,
      got: `${arns.length} users with ${length} characters`,
      allowed: `ARNs of ${ROOM} characters in all: a trust policy has 2,048`,
      remedy: 'make a second BreakGlassAccess for some of them',
    });
  }
}
