import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { AttachedSecret } from './attached-secret';
import { OwnedSecret } from './owned-secret';
import type { GrantableSecret } from './secret-permissions';
import { SecretRecord } from './secret-record';
import { arnPatternOf } from '../../core/arn';
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
    secretArn: arnPatternOf(secret),
    fixedName,
    key: key && keyFactsOf(key),
  };
}
