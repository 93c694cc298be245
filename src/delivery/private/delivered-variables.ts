import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConflictError } from '../../core/errors';
import { otherPart, requireInEnvironment } from '../../core/in-environment';
import { requireSameIn } from '../../core/names-elsewhere';
import { onceFor } from '../../core/once';
import { requireText } from '../../core/validate';
import { SecretRecord } from '../../secret/private/secret-record';
import type { RuntimeReadOptions } from '../delivery-options';

/** What both Lambda and shells take for the name of a variable. */
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const LONGEST_NAME = 255;

/** Where a consumer is given a variable. */
export interface Consumer {
  /** The function or the container. */
  readonly consumer: IConstruct;
  /** The method as users write it. */
  readonly method: string;
}

/** Takes the name of a variable for a secret: a second secret would replace the first one unseen. */
export function claimVariable({ consumer, method }: Consumer, name: string, secret: ISecret): void {
  requireText(
    { scope: consumer, property: `${method}(environmentVariable)`, remedy: 'give the variable another name' },
    name,
    { minimum: 1, maximum: LONGEST_NAME, pattern: NAME, allowed: 'a letter, and then letters, digits and _' },
  );
  const taken = onceFor(consumer, 'delivered variables', () => new Map<string, ISecret>());
  const first = taken.get(name);
  if (first !== undefined) {
    throw new ConflictError(consumer, `its variable '${name}' is that of the secret '${pathOf(first)}' already`,
      `give ${method}() another \`environmentVariable\``);
  }
  taken.set(name, secret);
}

/** Tells a consumer which secret it reads, in a variable. */
export function tell(
  consumer: Consumer, secret: ISecret, { environmentVariable = 'SECRET_ID' }: RuntimeReadOptions,
  add: (name: string, value: string) => void,
): void {
  claimVariable(consumer, environmentVariable, secret);
  add(environmentVariable, secretIdFor(consumer.consumer, secret));
}

/** Refuses a secret of another Region where what reads it asks the Secrets Manager of its own Region only. */
export function requireSameRegion({ consumer: scope, method }: Consumer, secret: ISecret): void {
  requireInEnvironment({
    scope,
    property: `${method}(secret)`,
    remedy: 'replicate the secret to that Region with SecretReplica.inRegion(region), and deliver the replica there',
  }, SecretRecord.of(secret).scope, secret.env, ['region']);
}

/** The construct of a secret that its user has made. */
export function pathOf(secret: ISecret): string {
  return SecretRecord.of(secret).scope.node.path;
}

/**
 * What a program asks for: the ARN, or the fixed name where the ARN would be an export of another stack. In another account or
 * Region that name means another secret, or none.
 */
export function secretIdFor(consumer: IConstruct, secret: ISecret): string {
  const { fixedName, secret: owner } = SecretRecord.of(secret);
  const stack = Stack.of(consumer);
  if (fixedName === undefined || Stack.of(owner) === stack || otherPart(stack, secret.env) !== undefined) {
    return secret.secretArn;
  }
  requireSameIn(consumer, { scope: owner, property: 'secretName', name: fixedName });
  return fixedName;
}
