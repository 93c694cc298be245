import { CfnResource, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { onceFor } from './once';
import { referencesOf } from './references';

/**
 * Refuses nested stacks that wait for each other: CloudFormation refuses such a template, and the AWS CDK does not see it. What
 * they refer to is in the template of the stack around them once the AWS CDK validates.
 *
 * @param scope a secret, which is named in the error.
 */
export function refuseNestedCircle(scope: IConstruct): void {
  for (const stack of scope.node.scopes.filter((each): each is Stack => Stack.isStack(each))) {
    const resource = stack.nestedStackResource;
    if (resource) {
      onceFor(stack, 'nested circle', () => scope.node.addValidation({ validate: () => circleMessages(resource) }));
    }
  }
}

function circleMessages(resource: CfnResource): string[] {
  const way = wayFrom(resource, resource);
  return way === undefined ? [] : [
    `its nested stack '${nameOf(resource)}' waits for itself, by way of ${way.map((each) => `'${nameOf(each)}'`).join(', ')}; `
      + 'give the secret a `secretName`, by which grants let in readers of other stacks, and refer to it by that name, or define '
      + 'it in the stack of what it needs',
  ];
}

/** What a resource waits for or refers to, up to another one; none where it never comes to it. */
function wayFrom(resource: CfnResource, goal: CfnResource, seen = new Set<CfnResource>()): CfnResource[] | undefined {
  for (const next of nextOf(resource)) {
    if (next === goal) {
      return [];
    }
    if (!seen.has(next)) {
      const way = wayFrom(next, goal, seen.add(next));
      if (way) {
        return [next, ...way];
      }
    }
  }
  return undefined;
}

/** Whether a resource refers to another of its template, or waits for it, in however many steps. */
export function needs(resource: CfnResource, other: CfnResource): boolean {
  return wayFrom(resource, other) !== undefined;
}

function nextOf(resource: CfnResource): CfnResource[] {
  return [...resource.obtainDependencies(), ...referencesOf(resource)].filter((target): target is CfnResource =>
    CfnResource.isCfnResource(target));
}

/** A nested stack by the path of its construct, which is not that of its resource. */
function nameOf({ node: { path } }: CfnResource): string {
  return path.replace(/\.NestedStack\/[^/]+$/, '');
}
