import type { Stack } from 'aws-cdk-lib/core';

/** Stacks of a newer AWS CDK warn of the old name. */
interface NewerStack {
  addStackDependency?(target: Stack): void;
}

/** Deploys a stack after another one, whatever the version of the AWS CDK; asking twice costs nothing. */
export function deployAfter(stack: Stack, earlier: Stack): void {
  if (!stack.dependencies.includes(earlier)) {
    ((stack as NewerStack).addStackDependency ?? stack.addDependency).call(stack, earlier);
  }
}
