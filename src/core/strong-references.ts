import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** Resources of a newer AWS CDK say how other stacks refer to them. */
interface NewerResource {
  applyCrossStackReferenceStrength?(strength: 'strong'): void;
}

/**
 * Has another stack refer to a resource by an export, whatever the app prefers: for create-only properties.
 *
 * CloudFormation does not know in advance what a weak reference (`Fn::GetStackOutput`) becomes, so it plans to replace the
 * resource with every update.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/resources.html
 */
export function referStrongly(from: IConstruct, to: IConstruct): void {
  if (Stack.of(from) !== Stack.of(to)) {
    (to.node.defaultChild as NewerResource | undefined)?.applyCrossStackReferenceStrength?.('strong');
  }
}
