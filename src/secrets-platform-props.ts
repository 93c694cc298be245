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
   * What the names of all secrets of the platform begin with, before a slash: with `prod`, `prod/orders/database` is such a name.
   * Each secret of the platform needs such a `secretName` then, and no other secret of the app may have one. Of two platforms,
   * neither prefix may be the beginning of the other's path. The platform's `grants`, on all its secrets, go by it.
   *
   * 1 to 256 letters, digits and _+=.@-, with slashes between parts. It changes nothing of a secret that has such a name already.
   *
   * @default - names are free, and grants are made on each secret
   */
  readonly secretNamePrefix?: string;

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
