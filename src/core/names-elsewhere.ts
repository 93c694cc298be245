import {
  DefaultTokenResolver, type IResolvable, Reference, Stack, Stage, Token, Tokenization,
} from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConflictError } from './errors';
import { otherPart } from './in-environment';
import { referencesIn } from './references';

/** A name that is known by what it says in one stack, and used in others. */
export interface UsedName {
  /** The construct that has the name. */
  readonly scope: IConstruct;
  readonly property: string;
  readonly name: string;
}

/** References say the same in every stack that may have them, so what they say is of no interest. */
class WithoutReferences extends DefaultTokenResolver {
  override resolveToken(token: IResolvable, ...rest: [any, any]): unknown {
    return Reference.isReference(token) ? '' : super.resolveToken(token, ...rest);
  }
}

/** Text as text, and what has something else in it as a list. */
const TEXT_OR_PARTS = {
  join: (left: unknown, right: unknown) => [left, right].every((part) => typeof part === 'string') ? `${left}${right}` : [left, right],
};

/**
 * Whether a name says in the stack of `user` what it says in its own. The pseudo parameters of CloudFormation, such as
 * `AWS::StackName`, mean the stack whose template has them.
 */
export function saysTheSameIn(user: IConstruct, { scope, name }: Pick<UsedName, 'scope' | 'name'>): boolean {
  const [own, other] = [Stack.of(scope), Stack.of(user)];
  if (!Token.isUnresolved(name) || own === other) {
    return true;
  }
  const isNear = otherPart(own, other) === undefined && Stage.of(own) === Stage.of(other);
  const resolver = new WithoutReferences(TEXT_OR_PARTS);
  const said: unknown = Tokenization.resolve(name, { scope: user, resolver, preparing: true });
  return isNear ? !/"AWS::(StackName|StackId|NotificationARNs)"/.test(JSON.stringify(said))
    : typeof said === 'string' && referencesIn(user, name).length === 0;
}

/** Refuses a name that would mean another secret, function or key where it is used. */
export function requireSameIn(user: IConstruct, used: UsedName): void {
  if (!saysTheSameIn(user, used)) {
    throw new ConflictError(used.scope, `\`${used.property}\` is known at deployment only, and says something else, or nothing, in `
      + `another stack: '${Stack.of(user).node.path}'`,
    'give it as text; the name of a stack is Stack.of(this).stackName');
  }
}
