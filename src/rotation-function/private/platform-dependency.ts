import { Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConflictError } from '../../core/errors';
import { refuseCircle } from '../../core/stack-circles';
import { deployAfter, nestedIn } from '../../core/stack-order';

const REMEDY = 'make the platform in the stack of the secret, or in one that needs nothing of it';

/** Refuses a platform of another stage, account or Region: it is known by names only, which mean something else there. */
export function requireSameEnvironment(secret: IConstruct, platform: IConstruct, what = 'secret'): void {
  const [stack, home] = [Stack.of(secret), Stack.of(platform)];
  if (Stage.of(secret) !== Stage.of(platform)) {
    throw new ConflictError(
      secret,
      `the ${what} is in another stage than its platform '${platform.node.path}'`,
      'make a platform in each stage',
    );
  }
  for (const [part, own, its] of [['account', stack.account, home.account], ['Region', stack.region, home.region]]) {
    if (own !== its && !Token.isUnresolved(own) && !Token.isUnresolved(its)) {
      throw new ConflictError(
        secret,
        `the ${what} is in the ${part} ${own}, and its platform '${platform.node.path}' in ${its}`,
        'make a platform in each account and Region',
      );
    }
  }
}

/** Deploys the stack of a secret after its platform's. */
export function deployAfterPlatform(secret: IConstruct, platform: IConstruct): void {
  requireSameEnvironment(secret, platform);
  const [stack, home] = [Stack.of(secret), Stack.of(platform)];
  // A nested stack and the stack around it are deployed as one: what is ordered is its resource there.
  const [inner, outer] = [nestedIn(home, stack), nestedIn(stack, home)];
  if (inner) {
    inner.nestedStackResource!.node.addDependency(platform);
  } else if (outer) {
    secret.node.addDependency(outer.nestedStackResource!);
  } else {
    refuseCircle({ from: secret, to: platform }, REMEDY);
    deployAfter(stack, home);
  }
}
