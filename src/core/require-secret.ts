import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ValidationError } from './errors';

/** Refuses a construct that only holds the secret: languages without interfaces let a `HardenedSecret` pass. */
export function requireSecret(property: string, secret: ISecret): ISecret {
  if ('secret' in secret && 'grants' in secret) {
    throw new ValidationError({
      scope: secret,
      property,
      got: secret,
      allowed: 'an AWS CDK secret',
      remedy: 'pass x.secret: the `secret` of the HardenedSecret',
    });
  }
  return secret;
}
