import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ConflictError } from '../core/errors';
import { requireSecret } from '../core/require-secret';
import { allowBatches } from './private/batch-permission';
import { grantableOf } from './private/grantable-secret';
import { asReader } from './private/reader-policies';
import { DESCRIBE, grantOnSecret, READ, ROTATE, WRITE } from './private/secret-permissions';
import { SecretRecord } from './private/secret-record';

/**
 * Permissions on a secret, its key included.
 *
 * A principal of the secret's account gets them in its own policy; any other in the policies of secret and key. A grant that
 * would have no effect is an error.
 *
 * In the policy of a role, a user or a group the grants on many secrets are merged: a statement for each kind of permission and
 * key, with a list of secrets. Statements of a `Grant` cannot be changed afterwards. The first grants are in the principal's own
 * policy, the others in managed policies beside it; a warning at synthesis says when it can hardly take more.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html
 *
 * @example
 * import { SecretGrants } from 'cdk-secretsmanager-patterns';
 *
 * secret.grants.read(myCustomApp);
 * SecretGrants.fromSecret(existing).read(myCustomApp);
 */
export class SecretGrants {
  /**
   * The permissions that can be given on a secret.
   *
   * An imported secret that is encrypted with a customer managed key must be imported with it (`encryptionKey`): without it,
   * nobody can be allowed to decrypt the value.
   *
   * @param secret a secret of the app, or an imported one. A `HardenedSecret` is passed as `x.secret`.
   */
  static fromSecret(secret: ISecret): SecretGrants {
    return new SecretGrants(requireSecret('SecretGrants.fromSecret(secret)', secret));
  }

  private constructor(private readonly secret: ISecret) {}

  /**
   * Lets a principal read the value.
   *
   * @param grantee the principal: a role, a function, the `taskRole` of a task definition …
   * @throws where the grant would have no effect, for everybody in whatever words, and for a service without a condition for whom
   * it acts, such as `aws:SourceAccount`.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
   */
  read(grantee: IGrantable): Grant {
    return grantOnSecret(grantableOf(this.secret), grantee, READ);
  }

  /**
   * Lets a principal read the value, by itself or with others in one request: `BatchGetSecretValue`, which is allowed on no
   * resource in particular, and which returns what the principal may read by itself and nothing else. Each secret of the request
   * needs a grant, and has to be named in it: to find secrets by filters takes `ListSecrets`, which this does not allow.
   *
   * @param grantee the principal: a role, a function, the `taskRole` of a task definition …
   * @throws where the grant would have no effect, for everybody in whatever words, and for a service without a condition for whom
   * it acts, such as `aws:SourceAccount`.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
   */
  batchRead(grantee: IGrantable): Grant {
    return this.read(grantee).combine(allowBatches(this.secret, grantee));
  }

  /**
   * Lets a principal put new values (`PutSecretValue`) and move staging labels. It may neither read values nor change settings
   * of the secret: `UpdateSecret`, which puts a value too, could take the secret off its key.
   *
   * @param grantee the principal: a role, a function, the `taskRole` of a task definition …
   * @throws where the grant would have no effect, for everybody in whatever words, and for a service without a condition for whom
   * it acts, such as `aws:SourceAccount`.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
   */
  write(grantee: IGrantable): Grant {
    return grantOnSecret(grantableOf(this.secret), grantee, WRITE);
  }

  /**
   * Lets a principal start a rotation as it is set up: for operators and runbooks. A request that names a function, a schedule
   * or the role of a partner's rotation is denied. Whoever may start a rotation may also invoke the rotation function, as Secrets
   * Manager demands.
   *
   * @param grantee the principal: a role, a function, the `taskRole` of a task definition …
   * @throws where the grant would have no effect, for everybody in whatever words, and for a service without a condition for whom
   * it acts, such as `aws:SourceAccount`.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
   */
  rotate(grantee: IGrantable): Grant {
    const secret = grantableOf(this.secret);
    const grant = grantOnSecret(secret, grantee, DESCRIBE).combine(grantOnSecret(secret, grantee, ROTATE));
    if (!grant.principalStatement) {
      throw new ConflictError(
        this.secret,
        `a grant to rotate to '${grantee.grantPrincipal}' would have no effect: whoever `
          + 'starts a rotation has to be allowed to '
          + 'invoke its function as well, and the principal takes no policy here',
        "grant to a role of the secret's account that this app knows",
      );
    }
    SecretRecord.of(this.secret).whenRotated((functionArn) => {
      Grant.addToPrincipal({ grantee: asReader(grantee), actions: ['lambda:InvokeFunction'], resourceArns: [functionArn] });
    });
    return grant;
  }
}
