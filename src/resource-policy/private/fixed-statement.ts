import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Token } from 'aws-cdk-lib/core';

/** How the AWS CDK writes a token that is an object. */
const UNRESOLVED = '"<unresolved-';

/** Weakly, so that no statement is kept alive. */
const texts = new WeakMap<PolicyStatement, string>();

/**
 * The text of a statement that nobody can change any more and that refers to nothing: none of another. The same statement is in
 * the policies of many secrets, so its text is made once.
 */
export function fixedText(statement: PolicyStatement): string | undefined {
  if (!statement.frozen) {
    return undefined;
  }
  const text = texts.get(statement) ?? JSON.stringify(statement.toJSON());
  texts.set(statement, text);
  return Token.isUnresolved(text) || text.includes(UNRESOLVED) ? undefined : text;
}
