import { CfnAlias, type IAlias, type IKey } from 'aws-cdk-lib/aws-kms';
import { Resource, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { KeyFacts } from './encryption-key';
import { anyKeyArn } from '../../core/arn';
import { requireSameIn } from '../../core/names-elsewhere';

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
    // The form that Alias.fromAliasName() gives.
    return undefined;
  }
}

/** The alias as text: that of an Alias, or the one that a Key was made with. */
export function aliasNameOf(key: IKey): string | undefined {
  const resource = (key.node.tryFindChild('Alias') ?? key).node.defaultChild;
  return resource instanceof CfnAlias ? resource.aliasName : (key as IAlias).aliasName;
}

/** Where a statement is, and what it is about. */
export interface KeyStatement {
  /** What the key encrypts: its account and partition are the key's. */
  readonly scope: IConstruct;
  /** The construct whose policy has the statement. */
  readonly from: IConstruct;
  /** Whether the stack of the statement may refer to what the stack of the secret refers to. */
  readonly mayRefer: boolean;
  /** Region of the key where it is not that of the scope. */
  readonly region?: string;
}

/**
 * A key as a statement names it: by its ARN, or as any key on the condition that it has the alias.
 *
 * Stacks that may not refer to the key know it by its alias: its ARN would be exported, and no export can be taken back while it
 * is in use. Where there is no alias the ARN is all there is.
 */
export function useOfKey(facts: KeyFacts, { scope, from, mayRefer, region }: KeyStatement): KeyInStatement {
  const isByAlias = facts.kmsKeyId === facts.aliasName;
  const byArn = facts.key !== undefined && (isOfStack(facts.key, from) || (mayRefer && !isByAlias));
  if (facts.aliasName === undefined || byArn) {
    return { resources: [facts.key?.keyArn ?? facts.kmsKeyId], conditions: {} };
  }
  const property = facts.key ? 'platformName' : 'SecretEncryption.key(key)';
  requireSameIn(from, { scope: facts.key ?? scope, property, name: facts.aliasName });
  return {
    resources: [anyKeyArn(scope, region)],
    conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [facts.aliasName] } },
  };
}

/** Whether a key is defined in the stack of a construct. */
export function isOfStack(key: IKey, scope: IConstruct): boolean {
  return Resource.isOwnedResource(key) && Stack.of(key) === Stack.of(scope);
}
