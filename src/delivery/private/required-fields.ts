import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { SecretRecord } from '../../secret/private/secret-record';

/** A service that reads a secret, as messages call it, for one of its resources. */
export interface Reader {
  readonly service: string;
  readonly resource: IConstruct;
}

/** Refuses a secret that has not what a service reads of it, where the app says what its value is. */
export function requireFields({ service, resource }: Reader, secret: ISecret, required: readonly string[]): void {
  const { fields, scope } = SecretRecord.of(secret);
  if (fields && (fields.length === 0 || required.some((field) => !fields.includes(field)))) {
    throw new ValidationError({
      scope,
      property: 'content',
      got: fields.length === 0 ? 'a text' : `a JSON object with ${fields.join(', ')}`,
      allowed: `a JSON object with ${required.join(' and ')}, for ${service} and '${resource.node.path}'`,
      remedy: 'use SecretContent.json() or databaseCredentials(), or placeholder() with `fields` for a value that somebody puts',
    });
  }
}
