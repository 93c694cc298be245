import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';

const HOURS_A_DAY = 24;
const MINIMUM_GAP = 4;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS_OF_WEEK = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const SHORTEST_MONTH = 28;
const DAYS_OF_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The values of a field, and the names of its first value and those that follow. */
interface Field {
  readonly first: number;
  readonly last: number;
  readonly names?: string[];
}

const HOURS: Field = { first: 0, last: HOURS_A_DAY - 1 };
const DAY_OF_MONTH: Field = { first: 1, last: 31 };
const MONTH: Field = { first: 1, last: MONTHS.length, names: MONTHS };
const DAY_OF_WEEK: Field = { first: 1, last: DAYS_OF_WEEK.length, names: DAYS_OF_WEEK };

/** When a cron expression is due. */
export interface CronTimes {
  /** Hours of the day, ascending. */
  readonly hours: number[];
  /** Longest time between two days on which it is due, in days: a month with its missing 31st or fifth Monday, or years. */
  readonly longestDays: number;
  /** Shortest time between two days on which it is due, in days, or less. */
  readonly shortestDays?: number;
}

/**
 * When a cron expression of Secrets Manager is due.
 *
 * Secrets Manager takes fewer expressions than EventBridge does: minutes are 0, the year is `*`, and two times are four hours
 * apart.
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
  if (expression.length > 250 || fields.length !== 6) {
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
  const months = expand(month, MONTH) ?? refuse('months 1 to 12 or JAN to DEC, as lists, ranges and steps');
  const days =
    daysOfMonth(dayOfMonth)
    ?? refuse('days of the month 1 to 31, as lists, ranges and steps, `L` or the nearest weekday as `15W`');
  if (!areDaysOfWeek(dayOfWeek)) {
    return refuse('days of the week 1 to 7 or SUN to SAT, as lists, ranges and steps, the last as `FRIL` or one of the month as '
      + '`MON#1` to `MON#5`');
  }
  if (!months.some((one) => days.some((day) => day <= DAYS_OF_MONTHS[one - 1]))) {
    return refuse('a day that the month has');
  }
  const due = expand(hours, HOURS) ?? refuse('hours 0 to 23, as numbers, lists, ranges and steps');
  const gaps = due.map((hour, i) => (due[i + 1] ?? due[0] + HOURS_A_DAY) - hour);
  return gaps.every((gap) => gap >= MINIMUM_GAP)
    ? { hours: due, longestDays: longestDays(month, dayOfWeek), shortestDays: shortestDays(days, dayOfMonth, dayOfWeek) }
    : refuse('times at least four hours apart');
}

/** Two 31sts are at most 62 days apart, two fifth Mondays of a month 98. */
function longestDays(month: string, dayOfWeek: string): number {
  if (month !== '*') {
    return 366;
  }
  return dayOfWeek.includes('#5') ? 98 : 62;
}

/** Weeks and months begin again: a month after 28 days at the earliest. A nearest weekday may be two days away from its day. */
function shortestDays(daysOfMonths: number[], dayOfMonth: string, dayOfWeek: string): number {
  if (dayOfWeek === '?') {
    return dayOfMonth.endsWith('W') ? SHORTEST_MONTH - 4 : smallestStep(daysOfMonths, SHORTEST_MONTH);
  }
  const weekdays = expand(dayOfWeek, DAY_OF_WEEK);
  return weekdays ? smallestStep(weekdays, DAYS_OF_WEEK.length) : dayOfWeek === 'L' ? DAYS_OF_WEEK.length : SHORTEST_MONTH;
}

function smallestStep(ascending: number[], period: number): number {
  return Math.max(1, Math.min(...ascending.map((day, i) => (ascending[i + 1] ?? ascending[0] + period) - day)));
}

/** Days that the field may mean; where it leaves that to the month, the first. */
function daysOfMonth(field: string): number[] | undefined {
  const [, nearest] = /^(\d{1,2})W$/.exec(field) ?? [];
  return field === '?' || field === 'L' || field === 'LW' ? [1] : expand(nearest ?? field, DAY_OF_MONTH);
}

function areDaysOfWeek(field: string): boolean {
  const [, day] = /^(\w+)(?:#[1-5]|L)$/.exec(field) ?? [];
  return (
    field === '?'
    || field === 'L'
    || expand(field, DAY_OF_WEEK) !== undefined
    || (day !== undefined && valueOf(day, DAY_OF_WEEK) !== undefined)
  );
}

function expand(field: string, { first, last, names }: Field): number[] | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) {
      return undefined;
    }
    const [, all, from, to, step] = match;
    const low = all ? first : valueOf(from, { first, last, names });
    const high = all || (step && !to) ? last : valueOf(to ?? from, { first, last, names });
    const stride = step === undefined ? 1 : Number(step);
    if (low === undefined || high === undefined || low > high || stride === 0) {
      return undefined;
    }
    for (let value = low; value <= high; value += stride) {
      values.add(value);
    }
  }
  return [...values].sort((a, b) => a - b);
}

function valueOf(text: string, { first, last, names }: Field): number | undefined {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? first + named : /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  return value >= first && value <= last ? value : undefined;
}
