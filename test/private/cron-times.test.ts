import { App, Stack } from 'aws-cdk-lib/core';
import { cronTimes } from '../../src/private/cron-times';

const stack = new Stack(new App(), 'Stack');
const DAILY = 62;
const YEARLY = 366;

test.each<[string, number[], number]>([
  ['0 16 1,15 * ? *', [16], DAILY],
  ['cron(0 16 1,15 * ? *)', [16], DAILY],
  ['0 0 ? * SUN#1 *', [0], DAILY],
  ['0 0 ? * MON#5 *', [0], 98],
  ['0 23 L * ? *', [23], DAILY],
  ['0 */4 * * ? *', [0, 4, 8, 12, 16, 20], DAILY],
  ['0 */5 * * ? *', [0, 5, 10, 15, 20], DAILY],
  ['0 8/8 * * ? *', [8, 16], DAILY],
  ['0 20,4,12 * * ? *', [4, 12, 20], DAILY],
  ['0 1-9/4 * * ? *', [1, 5, 9], DAILY],
  ['0 5 1 1,7 ? *', [5], YEARLY],
  ['0 5 ? JAN MON *', [5], YEARLY],
])('%s is due at %j, at most every %i days', (expression, hours, longestDays) => {
  expect(cronTimes(stack, expression)).toEqual({ hours, longestDays });
});

const SIX = 'six fields: minutes, hours, day of month, month, day of week, year';
const HOURS = 'hours 0 to 23, as numbers, lists, ranges and steps';
const APART = 'times at least four hours apart';
const QUESTION = '`?` for either the day of the month or the day of the week';

test.each<[string, string]>([
  ['', SIX],
  ['0 16 1 * ?', SIX],
  ['0 16 1 * ? * *', SIX],
  ['0 16 1 * ? $', SIX],
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
  ['0 * * * ? *', APART],
  ['0 */3 * * ? *', APART],
  ['0 8-9 * * ? *', APART],
  ['0 1,22 * * ? *', APART],
])('%s is refused: %s', (expression, allowed) => {
  expect(() => cronTimes(stack, expression)).toThrow(`[Stack] \`RotationTiming.cron(expression)\` is ${JSON.stringify(expression)}, allowed: ${allowed}; `
    + 'write for example `0 16 1,15 * ? *`, 16:00 UTC on the 1st and the 15th of each month');
});
