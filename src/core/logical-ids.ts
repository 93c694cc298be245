import { type CfnElement, Stack } from 'aws-cdk-lib/core';
import { onceFor } from './once';

/** Where the AWS CDK makes logical ids. */
interface Allocating {
  allocateLogicalId(element: CfnElement): string;
}

/**
 * Has a stack remember the logical ids that it has made: the AWS CDK makes one anew, with a digest of the path, for each
 * reference to a resource, and looks at each reference three times.
 *
 * What it makes depends on the path alone. What renames or overrides a logical id comes before or after, and a stack that makes
 * them in another way is left alone.
 */
export function rememberLogicalIds(stack: Stack): void {
  onceFor(stack, 'logical ids', () => {
    const { allocateLogicalId: usual } = Stack.prototype as unknown as Allocating;
    const allocating = stack as unknown as Allocating;
    const known = new WeakMap<CfnElement, string>();
    if (allocating.allocateLogicalId === usual) {
      allocating.allocateLogicalId = (element) => {
        const id = known.get(element) ?? usual.call(stack, element);
        known.set(element, id);
        return id;
      };
    }
    return known;
  });
}
