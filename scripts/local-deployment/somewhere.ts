import type { SynthesisedStack } from './cloud-assembly';

/** Where stacks are that name no account and no Region, as far as this machine goes. */
export const EXAMPLE_ACCOUNT = '111111111111';
export const EXAMPLE_REGION = 'us-east-1';

/** Stacks that may be anywhere are in one account and one Region. */
export function somewhere(stack: SynthesisedStack): SynthesisedStack {
  return {
    ...stack,
    account: stack.account === 'unknown-account' ? EXAMPLE_ACCOUNT : stack.account,
    region: stack.region === 'unknown-region' ? EXAMPLE_REGION : stack.region,
  };
}
