import { CfnResource, Reference, Stack, StringConcat, Tokenization, type IResolvable } from 'aws-cdk-lib/core';

/** Bytes that AWS Lambda takes for all environment variables of a function. */
export const MAXIMUM_ENVIRONMENT = 4096;

/** Characters of a secret's ARN around its name, and around the logical id in a name that CloudFormation makes, in the Region with the longest. */
const AROUND_NAME = 84;
/** What a value is counted as that only the deployment knows: more than most hosts, endpoints and ARNs have. */
const UNKNOWN_LENGTH = 150;

/** Bytes of environment variables as AWS Lambda counts them, those of their JSON, at most. `nameLength` is that of a secret they refer to. */
export function environmentSize(variables: Record<string, string>, nameLength = 0): number {
  const texts = Object.entries(variables).map(([name, text]) => [name, textAtMost(text, nameLength)]);
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(texts)));
}

/** The text, with as many characters in place of a token as it may have. */
function textAtMost(text: string, nameLength: number): string {
  return Tokenization.reverseString(text).mapTokens({ mapToken: (token) => 'x'.repeat(lengthAtMost(token, nameLength)) }).join(new StringConcat()) as string | undefined ?? '';
}

function lengthAtMost(token: IResolvable, nameLength: number): number {
  const target = Reference.isReference(token) ? token.target : undefined;
  const isSecret = target && CfnResource.isCfnResource(target) && target.cfnResourceType.startsWith('AWS::SecretsManager::');
  return isSecret ? AROUND_NAME + Math.max(Stack.of(target).getLogicalId(target).length, nameLength) : UNKNOWN_LENGTH;
}
