import { Tags } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** Adds tags to a construct and to all below it. */
export function addTags(construct: IConstruct, tags: Readonly<Record<string, string>> = {}): void {
  Object.entries(tags).forEach(([name, value]) => Tags.of(construct).add(name, value));
}
