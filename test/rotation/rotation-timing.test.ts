import { App, Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { RotationTiming } from '../../src/rotation/rotation-timing';

const stack = new Stack(new App(), 'Stack');
const { days, hours, minutes } = Duration;

test('is every 30 days by default', () => {
  expect(RotationTiming._DEFAULT._bind(stack)).toEqual({
    scheduleExpression: 'rate(30 days)', longestHours: 31 * 24, shortestHours: 30 * 24,
  });
});

test.each<[Duration, string, number]>([
  [hours(4), 'rate(4 hours)', 5],
  [hours(23), 'rate(23 hours)', 24],
  [minutes(240), 'rate(4 hours)', 5],
  [hours(24), 'rate(1 day)', 48],
  [days(90), 'rate(90 days)', 91 * 24],
  [days(1000), 'rate(1000 days)', 1001 * 24],
])('every %s is %s', (interval, scheduleExpression, longestHours) => {
  expect(RotationTiming.every(interval)._bind(stack)).toEqual({
    scheduleExpression, duration: undefined, longestHours, shortestHours: interval.toHours(),
  });
});

test('takes a window, and may wait', () => {
  expect(RotationTiming.every(days(30), { window: hours(3), rotateImmediately: false })._bind(stack))
    .toMatchObject({ scheduleExpression: 'rate(30 days)', duration: '3h', rotateImmediately: false, longestHours: 30 * 24 + 3 });
  expect(RotationTiming.cron('0 20 1 * ? *', { window: hours(4), rotateImmediately: false })._bind(stack))
    .toMatchObject({ scheduleExpression: 'cron(0 20 1 * ? *)', duration: '4h', rotateImmediately: false, longestHours: 63 * 24 });
});

test.each([hours(3), hours(25), hours(36), minutes(250), days(1001), days(0)])('every %s is refused', (interval) => {
  expect(() => RotationTiming.every(interval)._bind(stack)).toThrow('[Stack] `RotationTiming.every(interval)` is '
    + `"${interval.toHumanString()}", `
    + 'allowed: whole hours from 4 to 23, or whole days from 1 to 1000; Secrets Manager rotates at most every four hours; choose '
    + 'such an interval');
});

test.each<[Duration, Duration, number]>([
  [hours(4), hours(4), 3],
  [hours(12), hours(12), 11],
  [hours(24), hours(24), 23],
  [days(30), hours(25), 24],
  [days(30), minutes(90), 24],
  [days(30), hours(0), 24],
])('every %s a window of %s is refused', (interval, window, maximum) => {
  expect(() => RotationTiming.every(interval, { window })._bind(stack)).toThrow('[Stack] `RotationTiming.every(window)` is '
    + `"${window.toHumanString()}", `
    + `allowed: whole hours from 1 to ${maximum}; the window ends before the next rotation is due and before midnight UTC; `
    + 'make it shorter');
});

test.each<[string, number]>([
  ['0 16 * * ? *', 8],
  ['0 0 * * ? *', 24],
  ['0 23 1 * ? *', 1],
  ['0 */4 * * ? *', 3],
  ['0 4,16 * * ? *', 8],
  ['0 0,6 * * ? *', 5],
])('the window of %s has at most %i hours: it ends before midnight UTC and before the next rotation', (expression, maximum) => {
  expect(RotationTiming.cron(expression, { window: hours(maximum) })._bind(stack).duration).toBe(`${maximum}h`);
  expect(() => RotationTiming.cron(expression, { window: hours(maximum + 1) })._bind(stack)).toThrow(
    `\`RotationTiming.cron(window)\` is "${hours(maximum + 1).toHumanString()}", allowed: whole hours from 1 to ${maximum};`,
  );
});

test('the expression may carry its function, and is checked', () => {
  expect(RotationTiming.cron('cron(0 16 1 * ? *)')._bind(stack))
    .toEqual({ scheduleExpression: 'cron(0 16 1 * ? *)', longestHours: 63 * 24, shortestHours: 28 * 24 });
  expect(RotationTiming.cron('0 2,10 1 * ? *')._bind(stack).shortestHours).toBe(8);
  expect(() => RotationTiming.cron('1 16 1 * ? *')._bind(stack)).toThrow('[Stack] `RotationTiming.cron(expression)`');
});

test('an expression that is a token passes unparsed', () => {
  const token = Lazy.string({ produce: () => '0 16 * * ? *' });
  const { scheduleExpression, shortestHours } = RotationTiming.cron(token)._bind(stack);
  expect([stack.resolve(scheduleExpression), shortestHours]).toEqual(['cron(0 16 * * ? *)', undefined]);
});

test('durations that are tokens cannot be compared, and are refused', () => {
  const token = Duration.hours(Lazy.number({ produce: () => 4 }));
  expect(() => RotationTiming.every(token)._bind(stack))
    .toThrow('`RotationTiming.every(interval)` is "a token", allowed: whole hours');
  expect(() => RotationTiming.every(days(1), { window: token })._bind(stack))
    .toThrow('`RotationTiming.every(window)` is "a token", allowed: whole hours');
});
