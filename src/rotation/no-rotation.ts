import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { RotationConfig } from './rotation-config';
import { ValidationError } from '../core/errors';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

/**
 * Properties of the decision not to rotate a secret.
 *
 * @example
 * new HardenedSecret(this, 'StripeKey', {
 *   content: SecretContent.placeholder(),
 *   rotation: Rotation.none('Stripe rotates it by hand each quarter', { reviewBy: '2027-03-31' }),
 * });
 */
export interface NoneOptions {
  /**
   * The last day to look at the decision again, in the form `2027-03-31`. Once it has passed (in UTC), the daily audit reports it
   * until a later one is deployed: as an error of the function, with its alarm and the topics of the secret's monitoring.
   *
   * The platform's function for generated values does the audit, which reads nothing of the secret. Where no secret is
   * regenerated, the function is made for it, with an alarm of about 0.10 USD a month. A secret in another stack than its
   * platform needs a `secretName`.
   *
   * @default - nobody is reminded
   */
  readonly reviewBy?: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_DATE_LENGTH = 10;

/** Notes why a secret does not rotate: it is what tells those who read the code how the secret is renewed. */
export function bindNoRotation(
  scope: Construct,
  request: RotationRequest,
  reason: string,
  { reviewBy }: NoneOptions,
): RotationConfig {
  if (reason.trim() === '') {
    throw new ValidationError({
      scope,
      property: 'Rotation.none(reason)',
      got: reason,
      allowed: 'a text',
      remedy: 'say why the secret does not rotate and how it is renewed',
    });
  }
  if (reviewBy === undefined) {
    return {};
  }
  if (Token.isUnresolved(reviewBy) || !isDate(reviewBy)) {
    throw new ValidationError({
      scope,
      property: 'Rotation.none(reviewBy)',
      got: Token.isUnresolved(reviewBy) ? 'a token' : reviewBy,
      allowed: 'a day of the calendar in the form 2027-03-31',
      remedy: 'write the day on which somebody looks at the decision again',
    });
  }
  return { _reviewAlarm: request.functions.forValues(request).review(request, reviewBy) };
}

/** Whether there is such a day: JavaScript takes the 31st of February for one in March. */
function isDate(text: string): boolean {
  const time = DATE.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, ISO_DATE_LENGTH) === text;
}
