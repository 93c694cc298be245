import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { claimOnce } from '../../core/once';
import { requireText } from '../../core/validate';

/** Refuses names that Secrets Manager refuses, and those that it would take for the ARN of another secret. */
export function validateSecretName(scope: IConstruct, secretName: string | undefined): void {
  requireText(
    { scope, property: 'secretName', remedy: 'choose such a name, or leave it out and CloudFormation makes one' },
    secretName,
    { minimum: 1, maximum: 512, pattern: /^[A-Za-z0-9/_+=.@-]+$/, allowed: '1 to 512 letters, digits and /_+=.@-' },
  );
  if (secretName !== undefined && !Token.isUnresolved(secretName) && /-[A-Za-z0-9]{6}$/.test(secretName)) {
    throw new ValidationError({
      scope,
      property: 'secretName',
      got: secretName,
      allowed: 'a name that does not end in a hyphen and six characters',
      remedy:
        'Secrets Manager appends such an ending to ARNs, and a partial ARN would be ambiguous; append or remove a character',
    });
  }
}

/** Replicas have the name of their primary. Where it is taken, Secrets Manager makes none, and no deployment fails. */
export function claimSecretName(scope: IConstruct, secretName: string | undefined, replicaRegions: string[]): void {
  if (secretName !== undefined && !Token.isUnresolved(secretName)) {
    [undefined, ...replicaRegions].forEach((region) => claimOnce(scope, {
      what: `secret of the name '${secretName}'`,
      extent: 'account and Region',
      region,
      remedy: 'give it another `secretName`',
    }));
  }
}

/** What a secret is found by where only its name is known: names are those of an account and Region. */
export function keyOfName(scope: IConstruct, name: string): string {
  const { account, region } = Stack.of(scope);
  return JSON.stringify([name, account, region]);
}
