import type { RotationFunctionOptions } from './rotation-function/rotation-function-options';
import type { SecretDefaults } from './secret-defaults';

/**
 * Properties of `SecretsPlatform`.
 */
export interface SecretsPlatformProps {
  /**
   * Name of the platform, unique in the account and Region: rotation functions, their roles and the shared key's alias begin with
   * it. 1 to 32 letters, digits and inner hyphens, beginning with a letter and not with `aws`. Another name makes other functions
   * and another key alias.
   *
   * @default - from the stack's name and the path inside the stack
   */
  readonly platformName?: string;

  /**
   * What holds for all secrets of the platform that do not say otherwise.
   *
   * @default - the defaults of `HardenedSecret`
   */
  readonly defaults?: SecretDefaults;

  /**
   * How the rotation functions are made.
   *
   * @default - the defaults of `RotationFunctionOptions`
   */
  readonly rotationFunctions?: RotationFunctionOptions;
}
