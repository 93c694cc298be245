import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { AccessKeyBinding } from '../../contract/access-key-binding';
import type { CacheUserBinding } from '../../contract/cache-facts';
import type { UserBinding } from '../../contract/database-facts';
import type { ValueBinding } from '../../contract/value-rules';
import { referToSecret } from '../../core/arn';
import { ConflictError } from '../../core/errors';
import { requireSameIn } from '../../core/names-elsewhere';
import { generatedNameLength, textAtMost } from '../../core/text-at-most';
import type { SecretRecord } from '../../secret/private/secret-record';

/** What a function knows about a secret that it may act on. */
export type Binding = UserBinding | AccessKeyBinding | CacheUserBinding | ValueBinding;

/** Bytes that AWS Lambda takes for all environment variables of a function. */
export const MAXIMUM_ENVIRONMENT = 4096;

/** As long as the URL of an interface endpoint can be. */
export const LONGEST_ENDPOINT_URL =
  'https://vpce-0123456789abcdef0-01234567.secretsmanager.ap-southeast-1.vpce.amazonaws.com.cn';

/** The name under which functions know a secret: its ARN in the same stack, else the name, so that no dependency is reversed. */
export function boundNameOf(record: SecretRecord, home: IConstruct): string {
  if (Stack.of(record.scope) === Stack.of(home)) {
    return referToSecret(home, record.secret);
  }
  if (record.fixedName === undefined) {
    throw new ConflictError(record.scope, 'the secret is in another stack than its platform and has no fixed name, so the '
      + 'rotation function cannot refer to it', 'give the secret a `secretName`');
  }
  requireSameIn(home, { scope: record.scope, property: 'secretName', name: record.fixedName });
  return record.fixedName;
}

/**
 * Bytes of environment variables as AWS Lambda counts them, those of their JSON, at most. `nameLength` is that of a secret they
 * refer to.
 */
export function environmentSize(variables: Record<string, string>, nameLength = 0): number {
  const atMost = Object.entries(variables).map(([name, text]) => [name, textAtMost(text, nameLength)]);
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(atMost)));
}

/** Bytes of a function's resource policy: a statement for each secret, whose ARN has the secret's name in it. */
export const MAXIMUM_RESOURCE_POLICY = 20_480;

/** A statement as AWS Lambda stores it, without the secret's name, and a name of which nothing is known. */
const [STATEMENT_SIZE, UNKNOWN_NAME] = [480, 80];

/** Bytes of the statement that lets Secrets Manager invoke the function for a secret, at most. */
export function permissionSize({ fixedName, secret }: Pick<SecretRecord, 'fixedName' | 'secret'>): number {
  const resource = secret.node.defaultChild;
  const isGenerated = resource instanceof CfnSecret && resource.name === undefined;
  return STATEMENT_SIZE + (fixedName?.length ?? (isGenerated ? generatedNameLength(resource) : UNKNOWN_NAME));
}

/** The values of variables as they are in the environment. */
export function texts(variables: Record<string, object | string>, toText: (value: object) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, typeof value === 'string' ? value : toText(value)]),
  );
}
