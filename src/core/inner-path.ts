import { createHash } from 'crypto';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { topLevelStack } from './stack-order';

/**
 * The path of a construct inside the stack that is deployed with it: what is above the stack is not in it, so that it stays the
 * same under a Stage, under another construct, and in another stage.
 */
export function innerPath(construct: IConstruct): string {
  const stack = topLevelStack(construct);
  return construct.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id).join('/');
}

/** Eight characters for a construct in ids and names below `home`: two constructs that meet there have different ones. */
export function shortId(home: IConstruct, construct: IConstruct): string {
  return shortHash(pathFrom(home, construct));
}

/**
 * The path of a construct as seen from the stack of `home`: its inner path, and for another stack how that one's name differs.
 *
 * Stacks that are deployed beside each other mostly have a name in two parts, one of which says the stage. What the names have in
 * common is left out, so that two stages say the same.
 */
export function pathFrom(home: IConstruct, construct: IConstruct): string {
  const [own, other] = [Stack.of(home), Stack.of(construct)].map((stack) => topLevelStack(stack).stackName);
  return own === other ? innerPath(construct) : `${difference(own.split('-'), other.split('-'))}:${innerPath(construct)}`;
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** What is left of two lists where their equal beginnings and ends are taken away. */
function difference(own: string[], other: string[]): string {
  const before = lengthOfEqual(own, other);
  const rest = [own.slice(before), other.slice(before)];
  const after = lengthOfEqual([...rest[0]].reverse(), [...rest[1]].reverse());
  const [mine, its] = rest.map((parts) => parts.slice(0, parts.length - after).join('-'));
  // Where one name is the other and more, it matters at which end.
  const place = mine === '' || its === '' ? `${before > 0}-${after > 0}` : '';
  return [mine, its, place].join('>');
}

function lengthOfEqual(one: string[], other: string[]): number {
  const end = one.findIndex((part, index) => part !== other[index]);
  return end < 0 ? one.length : end;
}
