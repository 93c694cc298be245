import { App, Stack } from 'aws-cdk-lib/core';
import { cronTimes } from '../../../src/rotation/private/cron-times';

const stack = new Stack(new App(), 'Stack');
const DAILY = 62;
const YEARLY = 366;

test.each<[string, number[], number, number]>([
  ['0 16 1,15 * ? *', [16], DAILY, 14],
  ['cron(0 16 1,15 * ? *)', [16], DAILY, 14],
  ['0 0 ? * SUN#1 *', [0], DAILY, 28],
  ['0 0 ? * MON#5 *', [0], 98, 28],
  ['0 23 L * ? *', [23], DAILY, 28],
  ['0 */4 * * ? *', [0, 4, 8, 12, 16, 20], DAILY, 1],
  ['0 */5 * * ? *', [0, 5, 10, 15, 20], DAILY, 1],
  ['0 8/8 * * ? *', [8, 16], DAILY, 1],
  ['0 20,4,12 * * ? *', [4, 12, 20], DAILY, 1],
  ['0 1-9/4 * * ? *', [1, 5, 9], DAILY, 1],
  ['0 5 1 1,7 ? *', [5], YEARLY, 28],
  ['0 5 ? JAN MON *', [5], YEARLY, 7],
  ['0 5 ? jan-mar,JUL mon-Fri *', [5], YEARLY, 1],
  ['0 5 29 2 ? *', [5], YEARLY, 28],
  ['0 5 31 FEB,MAR ? *', [5], YEARLY, 28],
  ['0 5 15W * ? *', [5], DAILY, 24],
  ['0 5 LW * ? *', [5], DAILY, 24],
  ['0 5 1-10/3 * ? *', [5], DAILY, 3],
  ['0 5 ? * FRIL *', [5], DAILY, 28],
  ['0 5 ? * L *', [5], DAILY, 7],
  ['0 5 1,31 * ? *', [5], DAILY, 1],
  ['0 5 ? * SUN,SAT *', [5], DAILY, 1],
  ['0 5 ? * MON,THU *', [5], DAILY, 3],
  ['0 5 ? * 2-6 *', [5], DAILY, 1],
])('%s is due at %j, at least every %i days and at most every %i', (expression, hours, longestDays, shortestDays) => {
  expect(cronTimes(stack, expression)).toEqual({ hours, longestDays, shortestDays });
});

const SIX = 'six fields: minutes, hours, day of month, month, day of week, year';
const HOURS = 'hours 0 to 23, as numbers, lists, ranges and steps';
const MONTH = 'months 1 to 12 or JAN to DEC, as lists, ranges and steps';
const DAY_OF_MONTH = 'days of the month 1 to 31, as lists, ranges and steps, `L` or the nearest weekday as `15W`';
const DAY_OF_WEEK = 'days of the week 1 to 7 or SUN to SAT, as lists, ranges and steps, the last as `FRIL` or one of the month '
  + 'as `MON#1` to `MON#5`';
const MISSING = 'a day that the month has';
const APART = 'times at least four hours apart';
const QUESTION = '`?` for either the day of the month or the day of the week';

test.each<[string, string]>([
  ['', SIX],
  ['0 16 1 * ?', SIX],
  ['0 16 1 * ? * *', SIX],
  ['rate(1 day)', SIX],
  [`0 16 ${'1,'.repeat(130)}1 * ? *`, SIX],
  ['5 16 1 * ? *', 'minutes 0: rotation windows open on the hour'],
  ['* 16 1 * ? *', 'minutes 0: rotation windows open on the hour'],
  ['0 16 1 * ? 2027', 'year `*`'],
  ['0 16 * * * *', QUESTION],
  ['0 16 ? * ? *', QUESTION],
  ['0 24 * * ? *', HOURS],
  ['0 9-5 * * ? *', HOURS],
  ['0 noon * * ? *', HOURS],
  ['0 0/0 * * ? *', HOURS],
  ['0 16 1 13 ? *', MONTH],
  ['0 16 1 0 ? *', MONTH],
  ['0 16 1 xyz ? *', MONTH],
  ['0 16 1 $ ? *', MONTH],
  ['0 16 1 ? ? *', MONTH],
  ['0 16 45 13 ? *', MONTH],
  ['0 16 45 * ? *', DAY_OF_MONTH],
  ['0 16 0 * ? *', DAY_OF_MONTH],
  ['0 16 xyz * ? *', DAY_OF_MONTH],
  ['0 16 45W * ? *', DAY_OF_MONTH],
  ['0 16 MON * ? *', DAY_OF_MONTH],
  ['0 16 ? * MON-XYZ *', DAY_OF_WEEK],
  ['0 16 ? * 2#9 *', DAY_OF_WEEK],
  ['0 16 ? * 8 *', DAY_OF_WEEK],
  ['0 16 ? * XYZ#1 *', DAY_OF_WEEK],
  ['0 16 30 2 ? *', MISSING],
  ['0 16 31 2,4,JUN ? *', MISSING],
  ['0 * * * ? *', APART],
  ['0 */3 * * ? *', APART],
  ['0 8-9 * * ? *', APART],
  ['0 1,22 * * ? *', APART],
])('%s is refused: %s', (expression, allowed) => {
  expect(() => cronTimes(stack, expression)).toThrow('[Stack] `RotationTiming.cron(expression)` is '
    + `${JSON.stringify(expression)}, allowed: ${allowed}; `
    + 'write for example `0 16 1,15 * ? *`, 16:00 UTC on the 1st and the 15th of each month');
});
