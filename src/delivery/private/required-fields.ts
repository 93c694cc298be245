import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { pathOf, type SecretReader } from './delivered-variables';
import { ValidationError } from '../../core/errors';
import { requireText } from '../../core/validate';
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
      allowed: `a JSON object${withFields(required)}, for ${service} and '${resource.node.path}'`,
      remedy: 'use SecretContent.json() or databaseCredentials(), or placeholder() with `fields` for a value that somebody puts',
    });
  }
}

function withFields(fields: readonly string[]): string {
  const last = fields.at(-1);
  const others = fields.slice(0, -1).join(', ');
  return last === undefined ? '' : ` with ${others === '' ? last : `${others} and ${last}`}`;
}

const NAME = {
  minimum: 1, maximum: Infinity, pattern: /^[^:]+$/, allowed: 'a name without `:`, which separates the parts of a reference',
};

/** Refuses a field that the value has not, or that a reference has no place for: tasks and builds would not start. */
export function requireField({ consumer: scope, method }: SecretReader, secret: ISecret, field: string | undefined): void {
  const property = `${method}(field)`;
  requireText({ scope, property, remedy: 'name a field of the value, or leave it out for the whole of it' }, field, NAME);
  const { fields } = SecretRecord.of(secret);
  if (field !== undefined && !Token.isUnresolved(field) && fields?.includes(field) === false) {
    const isText = fields.length === 0;
    const path = pathOf(secret);
    throw new ValidationError({
      scope,
      property,
      got: field,
      allowed: isText ? `none: the value of '${path}' is a text` : `one of '${path}': ${fields.join(', ')}`,
      remedy: isText ? 'leave it out, or give the secret SecretContent.json()' : 'give the name that it has',
    });
  }
}
