import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { allowBatches } from './secret/private/batch-permission';
import type { SecretsOfPlatform } from './secret/private/secrets-of-platform';

/**
 * Permissions on all secrets of a platform, those that are to come included.
 *
 * They go by names: all that begin with the platform's `secretNamePrefix` and a slash. Synthesis checks that no other secret of
 * the app has such a name; keep these names free of secrets that the app does not know. Policies are as long as for one secret: a
 * statement to read, and one to decrypt for each key. `SecretEncryption.sharedKey()`, the default of secrets with a platform, is
 * one key; a secret with a key of its own adds to the policies.
 *
 * The replicas of other Regions and secrets that are only hardened (`SecretHardening`) are not among them.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 *
 * @example
 * const shared = new SecretsPlatform(this, 'Secrets', { platformName: 'orders', secretNamePrefix: 'orders' });
 * shared.grants.read(myCustomApp);
 */
export class PlatformGrants {
  /** @internal */
  static _of(platform: IConstruct, secrets: SecretsOfPlatform): PlatformGrants {
    return new PlatformGrants(platform, secrets);
  }

  private constructor(private readonly platform: IConstruct, private readonly secrets: SecretsOfPlatform) {}

  /**
   * Lets a principal read the values of all secrets of the platform.
   *
   * @param grantee the principal: a role, a function, the `taskRole` of a task definition … of the platform's account.
   * @throws where the platform has no `secretNamePrefix`, and where the grant would have no effect.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
   */
  read(grantee: IGrantable): Grant {
    return this.secrets.letRead(grantee);
  }

  /**
   * Lets a principal read the values of all secrets of the platform, one by one or several in one request, in which they have to
   * be named: to find secrets by filters takes `ListSecrets`, which this does not allow.
   *
   * @param grantee the principal: a role, a function, the `taskRole` of a task definition … of the platform's account.
   * @throws where the platform has no `secretNamePrefix`, and where the grant would have no effect.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
   */
  batchRead(grantee: IGrantable): Grant {
    return this.read(grantee).combine(allowBatches(this.platform, grantee));
  }
}
