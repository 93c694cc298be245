import { Aspects, CfnElement, Resource, type Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConflictError } from './errors';
import { onceFor } from './once';
import { referencesOf } from './references';
import { topLevelStack } from './stack-order';

/** Something of another stack that a construct refers to. */
interface Need {
  readonly from: IConstruct;
  readonly to: IConstruct;
}

/**
 * Refuses at synthesis that a construct needs something of another stack which needs the construct's own stack in turn.
 *
 * The AWS CDK would say so as well, but of its resources and without a way out. References of the other stack are read only where
 * a stack of ours has such a need, and once for each pair of stacks.
 */
export function refuseCircle(need: Need, remedy: string): void {
  const { from, to } = need;
  const [stack, other] = [topLevelStack(from), topLevelStack(to)];
  const known = onceFor(stack, 'needs of other stacks', () => new Set<Stack>());
  if (stack === other || known.has(other) || (Resource.isResource(to) && !Resource.isOwnedResource(to))) {
    return;
  }
  known.add(other);
  // Aspects are the last to be asked before the AWS CDK turns references into dependencies.
  Aspects.of(from).add({
    visit: (node) => {
      const way = node === from && wayBetween(other, stack);
      if (way) {
        throw new ConflictError(from, `it needs '${to.node.path}' of the stack '${other.node.path}', which needs `
          + `'${way.to.node.path}' of the stack '${topLevelStack(way.to).node.path}'`
          + (topLevelStack(way.to) === stack ? ' in turn' : ', which needs this one in turn'), remedy);
      }
    },
  });
}

/** The first step of a way from one stack to another along what they need. */
function wayBetween(start: Stack, goal: Stack, seen = new Set<Stack>()): Need | undefined {
  seen.add(start);
  return needsOf(start).find(({ to }) => {
    const next = topLevelStack(to);
    return next === goal || (!seen.has(next) && wayBetween(next, goal, seen) !== undefined);
  });
}

/** What a stack needs of others: one thing of each. */
function needsOf(stack: Stack): Need[] {
  return onceFor(stack, 'what the stack needs', () => {
    const needs = new Map<Stack, Need>();
    const add = (from: IConstruct, to: IConstruct) => {
      const other = topLevelStack(to);
      if (other !== stack && !needs.has(other)) {
        needs.set(other, { from, to });
      }
    };
    stack.node.findAll().filter((node) => CfnElement.isCfnElement(node)).forEach((element) => {
      referencesOf(element).forEach((target) => add(element, target));
    });
    stack.dependencies.forEach((other) => add(stack, other));
    return [...needs.values()];
  });
}
