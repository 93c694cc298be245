/**
 * A permission that some rotation functions need beside those that every rotation needs.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
 */
export class CustomRotationPermission {
  /**
   * Lets the function have Secrets Manager make random values. The action knows no resources, so it is allowed on `*`; it reads and changes nothing.
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
