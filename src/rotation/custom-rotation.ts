import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { RotationConfig } from './rotation-config';
import type { RotationTiming } from './rotation-timing';
import { CustomFunction } from '../rotation-function/private/custom-function';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

/**
 * A permission that some rotation functions need beside those that every rotation needs.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
 *
 * @example
 * Rotation.custom({ handler: rotator, permissions: [CustomRotationPermission.randomPassword()] });
 */
export class CustomRotationPermission {
  /**
   * Lets the function have Secrets Manager make random values. The action supports no resources, so it is allowed on `*`; it
   * reads and changes nothing.
   *
   * Functions that follow the AWS rotation templates need it. One that makes its values itself does not.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
   */
  static randomPassword(): CustomRotationPermission {
    return new CustomRotationPermission('secretsmanager:GetRandomPassword', false);
  }

  /**
   * Lets the function list the versions of the secret, those without a staging label too: what an abandoned rotation left behind.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html
   */
  static listSecretVersionIds(): CustomRotationPermission {
    return new CustomRotationPermission('secretsmanager:ListSecretVersionIds', true);
  }

  /** @internal */
  readonly _action: string;
  /** @internal */
  readonly _onSecret: boolean;

  private constructor(action: string, onSecret: boolean) {
    this._action = action;
    this._onSecret = onSecret;
  }
}

/**
 * Properties of a rotation by a function of yours.
 *
 * @example
 * new HardenedSecret(this, 'Ticket', { rotation: Rotation.custom({ handler: rotator }) });
 */
export interface CustomOptions {
  /**
   * The function that Secrets Manager invokes for each of the four steps, in the secret's account and Region. It rotates at most
   * 20 secrets.
   *
   * Not a version and not an alias: whenever one moved, CloudFormation would change the schedule, and every secret would rotate.
   * One of another stack has a `functionName`; an imported one is imported with its role:
   * `Function.fromFunctionAttributes(scope, id, { functionArn, role, sameEnvironment: true })`.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
   */
  readonly handler: IFunction;

  /**
   * When the secret rotates.
   *
   * @default - every 30 days, and once as soon as the schedule is created unless the secret is adopted or its
   *   content a placeholder
   */
  readonly timing?: RotationTiming;

  /**
   * What the function needs beyond reading and writing the secret, moving its staging labels and using its key.
   *
   * @default - nothing
   */
  readonly permissions?: CustomRotationPermission[];
}

/** Binds a secret to a function of the user's. */
export function bindCustomRotation(scope: Construct, request: RotationRequest, rotation: CustomOptions): RotationConfig {
  const config = CustomFunction.for(scope, rotation.handler).use(request, rotation.permissions ?? []);
  return { ...config, timing: rotation.timing, _awaitsValue: request.content.placeholder };
}
