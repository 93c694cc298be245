import type { CfnResource } from 'aws-cdk-lib/core';

/** A property as the template will have it: an override takes the place of what the resource was given, or takes it away. */
export function propertyOf(resource: CfnResource, name: string): unknown {
  const { rawOverrides } = resource as unknown as { readonly rawOverrides: { readonly Properties?: Record<string, unknown> } };
  const overridden = Object.entries(rawOverrides.Properties ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return overridden ? overridden[1] : (resource as unknown as Record<string, unknown>)[name];
}
