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

/** A variable that a consumer has, by whomever. */
export interface Variable {
  readonly name: string;
  /** As it was given: what is known later is not asked for yet, for it would stay what it is now. */
  readonly value: unknown;
}

/** Who reads a secret. */
export interface SecretReader {
  /** The function or the container. */
  readonly consumer: IConstruct;
  /** The method as users write it. */
  readonly method: string;
}

/** Where a consumer is given a variable. */
export interface Consumer extends SecretReader {
  /** Length of the shortest name that it takes. @default 1 */
  readonly shortestName?: number;
  /** What it has, of others as well. @default - nobody else gives it any, or the caller looks itself */
  readonly variables?: () => readonly Variable[];
}

/** A variable that a consumer was given for a secret. */
interface Claim {
  readonly secret: ISecret;
  readonly method: string;
  readonly value: string;
}

/**
 * Takes the name of a variable for a secret: a second secret would replace the first one unseen, and so would a variable that
 * somebody else gives the consumer, before or after. Amazon ECS refuses two of one name when it is deployed.
 */
export function claimVariable(consumer: Consumer, name: string, secret: ISecret, value: string): void {
  const { consumer: scope, method, shortestName: minimum = 1 } = consumer;
  requireText(
    { scope, property: `${method}(environmentVariable)`, remedy: 'give the variable another name' },
    name,
    {
      minimum,
      maximum: LONGEST_NAME,
      pattern: NAME,
      allowed: minimum > 1 ? `${minimum} characters or more: a letter, and then letters, digits and _`
        : 'a letter, and then letters, digits and _',
    },
  );
  const claims = claimsOf(consumer);
  const first = claims.get(name);
  if (first !== undefined) {
    throw new ConflictError(scope, `its variable '${name}' is that of the secret '${pathOf(first.secret)}' already`,
      `give ${method}() another \`environmentVariable\``);
  }
  const claim = { secret, method, value };
  if (valuesOf(consumer.variables?.() ?? [], name).some((other) => other !== value)) {
    throw new ConflictError(scope, ...takenByOthers(name, claim));
  }
  claims.set(name, claim);
}

/** The variables that a consumer was given, which are looked at once more at synthesis. */
function claimsOf({ consumer: scope, variables }: Consumer): Map<string, Claim> {
  return onceFor(scope, 'delivered variables', () => {
    const claims = new Map<string, Claim>();
    if (variables) {
      scope.node.addValidation({ validate: () => overwritten(claims, variables()) });
    }
    return claims;
  });
}

/** What is wrong with variables that somebody else has given the consumer as well. */
function overwritten(claims: ReadonlyMap<string, Claim>, variables: readonly Variable[]): string[] {
  return [...claims]
    .filter(([name, { value }]) => valuesOf(variables, name).some((other, index) => index > 0 || other !== value))
    .map(([name, claim]) => takenByOthers(name, claim).join('; '));
}

/** What is wrong, and the remedy. */
function takenByOthers(name: string, { secret, method }: Claim): [string, string] {
  return [
    `its variable '${name}', with which ${method}() tells it of the secret '${pathOf(secret)}', has another value as well`,
    `give ${method}() another \`environmentVariable\`, or leave the other one out`,
  ];
}

const valuesOf = (variables: readonly Variable[], name: string): unknown[] =>
  variables.filter((variable) => variable.name === name).map(({ value }) => value);

/** Tells a consumer which secret it reads, in a variable. */
export function tell(
  consumer: Consumer, secret: ISecret, { environmentVariable = 'SECRET_ID' }: RuntimeReadOptions,
  add: (name: string, value: string) => void,
): void {
  const secretId = secretIdFor(consumer.consumer, secret);
  claimVariable(consumer, environmentVariable, secret, secretId);
  add(environmentVariable, secretId);
}

/** Refuses a secret of another Region where what reads it asks the Secrets Manager of its own Region only. */
export function requireSameRegion({ consumer: scope, method }: SecretReader, secret: ISecret): void {
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
