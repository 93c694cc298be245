import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { asReader } from './reader-policies';
import { ConflictError } from '../../core/errors';

/** Lets a principal ask for several values in one request. Which it gets is decided by its permission to read each. */
export function allowBatches(scope: IConstruct, grantee: IGrantable): Grant {
  const grant = Grant.addToPrincipal({
    grantee: asReader(grantee),
    actions: ['secretsmanager:BatchGetSecretValue'],
    resourceArns: ['*'],
  });
  if (!grant.success) {
    throw new ConflictError(
      scope,
      `a grant to read in batches to '${grantee.grantPrincipal}' would have no effect: the request is about no secret in `
        + 'particular, and the principal takes no policy here',
      'grant to a role that this app knows, or grant to read and let it read in batches where it is defined',
    );
  }
  return grant;
}
