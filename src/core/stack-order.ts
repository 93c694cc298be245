import { CfnResource, Stack, Stage } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { needs } from './nested-circles';
import { onceFor } from './once';

/** Stacks of a newer AWS CDK warn of the old name. */
interface NewerStack {
  addStackDependency?(target: Stack): void;
}

/** The stack that is deployed: of a nested stack the one at the top. */
export function topLevelStack(scope: IConstruct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent ? topLevelStack(stack.nestedStackParent) : stack;
}

/** Deploys a stack after another one, whatever the version of the AWS CDK; asking twice costs nothing. */
export function deployAfter(stack: Stack, earlier: Stack): void {
  if (!stack.dependencies.includes(earlier)) {
    ((stack as NewerStack).addStackDependency ?? stack.addDependency).call(stack, earlier);
  }
}

/**
 * Deploys the stack of a construct after that of another, which it knows by name, unless that one has to come later itself:
 * a reader may be in the stack of the database that the secret's stack refers to, and a name is no reason for a cycle.
 *
 * The AWS CDK turns references into dependencies just before it validates, so that is when both are known.
 */
export function deployAfterIfPossible(later: IConstruct, earlier: IConstruct): void {
  const [stack, target] = [topLevelStack(later), topLevelStack(earlier)];
  const targets = onceFor(stack, 'earlier stacks', () => new Set<Stack>());
  if (stack === target) {
    createAfterIfPossible(later, earlier);
  }
  if (stack === target || targets.has(target) || Stage.of(stack) !== Stage.of(target)) {
    return;
  }
  targets.add(target);
  stack.node.addValidation({
    validate: () => {
      if (!comesAfter(target, stack)) {
        deployAfter(stack, target);
      }
      return [];
    },
  });
}

/** The same within a stack and those nested in it, for a nested one that comes later: what is ordered are resources. */
function createAfterIfPossible(later: IConstruct, earlier: IConstruct): void {
  const nested = Stack.of(later);
  const around = nested.node.scopes.filter((scope): scope is Stack => Stack.isStack(scope));
  const outer = around.filter((scope) => earlier.node.scopes.includes(scope)).at(-1)!;
  const [waiting, target] = [resourceIn(outer, later), resourceIn(outer, earlier)];
  if (nested === outer || !waiting || !target || waiting === target) {
    return;
  }
  nested.node.addValidation({
    validate: () => {
      if (!needs(target, waiting)) {
        waiting.addDependency(target);
      }
      return [];
    },
  });
}

/** What is a construct in the template of a stack: its own resource, or the nested stack that it is in. */
function resourceIn(outer: Stack, construct: IConstruct): CfnResource | undefined {
  const stack = Stack.of(construct);
  const inner = stack === outer ? construct.node.defaultChild : nestedIn(outer, stack)?.nestedStackResource;
  return inner && CfnResource.isCfnResource(inner) ? inner : undefined;
}

/** The stack directly in `outer` that is `stack` or has it somewhere inside. */
export function nestedIn(outer: Stack, stack: Stack): Stack | undefined {
  const around = stack.nestedStackParent;
  return around === undefined || around === outer ? around && stack : nestedIn(outer, around);
}

function comesAfter(stack: Stack, earlier: Stack, seen = new Set<Stack>()): boolean {
  return !seen.has(stack) && stack.dependencies.some((other) => other === earlier || comesAfter(other, earlier, seen.add(stack)));
}
