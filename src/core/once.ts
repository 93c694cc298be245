import { Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConflictError } from './errors';

/** Weakly, so that no app is kept alive. */
const memories = new WeakMap<IConstruct, Map<string, unknown>>();

/**
 * What exists once for a construct and a purpose: found, or made.
 *
 * For what is shared by parts that do not know each other, such as all secrets of an app. Each purpose belongs to one file.
 */
export function onceFor<T>(construct: IConstruct, purpose: string, make: () => T): T {
  const memory = memories.get(construct) ?? new Map<string, unknown>();
  memories.set(construct, memory);
  if (!memory.has(purpose)) {
    memory.set(purpose, make());
  }
  return memory.get(purpose) as T;
}

/** Where there may be one of a kind, and what to do with a second. */
export interface Claim {
  readonly what: string;
  readonly extent: 'account' | 'account and Region';
  readonly remedy: string;
  /** What is compared, where the text of `what` may differ. @default - `what` */
  readonly key?: string;
  /** Where it is, if elsewhere than the construct: what is made from there in another Region. */
  readonly region?: string;
}

/**
 * Refuses a second construct of a kind for the same account, or account and Region, of an app.
 *
 * Where these are not known at synthesis, a stage counts as one environment.
 */
export function claimOnce(scope: IConstruct, claim: Claim): void {
  const taken = onceFor(scope.node.root, 'claims', () => new Map<string, IConstruct>());
  const { account, region } = Stack.of(scope);
  const key = keyOf(scope, claim.key ?? claim.what, claim.extent === 'account' ? [account] : [account, claim.region ?? region]);
  const first = taken.get(key);
  if (first) {
    const where = claim.region === undefined ? `this ${claim.extent}` : `this account in '${claim.region}'`;
    throw new ConflictError(scope, `'${first.node.path}' already is the ${claim.what} of ${where}`, claim.remedy);
  }
  taken.set(key, scope);
}

/** What a text means in the account of a construct, in its Region or another. */
export function keyInEnvironment(scope: IConstruct, text: string, region = Stack.of(scope).region): string {
  const { account } = Stack.of(scope);
  return keyOf(scope, text, [account, region]);
}

function keyOf(scope: IConstruct, text: string, environment: string[]): string {
  const stage = environment.some((part) => Token.isUnresolved(part)) ? Stage.of(scope)?.node.path : '';
  return JSON.stringify([text, stage, ...environment]);
}
