import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ConflictError, ValidationError } from '../../core/errors';
import { otherPart } from '../../core/in-environment';

/** How a function that is not defined in the app has to be imported. */
const IMPORT_WITH_ROLE =
  'import it with its role: Function.fromFunctionAttributes(scope, id, { functionArn, role, sameEnvironment: true })';

/** Parts of the ARN of a version or an alias: one more than a function's. */
const QUALIFIED_PARTS = 8;

/** Refuses a function that cannot rotate the secrets of a construct's stack, and returns its role. */
export function requireRotatable(scope: Construct, handler: IFunction, property: string): IRole {
  requireUnqualified(scope, handler, property);
  requireSamePlace(scope, handler, property);
  if (Stage.of(handler) !== Stage.of(scope)) {
    throw new ConflictError(
      scope,
      `the rotation function '${handler.node.path}' is in another stage than the secret`,
      'define a function in each stage',
    );
  }
  if (!handler.role) {
    throw new ConflictError(scope, `the role of the rotation function '${handler.node.path}' is not known, so it cannot be `
      + 'granted access to the secret', IMPORT_WITH_ROLE);
  }
  // The CDK does not expose what it knows about an imported function's account.
  if ((handler as { readonly canCreatePermissions?: boolean }).canCreatePermissions === false) {
    throw new ConflictError(
      scope,
      `whether the imported rotation function '${handler.node.path}' is in the secret's account and Region is not known`,
      IMPORT_WITH_ROLE,
    );
  }
  return handler.role;
}

function requireUnqualified(scope: Construct, handler: IFunction, property: string): void {
  const { functionArn } = handler;
  const isQualified =
    'lambda' in handler || (!Token.isUnresolved(functionArn) && functionArn.split(':').length >= QUALIFIED_PARTS);
  if (isQualified) {
    throw new ValidationError({
      scope,
      property,
      got: handler,
      allowed: 'a function, not a version or an alias: whenever one moves, every secret would rotate',
      remedy: 'pass the function itself, which is the `lambda` of a version or an alias',
    });
  }
}

/** Secrets Manager invokes functions of the secret's own account and Region. */
function requireSamePlace(scope: Construct, handler: IFunction, property: string): void {
  const stack = Stack.of(scope);
  const other = otherPart(stack, handler.env);
  if (other !== undefined) {
    throw new ValidationError({
      scope,
      property,
      got: handler.env[other],
      allowed: `a function in the secret's own ${other === 'region' ? 'Region' : other}, ${stack[other]}`,
      remedy: 'define a function there',
    });
  }
}
