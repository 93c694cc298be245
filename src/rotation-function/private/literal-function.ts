import type { CfnFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnElement, Reference, Token, Tokenization } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { functionArn } from '../../core/arn';
import { ConflictError } from '../../core/errors';

/** What needs the ARN, where it is and as messages call it. */
export interface OfWhom {
  readonly scope: IConstruct;
  readonly what: string;
}

/** The ARN of a function of the user's as another stack knows it, so that nothing is exported. */
export function literalFunctionArn(handler: IFunction, { scope, what }: OfWhom): string {
  const arn = handler.functionArn;
  if (!isReference(arn)) {
    return arn;
  }
  const name = fixed((handler.node.defaultChild as CfnFunction | undefined)?.functionName);
  if (name === undefined) {
    throw new ConflictError(
      scope,
      `the rotation function '${handler.node.path}' is in another stack than the ${what} and has no fixed name`,
      `give it a \`functionName\`, or define it in the ${what}'s stack`,
    );
  }
  return functionArn(handler, name);
}

/** Whether an ARN is known only by way of a resource: in another stack it would be exported. */
export function isReference(arn: string): boolean {
  return Tokenization.reverseString(arn).tokens.some(
    (token) => Reference.isReference(token) && CfnElement.isCfnElement(token.target),
  );
}

/** A name that is not left to the deployment. */
export function fixed(name: string | undefined): string | undefined {
  return Token.isUnresolved(name) ? undefined : name;
}
