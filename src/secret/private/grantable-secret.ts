import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { AttachedSecret } from './attached-secret';
import { OwnedSecret } from './owned-secret';
import type { GrantableSecret } from './secret-permissions';
import { SecretRecord } from './secret-record';
import { keyFactsOf } from '../../encryption/private/key-reference';

/** What the grants need to know of any secret. */
export function grantableOf(secret: ISecret): GrantableSecret {
  const { replica, fixedName } = SecretRecord.of(secret);
  if (replica) {
    return replica;
  }
  if (secret instanceof OwnedSecret) {
    return secret;
  }
  if (secret instanceof AttachedSecret) {
    return secret.grantable;
  }
  const key = secret.encryptionKey;
  return {
    resource: secret,
    // A secret that is known by its name only has an ARN that ends in characters nobody knows.
    secretArn: secret.secretFullArn ?? `${secret.secretArn}-??????`,
    fixedName,
    key: key && keyFactsOf(key),
  };
}
