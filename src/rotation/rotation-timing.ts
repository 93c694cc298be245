import { type Duration, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { cronTimes } from './private/cron-times';
import { ValidationError } from '../core/errors';

/**
 * How a rotation fits into its schedule.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-secretsmanager-rotationschedule-rotationrules.html
 */
export interface RotationTimingOptions {
  /**
   * Time within which a due rotation starts, in whole hours, 1 to 24. It ends before the next rotation is due and before midnight
   * UTC.
   *
   * @default - one hour where the secret rotates more than once a day, else until the end of the day (UTC)
   */
  readonly window?: Duration;

  /**
   * Whether the secret rotates as soon as the schedule is created or changed, or waits for the next time it is due.
   *
   * When it waits, Secrets Manager only tests that the rotation function works.
   *
   * @default - true; false for a secret that `SecretHardening` adopts, whose readers may not expect it yet, for one whose
   *   content is deployed already, and for a placeholder that a function of yours rotates
   */
  readonly rotateImmediately?: boolean;
}

/** The schedule of a rotation, ready for the template. */
interface TimingFacts {
  readonly scheduleExpression: string;
  readonly duration?: string;
  /** Absent where the user does not say. */
  readonly rotateImmediately?: boolean;
  /** Longest time between two rotations, in hours, the window included. */
  readonly longestHours: number;
  /** Shortest time between two times that are due, in hours; absent where only the deployment knows. */
  readonly shortestHours?: number;
}

const HOURS_A_DAY = 24;
const MINIMUM_HOURS = 4;
const MAXIMUM_DAYS = 1000;

/**
 * When a secret rotates. All times are UTC.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 *
 * @example
 * Rotation.regenerate({ timing: RotationTiming.cron('0 16 1,15 * ? *', { window: Duration.hours(3) }) });
 */
export class RotationTiming {
  /** @internal */
  static readonly _DEFAULT = new RotationTiming(() => ({
    scheduleExpression: 'rate(30 days)', longestHours: 31 * HOURS_A_DAY, shortestHours: 30 * HOURS_A_DAY,
  }));

  /**
   * Rotates at a regular interval.
   *
   * @param interval 4 hours to 1,000 days, in whole hours; from 24 hours on in whole days. Compliance standards ask for 90 days
   *   or less.
   * @param options window, and whether the first rotation waits.
   * @throws where interval or window is out of range.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
   */
  static every(interval: Duration, options: RotationTimingOptions = {}): RotationTiming {
    return new RotationTiming((scope) => {
      const hours = interval.isUnresolved() ? NaN : interval.toHours({ integral: false });
      const wholeDays = hours % HOURS_A_DAY === 0;
      const allowed =
        Number.isInteger(hours)
        && hours >= MINIMUM_HOURS
        && hours <= MAXIMUM_DAYS * HOURS_A_DAY
        && (hours < HOURS_A_DAY || wholeDays);
      if (!allowed) {
        throw new ValidationError({
          scope,
          property: 'RotationTiming.every(interval)',
          got: interval.isUnresolved() ? 'a token' : interval.toHumanString(),
          allowed: 'whole hours from 4 to 23, or whole days from 1 to 1000',
          remedy: 'Secrets Manager rotates at most every four hours; choose such an interval',
        });
      }
      const window = windowOf(scope, 'RotationTiming.every(window)', options.window, Math.min(hours - 1, HOURS_A_DAY));
      return {
        scheduleExpression: wholeDays ? `rate(${plural(hours / HOURS_A_DAY, 'day')})` : `rate(${plural(hours, 'hour')})`,
        duration: window === undefined ? undefined : `${window}h`,
        rotateImmediately: options.rotateImmediately,
        longestHours: hours + (window ?? (wholeDays ? HOURS_A_DAY : 1)),
        shortestHours: hours,
      };
    });
  }

  /**
   * Rotates at set times.
   *
   * @param expression the six fields of a cron expression, with or without `cron(…)`: `0 16 1,15 * ? *` is 16:00 UTC on the 1st
   *   and the 15th. Minutes are 0, the year is `*`, and two times are at least four hours apart.
   * @param options window, and whether the first rotation waits.
   * @throws where the expression is not one that Secrets Manager accepts, or the window does not fit.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
   */
  static cron(expression: string, options: RotationTimingOptions = {}): RotationTiming {
    return new RotationTiming((scope) => {
      const { hours, longestDays, shortestDays } = Token.isUnresolved(expression)
        ? { hours: [0], longestDays: 366 }
        : cronTimes(scope, expression);
      const fields = expression.replace(/^cron\((.*)\)$/, '$1');
      const latest = Math.max(...hours);
      const gap = smallestGap(hours);
      const window = windowOf(
        scope,
        'RotationTiming.cron(window)',
        options.window,
        Math.min(gap - (gap < HOURS_A_DAY ? 1 : 0), HOURS_A_DAY - latest),
      );
      return {
        scheduleExpression: `cron(${fields})`,
        duration: window === undefined ? undefined : `${window}h`,
        rotateImmediately: options.rotateImmediately,
        longestHours: (longestDays + 1) * HOURS_A_DAY,
        shortestHours: shortestDays === undefined ? undefined : hours.length > 1 ? gap : shortestDays * HOURS_A_DAY,
      };
    });
  }

  /** @internal */
  readonly _bind: (scope: IConstruct) => TimingFacts;

  private constructor(bind: (scope: IConstruct) => TimingFacts) {
    this._bind = bind;
  }
}

function windowOf(scope: IConstruct, property: string, window: Duration | undefined, maximum: number): number | undefined {
  if (!window) {
    return undefined;
  }
  const hours = window.isUnresolved() ? NaN : window.toHours({ integral: false });
  if (!Number.isInteger(hours) || hours < 1 || hours > maximum) {
    throw new ValidationError({
      scope,
      property,
      got: window.isUnresolved() ? 'a token' : window.toHumanString(),
      allowed: `whole hours from 1 to ${maximum}`,
      remedy: 'the window ends before the next rotation is due and before midnight UTC; make it shorter',
    });
  }
  return hours;
}

function smallestGap(hours: number[]): number {
  return Math.min(...hours.map((hour, i) => (i + 1 < hours.length ? hours[i + 1] : hours[0] + HOURS_A_DAY) - hour));
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
