import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ValidationError } from '../../core/errors';

/** Why the former one of two credentials that a superuser or a service sets has to be gone before the next rotation. */
export const TOO_LATE = 'the next rotation comes before the daily audit has ended the former credential';

const HOURS_A_DAY = 24;
const LONGEST = 365 * HOURS_A_DAY;
/** The audit may be a day late, and a rotation may come a day early in its window. */
const AFTERWARDS = 2 * HOURS_A_DAY;

/** For how long a former credential is to work, and what is known about it. */
export interface FormerCredential {
  readonly scope: Construct;
  /** The factory, as users write it. */
  readonly factory: string;
  readonly worksFor: Duration;
  readonly shortestAllowed: number;
  /** The shortest time between two rotations, where it is known. */
  readonly shortestHours?: number;
  /** Why the former one has to be gone before the next rotation. */
  readonly reason: string;
}

/** The hours after which a former credential is ended, which has to happen before the next rotation. */
export function formerHours({ scope, factory, worksFor, shortestAllowed, shortestHours, reason }: FormerCredential): number {
  const input = { scope, property: `${factory}(formerWorksFor)` };
  const hours = worksFor.isUnresolved() ? NaN : worksFor.toHours({ integral: false });
  if (!Number.isInteger(hours) || hours < shortestAllowed || hours > LONGEST) {
    throw new ValidationError({
      ...input,
      got: worksFor.isUnresolved() ? 'a token' : worksFor.toHumanString(),
      allowed: `whole hours from ${shortestAllowed} to ${LONGEST}`,
      remedy: 'give the time within which every client reads the secret again',
    });
  }
  if (shortestHours !== undefined && hours > shortestHours - AFTERWARDS) {
    throw new ValidationError({
      ...input,
      got: worksFor.toHumanString(),
      allowed: `at most the interval between two rotations, here ${days(shortestHours)}, less two days`,
      remedy: `${reason}; rotate less often, at most every three days, or give a shorter time`,
    });
  }
  return hours;
}

function days(hours: number): string {
  return hours % HOURS_A_DAY === 0 ? `${hours / HOURS_A_DAY} days` : `${hours} hours`;
}
