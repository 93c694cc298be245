import { CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { pathFrom } from './inner-path';

/** An attribute of a resource of the app. */
export interface Attribute {
  readonly resource: CfnResource;
  readonly name: string;
}

/** The attribute that a text is, where it is one and nothing else. */
export function attributeBehind(text: string): Attribute | undefined {
  const { length, firstToken: token } = Tokenization.reverseString(text);
  const whole = length === 1 && Reference.isReference(token) ? token : undefined;
  return whole && CfnResource.isCfnResource(whole.target) ? { resource: whole.target, name: whole.displayName } : undefined;
}

/**
 * A text that stays the same, for ids: of an attribute it says which one. The text of a token itself depends on how many others
 * were made before.
 */
export function stableText(home: IConstruct, value: string | number): string {
  const text = typeof value === 'string' ? value : textOfToken(value) ?? String(value);
  if (!Token.isUnresolved(text)) {
    return text;
  }
  const attribute = attributeBehind(text);
  return attribute
    ? `${pathFrom(home, attribute.resource)}.${attribute.name}`
    : JSON.stringify(Stack.of(home).resolve(text));
}

/** The same text each time, so that numbers can be compared: `Tokenization.stringifyNumber` makes a new one for each call. */
export function textOfToken(value: number): string | undefined {
  const token = Tokenization.reverseNumber(value);
  return token && Token.asString(token);
}
