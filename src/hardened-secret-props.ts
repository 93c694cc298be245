import type { SecretContent } from './content/secret-content';
import type { Rotation } from './rotation/rotation';
import type { SecretDefaults } from './secret-defaults';
import type { SecretsPlatform } from './secrets-platform';

/**
 * Properties of `HardenedSecret`.
 */
export interface HardenedSecretProps extends SecretDefaults {
  /**
   * Name of the secret: 1 to 512 letters, digits and `/_+=.@-`, not ending in a hyphen and six characters.
   *
   * A name lets stacks of other Regions and stages, and rotation functions of other stacks, refer to the secret. Another name
   * makes another secret, with another ARN and value.
   *
   * @default - a name that CloudFormation makes
   */
  readonly secretName?: string;

  /**
   * What the secret is for; at most 2,048 characters, readable by everybody who may list secrets.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * What the secret holds.
   *
   * @default SecretContent.generated()
   */
  readonly content?: SecretContent;

  /**
   * How the value is replaced by a new one.
   *
   * @default - the secret does not rotate, and synthesis warns of it; `Rotation.none(reason)` answers the warning
   */
  readonly rotation?: Rotation;

  /**
   * The platform whose functions, key and defaults the secret uses: in the same stage.
   *
   * @default - that of the secret's stack
   */
  readonly platform?: SecretsPlatform;
}
