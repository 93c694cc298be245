import { CfnResource, type IResolvable, Reference, Stack, StringConcat, Tokenization } from 'aws-cdk-lib/core';
import { onceFor } from './once';

/**
 * Characters of a secret's ARN around its name, and around the logical id in a name that CloudFormation makes, in the Region with
 * the longest.
 */
export const AROUND_NAME = 84;
/** Length that is assumed for a value that only the deployment knows: more than most hosts, endpoints and ARNs have. */
const UNKNOWN_LENGTH = 150;

/**
 * The text, with as many characters in place of each token as its value may have: for limits on what is deployed. `nameLength` is
 * that of a secret that the text refers to.
 */
export function textAtMost(text: string, nameLength = 0): string {
  return (
    (Tokenization.reverseString(text)
      .mapTokens({ mapToken: (token) => 'x'.repeat(lengthAtMost(token, nameLength)) })
      .join(new StringConcat()) as string | undefined) ?? ''
  );
}

function lengthAtMost(token: IResolvable, nameLength: number): number {
  const target = Reference.isReference(token) ? token.target : undefined;
  const isSecret = target && CfnResource.isCfnResource(target) && target.cfnResourceType.startsWith('AWS::SecretsManager::');
  return isSecret ? AROUND_NAME + Math.max(logicalIdLength(target), nameLength) : UNKNOWN_LENGTH;
}

/** Characters that CloudFormation puts after the logical id in a name that it makes. */
const AFTER_LOGICAL_ID = 13;

/** Characters of the name that CloudFormation makes for a resource. */
export function generatedNameLength(resource: CfnResource): number {
  return logicalIdLength(resource) + AFTER_LOGICAL_ID;
}

/** Characters of the logical id of a resource: computed once, for that takes longer than all the rest of a limit. */
export function logicalIdLength(resource: CfnResource): number {
  return onceFor(resource, 'length of the logical id', () => Stack.of(resource).getLogicalId(resource).length);
}
