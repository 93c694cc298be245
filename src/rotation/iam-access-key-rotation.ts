import type { IUser } from 'aws-cdk-lib/aws-iam';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { formerHours } from './private/former-hours';
import { iamUserFacts } from './private/iam-user';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import type { AccessKeyBinding } from '../contract/access-key-binding';
import { ConflictError, ValidationError } from '../core/errors';
import { claimOnce } from '../core/once';
import { deployAfterIfPossible } from '../core/stack-order';
import { requireText } from '../core/validate';
import type { RotationNetwork } from '../network/rotation-network';
import { boundNameOf } from '../rotation-function/private/binding';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

/**
 * Properties of a rotation of an IAM user's access key.
 *
 * @example
 * new HardenedSecret(this, 'DeployerKey', {
 *   content: SecretContent.placeholder(),
 *   rotation: Rotation.iamAccessKey({ user: new iam.User(this, 'Deployer') }),
 * });
 */
export interface IamAccessKeyOptions {
  /**
   * The user, in the account of the secret. All its access keys belong to this secret: a user has two at the most, and a rotation
   * needs both places.
   *
   * One that is imported by its name is taken to have the path `/`; with another path, import it by its ARN. One that is defined
   * in another stack than the rotation function needs a fixed `userName`.
   */
  readonly user: IUser;

  /**
   * For how long the former key works once a new one is current: whole hours, from one day to a year. It is deactivated within a
   * day after that, unless somebody has used it during the last 24 hours, which the daily audit then reports; the next rotation
   * deletes it. The interval between two rotations is at least two days longer.
   *
   * @default Duration.days(7)
   */
  readonly formerWorksFor?: Duration;

  /**
   * JSON field of the access key ID, 1 to 128 characters.
   *
   * @default 'accessKeyId'
   */
  readonly accessKeyIdField?: string;

  /**
   * JSON field of the secret access key, 1 to 128 characters.
   *
   * @default 'secretAccessKey'
   */
  readonly secretAccessKeyField?: string;

  /**
   * Network of the function. It has to lead to the public endpoints of IAM and AWS STS, so it is one with
   * `SecretsManagerEndpoint.natOrProxy()`.
   *
   * @default - that of the secret; else the platform's default network; else outside any VPC
   */
  readonly network?: RotationNetwork;

  /**
   * When the secret rotates.
   *
   * @default - every 30 days, and once as soon as the schedule is created unless the secret is adopted
   */
  readonly timing?: RotationTiming;
}

const FACTORY = 'Rotation.iamAccessKey';
/** Nobody must have used a key for a day. */
const SHORTEST_HOURS = 24;

/** Binds a secret to the function that gives IAM users new access keys. */
export function bindIamAccessKeyRotation(
  scope: Construct,
  request: RotationRequest,
  rotation: IamAccessKeyOptions,
): RotationConfig {
  const { credentials, cacheUser } = request.content;
  if (credentials ?? cacheUser) {
    throw new ConflictError(scope, 'the content of the secret is a user name with a password, and the rotation makes access keys',
      'use SecretContent.placeholder(), or SecretContent.json() for further fields');
  }
  const user = iamUserFacts(scope, rotation.user, request.functions);
  claimOnce(scope, {
    what: `secret of the access keys of the IAM user '${user.identity}'`,
    extent: 'account',
    remedy: 'use one secret for each user, and several readers of it: a user has two keys at the most',
  });
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  const { longestHours, shortestHours } = timing._bind(scope);
  const binding: AccessKeyBinding = {
    secret: boundNameOf(request, request.functions),
    userArn: user.arn,
    formerWorksForHours: formerHours({
      scope,
      factory: FACTORY,
      worksFor: rotation.formerWorksFor ?? Duration.days(7),
      shortestAllowed: SHORTEST_HOURS,
      shortestHours,
      reason: 'a user has two access keys, so the former one has to be gone before the next is made',
    }),
    ...fieldsOf(scope, rotation),
  };
  const rotationFunction = request.functions.forAccessKeys(
    { ...request, binding, network: rotation.network?._facts ?? request.network },
    user.arn,
  );
  const config = { ...rotationFunction.use(request, longestHours), _effect: { formerWorks: true, changesName: true } };
  if (!user.resource) {
    return { ...config, timing };
  }
  if (Stack.of(user.resource) === Stack.of(scope)) {
    return { ...config, dependencies: [...config.dependencies, user.resource], timing };
  }
  deployAfterIfPossible(scope, user.resource);
  return { ...config, timing };
}

function fieldsOf(
  scope: Construct,
  { accessKeyIdField: idField, secretAccessKeyField: secretField }: IamAccessKeyOptions,
): Pick<AccessKeyBinding, 'idField' | 'secretField'> {
  const rule = { minimum: 1, maximum: 128, allowed: '1 to 128 characters' };
  const remedy = 'give the name of the field, or leave it out';
  requireText({ scope, property: `${FACTORY}(accessKeyIdField)`, remedy }, idField, rule);
  requireText({ scope, property: `${FACTORY}(secretAccessKeyField)`, remedy }, secretField, rule);
  if ((idField ?? 'accessKeyId') === (secretField ?? 'secretAccessKey')) {
    throw new ValidationError({
      scope,
      property: `${FACTORY}(secretAccessKeyField)`,
      got: secretField,
      allowed: 'another field than that of the access key ID',
      remedy: 'give each of the two a field',
    });
  }
  return { ...idField !== undefined && { idField }, ...secretField !== undefined && { secretField } };
}
