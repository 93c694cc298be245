import type { IConstruct } from 'constructs';
import { ValidationError } from './errors';

const HOURS_A_DAY = 24;
const MINIMUM_GAP = 4;
const FIELD = /^[0-9A-Za-z*?,/#-]+$/;

/** When a cron expression is due. */
export interface CronTimes {
  /** Hours of the day, ascending. */
  readonly hours: number[];
  /** Longest time between two days on which it is due, in days: a month with its missing 31st or fifth Monday, or a year. */
  readonly longestDays: number;
}

/**
 * When a cron expression of Secrets Manager is due.
 *
 * Secrets Manager takes fewer expressions than EventBridge does: minutes are 0, the year is `*`, and two times are four hours apart.
 */
export function cronTimes(scope: IConstruct, expression: string): CronTimes {
  const refuse = (allowed: string): never => {
    throw new ValidationError({
      scope,
      property: 'RotationTiming.cron(expression)',
      got: expression,
      allowed,
      remedy: 'write for example `0 16 1,15 * ? *`, 16:00 UTC on the 1st and the 15th of each month',
    });
  };
  const fields = expression.replace(/^cron\((.*)\)$/, '$1').split(/ +/);
  if (expression.length > 250 || fields.length !== 6 || fields.some((field) => !FIELD.test(field))) {
    return refuse('six fields: minutes, hours, day of month, month, day of week, year');
  }
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (minutes !== '0') {
    return refuse('minutes 0: rotation windows open on the hour');
  }
  if (year !== '*') {
    return refuse('year `*`');
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    return refuse('`?` for either the day of the month or the day of the week');
  }
  const due = expand(hours) ?? refuse('hours 0 to 23, as numbers, lists, ranges and steps');
  const gaps = due.map((hour, i) => (due[i + 1] ?? due[0] + HOURS_A_DAY) - hour);
  return gaps.every((gap) => gap >= MINIMUM_GAP)
    ? { hours: due, longestDays: longestDays(month, dayOfWeek) }
    : refuse('times at least four hours apart');
}

/** Two 31sts are at most 62 days apart, two fifth Mondays of a month 98. */
function longestDays(month: string, dayOfWeek: string): number {
  if (month !== '*') {
    return 366;
  }
  return dayOfWeek.includes('#5') ? 98 : 62;
}

function expand(field: string): number[] | undefined {
  const hours = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:(\*)|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) {
      return undefined;
    }
    const [, all, from, to, step] = match;
    const first = all ? 0 : Number(from);
    const last = to ? Number(to) : (all || step ? HOURS_A_DAY - 1 : first);
    const stride = step ? Number(step) : 1;
    if (first > last || last >= HOURS_A_DAY || stride === 0) {
      return undefined;
    }
    for (let hour = first; hour <= last; hour += stride) {
      hours.add(hour);
    }
  }
  return [...hours].sort((a, b) => a - b);
}
