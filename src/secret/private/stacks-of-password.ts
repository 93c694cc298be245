import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { referencesIn } from '../../core/references';

/** The stacks of what the first password of a database's master user is taken from: that database cannot be without them. */
export function stacksOfPassword(database: IConstruct): Stack[] {
  const resource = database.node.defaultChild ?? database;
  const { masterUserPassword } = resource as { masterUserPassword?: unknown };
  return referencesIn(resource, masterUserPassword).map((target) => Stack.of(target));
}
