import { CfnAlias, type IAlias, type IKey } from 'aws-cdk-lib/aws-kms';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { KeyFacts } from './encryption-key';
import { anyKeyArn } from '../../core/arn';

/** What a statement about a key names. */
export interface KeyInStatement {
  readonly resources: string[];
  readonly conditions: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

/** How a key of the user's is known. IAM never matches the ARN of an alias: an alias stands for its key, or is a condition. */
export function keyFactsOf(given: IKey): KeyFacts {
  const key = keyBehind(given);
  if (!key) {
    return { kmsKeyId: given.keyId, aliasName: given.keyId };
  }
  const aliasName = aliasNameOf(given);
  return { kmsKeyId: key.keyArn, key, ...(aliasName !== undefined && !Token.isUnresolved(aliasName) && { aliasName }) };
}

/** The key itself where an alias is given: none where only the alias is known. */
export function keyBehind(given: IKey): IKey | undefined {
  if ((given as IAlias).aliasName === undefined) {
    return given;
  }
  try {
    return (given as IAlias).aliasTargetKey;
  } catch {
    // So says Alias.fromAliasName().
    return undefined;
  }
}

/** The alias as text: that of an Alias, or the one that a Key was made with. */
export function aliasNameOf(key: IKey): string | undefined {
  const resource = (key.node.tryFindChild('Alias') ?? key).node.defaultChild;
  return resource instanceof CfnAlias ? resource.aliasName : (key as IAlias).aliasName;
}

/** A key as a statement names it: by its ARN, or as any key on the condition that it has the alias. */
export function keyInStatement(
  scope: IConstruct, facts: KeyFacts, byAlias = !facts.key && facts.aliasName !== undefined, region?: string,
): KeyInStatement {
  return byAlias
    ? { resources: [anyKeyArn(scope, region)], conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [facts.aliasName] } } }
    : { resources: [facts.key?.keyArn ?? facts.kmsKeyId], conditions: {} };
}
