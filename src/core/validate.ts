import { type Duration, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from './errors';

/** Where a value was given, for the message when it is refused. */
export interface Input {
  readonly scope: IConstruct;
  readonly property: string;
  readonly remedy: string;
}

/** Refuses a number outside a range; tokens pass. */
export function requireInteger(input: Input, value: number | undefined, minimum: number, maximum: number, unit = ''): void {
  if (value === undefined || Token.isUnresolved(value)) {
    return;
  }
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new ValidationError({
      ...input,
      got: value,
      allowed: `a whole number from ${minimum} to ${maximum}${unit && ` ${unit}`}`,
    });
  }
}

/** What a string must be; `allowed` says it for the message. */
export interface TextRule {
  readonly minimum?: number;
  readonly maximum: number;
  readonly pattern?: RegExp;
  readonly allowed: string;
}

/** Refuses a string of the wrong length or with characters that a pattern does not allow; tokens pass. */
export function requireText(input: Input, value: string | undefined, rule: TextRule): void {
  if (value === undefined || Token.isUnresolved(value)) {
    return;
  }
  const fits = value.length >= (rule.minimum ?? 0) && value.length <= rule.maximum && (rule.pattern?.test(value) ?? true);
  if (!fits) {
    throw new ValidationError({ ...input, got: value, allowed: rule.allowed });
  }
}

/** Refuses a duration outside a range of seconds; tokens pass. */
export function requireDuration(input: Input, value: Duration | undefined, minimumSeconds: number, maximumSeconds: number): void {
  if (value === undefined || value.isUnresolved()) {
    return;
  }
  const seconds = value.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < minimumSeconds || seconds > maximumSeconds) {
    throw new ValidationError({
      ...input,
      got: value.toHumanString(),
      allowed: `${minimumSeconds} to ${maximumSeconds} whole seconds`,
    });
  }
}
