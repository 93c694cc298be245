import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ConflictError } from '../../core/errors';
import type { DatabaseTargetFacts } from '../../database/private/database-facts';
import { needsOfFunctions } from '../../rotation-function/private/function-needs';
import type { RotationRequest } from '../../rotation-function/private/rotation-request';
import { stacksOfPassword } from '../../secret/private/stacks-of-password';

/**
 * Scope of the schedule of a database user's secret: the functions of the platform, where the platform's stack depends on the
 * secret's, so that the secret's cannot wait for the platform. None where it is in the secret's.
 *
 * That is so where the functions need something of the secret's stack, such as the database itself, or where the database has its
 * first password from there.
 */
export function scheduleScopeOf(
  scope: Construct,
  request: RotationRequest,
  database: DatabaseTargetFacts,
): Construct | undefined {
  const own = Stack.of(scope);
  const { source } = database;
  const isUpstream = source !== undefined && Stack.of(source) !== own && stacksOfPassword(source).includes(own);
  if (isUpstream) {
    request.rotateBeside(source);
  }
  const isPlatformElsewhere = Stack.of(request.functions) !== own;
  const network = database.network(request.network ?? request.functions.network);
  const needs = needsOfFunctions(database, network, database.superuser);
  if (isUpstream && !isPlatformElsewhere) {
    throw new ConflictError(scope, `the database '${source.node.path}' has its password from the secret's stack, and the `
      + `platform '${request.functions.platform.node.path}' of that stack depends on the database`,
    'make the platform in the stack of the database or in one that is deployed after it, or give the secret none');
  }
  if (!isPlatformElsewhere || !(isUpstream || needs.some((needed) => Stack.of(needed) === own))) {
    return undefined;
  }
  if (request.key?.afterPlatform) {
    throw new ConflictError(scope, "the platform depends on what is in the secret's stack, such as the database or what that has "
      + "its password from, so the secret cannot wait for the platform's key",
    'give it `encryption: SecretEncryption.ownKey()`');
  }
  return request.functions;
}
