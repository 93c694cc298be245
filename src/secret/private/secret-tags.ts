import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { topLevelStack } from '../../core/stack-order';
import { propertyOf } from '../../core/template-property';

/**
 * Tags of a secret.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 */
const MAXIMUM_TAGS = 50;

/**
 * The names of the tags that a secret will have: of its own, from `Tags.of()` around it, and of the stack, which CloudFormation
 * gives to each resource. Final once all constructs are made; absent where an override says something else than a list.
 */
export function tagsOf(resource: CfnSecret): ReadonlySet<string> | undefined {
  const given = propertyOf(resource, 'tags');
  // Without an override the property is what manages them.
  const own = given === resource.tags ? Object.keys(resource.tags.tagValues()) : namesIn(given ?? []);
  return own && new Set([...own, ...Object.keys(topLevelStack(resource).tags.tagValues())]);
}

function namesIn(tags: unknown): string[] | undefined {
  return Array.isArray(tags) ? (tags as { readonly Key: string }[]).map(({ Key }) => Key) : undefined;
}

/** Refuses more tags than a secret may have: those that come from elsewhere nobody sees in its place. */
export function refuseTooManyTags(resource: CfnSecret): void {
  resource.node.addValidation({
    validate: () => {
      const { size = 0 } = tagsOf(resource) ?? {};
      return size <= MAXIMUM_TAGS ? [] : [
        `the secret has ${size} tags, allowed: at most ${MAXIMUM_TAGS}, with those of Tags.of(), of its stack and of this library; give `
          + 'it fewer, or leave it out of some with `excludeResourceTypes`',
      ];
    },
  });
}
