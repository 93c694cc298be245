import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { requireText } from '../../core/validate';

/** What Secrets Manager has to know about a partner's secret. */
export interface ExternalSecretFacts {
  readonly type: string;
  readonly metadata: { [key: string]: string };
  readonly adminSecret?: ISecret;
}

/** An item of metadata that is a time. */
interface DurationRule {
  readonly key: string;
  readonly unit: 'seconds' | 'hours' | 'days';
  readonly minimum: number;
  readonly maximum: number;
}

const SECONDS = { seconds: 1, hours: 3600, days: 86400 };

/** An item of metadata that is a text of a certain form; nothing where it is not given. */
export function textItem(
  scope: IConstruct, property: string, value: string | undefined,
  rule: { readonly key: string; readonly pattern: RegExp; readonly allowed: string },
): { [key: string]: string } {
  requireText({ scope, property, remedy: 'give what the partner documents' }, value, { maximum: 2048, ...rule });
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
