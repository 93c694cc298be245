import type { CfnResource } from 'aws-cdk-lib/core';

/** A property as the template will have it: an override takes the place of what the resource was given, or takes it away. */
export function propertyOf(resource: CfnResource, name: string): unknown {
  const { rawOverrides } = resource as unknown as { readonly rawOverrides: { readonly Properties?: Record<string, unknown> } };
  const overridden = entryOf(rawOverrides.Properties, name);
  return overridden ? overridden[1] : (resource as unknown as Record<string, unknown>)[name];
}

/**
 * What a resource was given at a place of its properties, by its class, as `properties` or by an override: two values at most.
 * Classes and templates differ in the first letter of a name.
 */
export function valuesAt(resource: CfnResource, path: readonly string[]): unknown[] {
  const { cfnProperties, rawOverrides } = resource as unknown as {
    readonly cfnProperties: object; readonly rawOverrides: { readonly Properties?: object };
  };
  return [cfnProperties, rawOverrides.Properties]
    .map((root) => path.reduce<unknown>((value, name) => entryOf(value, name)?.[1], root))
    .filter((value) => value !== undefined);
}

function entryOf(value: unknown, name: string): [string, unknown] | undefined {
  return Object.entries(value ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase());
}
