import { Lazy, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ContentBinder, ContentFacts } from './content-facts';
import { ConflictError, ValidationError } from '../../core/errors';
import { connectionFacts, type DatabaseTargetFacts, type EngineFacts } from '../../database/private/database-facts';
import { requireUsername } from '../../database/private/name-checks';
import { generatedValueRules, generatorOf, passwordRules } from '../../password/private/password-checks';
import type { DatabaseCredentialsOptions } from '../secret-content-options';

const FACTORY = 'SecretContent.databaseCredentials';

/** Rules where no engine is known: the characters excluded are those that an engine, a URL or a shell would misread. */
const ANY_ENGINE = { passwordLength: 32, excludeCharacters: ' :/@"\'\\' };

/** Fields that a rotation or an attachment writes. */
const OWN_FIELDS = [
  'username', 'password', 'engine', 'host', 'port', 'dbname', 'dbInstanceIdentifier', 'dbClusterIdentifier', 'masterarn',
];

/** A directory has the facts of a database, and another class. */
type FirstPasswordOptions = Omit<DatabaseCredentialsOptions, 'database'>;

/** The credentials of a database user, the address among them where neither an attachment nor a rotation writes it. */
export function databaseCredentials(
  scope: IConstruct,
  secret: Parameters<ContentBinder>[1],
  options: FirstPasswordOptions & { readonly database?: { readonly _facts: DatabaseTargetFacts } },
): ContentFacts {
  const database = options.database?._facts;
  const engine = database?.engine ?? options.engine?._facts;
  if (database && options.engine && options.engine._facts !== database.engine) {
    throw new ConflictError(scope, `\`${FACTORY}(engine)\` is '${options.engine._facts.name}', and the engine of the database is `
      + `'${database.engine.name}'`,
    'leave the engine out');
  }
  requireUsername(scope, options.username, engine);
  requireOwnFields(scope, `${engine?.isDirectory ? 'SecretContent.ldapCredentials' : FACTORY}(fields)`, options.fields);
  // Secrets Manager generates a new value when anything here changes, so nothing of it may depend on what can.
  const fixed = { ...options.fields, ...(engine && { engine: engine.name }), username: options.username };
  const address = database && !database.attachment
    ? {
      host: database.host,
      port: connectionFacts(database).port,
      ...(database.databaseName && { dbname: database.databaseName }),
    }
    : undefined;
  const template = (fields: object) => Stack.of(scope).toJsonString(fields);
  // A rotation may be added later.
  const secretStringTemplate = address
    ? Lazy.string({ produce: () => template(secret.rotationFunction ? fixed : { ...fixed, ...address }) })
    : template(fixed);
  return {
    generate: { ...generatorOf(firstPassword(scope, options, engine)), secretStringTemplate, generateStringKey: 'password' },
    credentials: { username: options.username, database },
  };
}

function firstPassword(scope: IConstruct, options: FirstPasswordOptions, engine: EngineFacts | undefined) {
  return engine
    ? passwordRules(scope, FACTORY, { ...options, engine })
    : generatedValueRules(scope, FACTORY, {
      ...options,
      passwordLength: options.passwordLength ?? ANY_ENGINE.passwordLength,
      excludeCharacters: options.excludeCharacters ?? ANY_ENGINE.excludeCharacters,
    });
}

function requireOwnFields(scope: IConstruct, property: string, fields: DatabaseCredentialsOptions['fields'] = {}): void {
  const taken = Object.keys(fields).find((name) => name === '' || OWN_FIELDS.includes(name));
  if (taken !== undefined) {
    throw new ValidationError({
      scope,
      property,
      got: taken,
      allowed: `names other than ${OWN_FIELDS.join(', ')}`,
      remedy: 'leave it out: the content, an attachment or a rotation writes it',
    });
  }
}
