import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, CfnSecretTargetAttachment } from 'aws-cdk-lib/aws-secretsmanager';
import { Aws, type IResolvable, Reference, Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';

/** None is longer. */
const [SOME_PARTITION, SOME_REGION, SOME_ACCOUNT] = ['aws-us-gov', 'ap-southeast-1', '111111111111'];

/** Whatever it is: the AWS CDK takes the ARNs of resources for as long as this. */
const SOME_TEXT = 'x'.repeat(150);

/** What CloudFormation appends to the path of a construct for a name: a hash, a hyphen and twelve characters. */
const GENERATED = '12345678-abcdefghijkl';

const [PARTITION, REGION, ACCOUNT] = [Aws.PARTITION, Aws.REGION, Aws.ACCOUNT_ID]
  .map((text) => Tokenization.reverseString(text).firstToken);

/** The number of characters of a policy as IAM counts them, without whitespace: an estimate. `scope` is where the policy is. */
export function deployedSize(scope: IConstruct, policy: unknown): number {
  return JSON.stringify(policy, (_, value) => typeof value === 'string' ? deployedText(scope, value) : value).length;
}

/** A text as long as the given one will be, once what it refers to is known. */
export function deployedText(scope: IConstruct, text: string): string {
  const values = Tokenization.reverseString(text).mapTokens({ mapToken: (token) => valueLike(scope, token) });
  return String(values.join(new StringConcat()));
}

function valueLike(scope: IConstruct, token: IResolvable): string {
  const target = Reference.isReference(token) ? token.target : undefined;
  if (target instanceof CfnSecretTargetAttachment) {
    return deployedText(scope, target.secretId);
  }
  const { region: inStack, account: ofStack } = Stack.of(scope);
  const region = Token.isUnresolved(inStack) ? SOME_REGION : inStack;
  const account = Token.isUnresolved(ofStack) ? SOME_ACCOUNT : ofStack;
  const partition = RegionInfo.get(inStack).partition ?? SOME_PARTITION;
  if (target instanceof CfnSecret) {
    const { name } = target;
    const known = name === undefined || Token.isUnresolved(name) ? target.node.path + GENERATED : name;
    return `arn:${partition}:secretsmanager:${region}:${account}:secret:${known}-AbCdEf`;
  }
  if (target instanceof CfnKey) {
    return `arn:${partition}:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`;
  }
  return new Map([[PARTITION, partition], [REGION, region], [ACCOUNT, account]]).get(token) ?? SOME_TEXT;
}
