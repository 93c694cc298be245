import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { requireText } from '../../core/validate';
import type { ManagedExternalSecretOptions, SnowflakePatOptions } from '../managed-external-secret-options';

const MAXIMUM_KEY = 256;
const MAXIMUM_VALUE = 2048;

/** What Secrets Manager has to know about a partner's secret. */
export interface ExternalSecretFacts {
  readonly type: string;
  readonly metadata: { [key: string]: string };
  readonly adminSecret?: ISecret;
  /** Longest time between two rotations, where the credentials expire or Secrets Manager refuses a longer one. */
  readonly maximumIntervalDays?: number;
}

/** An item of metadata that is a time. */
interface DurationRule {
  readonly key: string;
  readonly unit: 'seconds' | 'hours' | 'days';
  readonly minimum: number;
  readonly maximum: number;
}

/** How long a new credential is valid, in days. */
interface LifetimeRule {
  readonly key: string;
  readonly maximum: number;
  /** What the partner documents for a lifetime that is not given. */
  readonly usually?: number;
}

export const SALESFORCE_VERSION = {
  key: 'apiVersion',
  pattern: /^v(6[5-9]|[7-9]\d|\d{3})\.\d$/,
  allowed: 'a version of the form v65.0, and not an older one',
};

const SECONDS = { seconds: 1, hours: 3600, days: 86400 };

/** A type that has no factory, with what the user says of it. */
export function anyType(scope: IConstruct, type: string, options: ManagedExternalSecretOptions): ExternalSecretFacts {
  requireText(
    { scope, property: 'ManagedExternalSecretType.of(secretType)', remedy: 'take the type from the list of partners' },
    type,
    { minimum: 1, maximum: MAXIMUM_KEY, pattern: /^[A-Za-z][A-Za-z0-9]*$/, allowed: 'a type such as SalesforceClientSecret' },
  );
  const metadata = options.metadata ?? {};
  for (const [key, value] of Object.entries(metadata)) {
    const input = {
      scope,
      property: 'ManagedExternalSecretType.of(metadata)',
      remedy: 'give the metadata that the partner asks for',
    };
    requireText(input, key, { minimum: 1, maximum: MAXIMUM_KEY, allowed: `keys of 1 to ${MAXIMUM_KEY} characters` });
    requireText(input, value, { minimum: 1, maximum: MAXIMUM_VALUE, allowed: 'values of 1 to 2,048 characters' });
  }
  return { type, metadata, adminSecret: options.adminSecret };
}

/** What follows from a lifetime: an item of metadata, and how often the credential has to rotate. */
export function lifetimeFacts(
  scope: IConstruct,
  factory: string,
  lifetime: Duration | undefined,
  { key, maximum, usually }: LifetimeRule,
): Pick<ExternalSecretFacts, 'metadata' | 'maximumIntervalDays'> {
  const rule = { key, unit: 'days', minimum: 1, maximum } as const;
  const metadata = durationItem(scope, `ManagedExternalSecretType.${factory}(lifetime)`, lifetime, rule);
  const days = lifetime?.toDays() ?? usually;
  return { metadata, maximumIntervalDays: days && days - 1 };
}

/** What a token of Snowflake needs: how long it is valid, and how long the former one is. */
export function snowflakePatFacts(scope: IConstruct, options: SnowflakePatOptions): ExternalSecretFacts {
  const former = durationItem(scope, 'ManagedExternalSecretType.snowflakePat(formerTokenLifetime)', options.formerTokenLifetime,
    { key: 'expireOldTokenAfterHours', unit: 'hours', minimum: 0, maximum: 720 });
  const facts = lifetimeFacts(scope, 'snowflakePat', options.lifetime, { key: 'daysToExpiry', maximum: 365 });
  return { ...facts, type: 'SnowflakePat', metadata: { ...facts.metadata, ...former } };
}

/** The version of MongoDB Atlas's API. */
export function apiVersionItem(scope: IConstruct, factory: string, version: string | undefined): { [key: string]: string } {
  return textItem(scope, `ManagedExternalSecretType.${factory}(apiVersion)`, version, {
    key: 'apiVersion',
    pattern: /^\d{4}-\d{2}-\d{2}$/,
    allowed: 'a date of the form 2025-03-12',
  });
}

/** An item of metadata that is a text of a certain form; nothing where it is not given. */
export function textItem(
  scope: IConstruct, property: string, value: string | undefined,
  rule: { readonly key: string; readonly pattern: RegExp; readonly allowed: string },
): { [key: string]: string } {
  requireText({ scope, property, remedy: 'give what the partner documents' }, value, { maximum: MAXIMUM_VALUE, ...rule });
  return value === undefined ? {} : { [rule.key]: value };
}

/** An item of metadata that is a whole number of seconds, hours or days; nothing where it is not given. */
export function durationItem(
  scope: IConstruct,
  property: string,
  value: Duration | undefined,
  rule: DurationRule,
): { [key: string]: string } {
  if (!value) {
    return {};
  }
  const number = value.isUnresolved() ? NaN : value.toSeconds({ integral: false }) / SECONDS[rule.unit];
  if (!Number.isInteger(number) || number < rule.minimum || number > rule.maximum) {
    throw new ValidationError({
      scope,
      property,
      got: value.isUnresolved() ? 'a token' : value.toHumanString(),
      allowed: `${rule.minimum} to ${rule.maximum} whole ${rule.unit}`,
      remedy: 'give what the partner documents',
    });
  }
  return { [rule.key]: String(number) };
}
