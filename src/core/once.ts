import { Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConflictError } from './errors';

const claims = new WeakMap<IConstruct, Map<string, IConstruct>>();

/** Where there may be one of a kind, and what to do with a second. */
export interface Claim {
  readonly what: string;
  readonly extent: 'account' | 'account and Region';
  readonly remedy: string;
}

/**
 * Refuses a second construct of a kind for the same account, or account and Region, of an app.
 *
 * Where these are not known at synthesis, a stage counts as one environment.
 */
export function claimOnce(scope: IConstruct, claim: Claim): void {
  const { account, region } = Stack.of(scope);
  const environment = claim.extent === 'account' ? [account] : [account, region];
  const stage = environment.some((part) => Token.isUnresolved(part)) ? Stage.of(scope)?.node.path : '';
  const taken = claims.get(scope.node.root) ?? new Map<string, IConstruct>();
  claims.set(scope.node.root, taken);
  const key = JSON.stringify([claim.what, stage, ...environment]);
  const first = taken.get(key);
  if (first) {
    throw new ConflictError(scope, `'${first.node.path}' already is the ${claim.what} of this ${claim.extent}`, claim.remedy);
  }
  taken.set(key, scope);
}
