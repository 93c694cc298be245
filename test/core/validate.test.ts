import { App, Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { requireDuration, requireInteger, requireText } from '../../src/core/validate';

const input = { scope: new Stack(new App(), 'Stack'), property: 'property', remedy: 'choose another' };
const rule = { minimum: 2, maximum: 3, pattern: /^[a-z]*$/, allowed: 'two or three small letters' };

test.each([undefined, 2, 4, Lazy.number({ produce: () => 99 })])('a whole number of the range passes: %s', (value) => {
  expect(() => requireInteger(input, value, 2, 4)).not.toThrow();
});

test.each([1, 5, 2.5, NaN])('another number is refused: %s', (value) => {
  expect(() => requireInteger(input, value, 2, 4, 'MiB')).toThrow(
    `[Stack] \`property\` is ${JSON.stringify(value)}, allowed: a whole number from 2 to 4 MiB; choose another`);
});

test('a number without a unit is named without one', () => {
  expect(() => requireInteger(input, 1, 2, 4)).toThrow('allowed: a whole number from 2 to 4; choose');
});

test.each([undefined, 'ab', 'abc', Lazy.string({ produce: () => 'ABCDE' })])('text that follows the rule passes: %s', (value) => {
  expect(() => requireText(input, value, rule)).not.toThrow();
});

test.each(['', 'a', 'abcd', 'AB'])('other text is refused: "%s"', (value) => {
  expect(() => requireText(input, value, rule))
    .toThrow(`[Stack] \`property\` is "${value}", allowed: two or three small letters; choose another`);
});

test('a rule without a pattern and a minimum takes any text that is not too long', () => {
  expect(() => requireText(input, '', { maximum: 3, allowed: 'at most 3' })).not.toThrow();
  expect(() => requireText(input, 'ABCD', { maximum: 3, allowed: 'at most 3' })).toThrow('allowed: at most 3');
});

test.each([undefined, Duration.seconds(30), Duration.minutes(1), Duration.seconds(Lazy.number({ produce: () => 1 }))])(
  'a duration of the range passes: %s',
  (value) => {
    expect(() => requireDuration(input, value, 30, 60)).not.toThrow();
  },
);

test.each([
  [Duration.seconds(29), '29 seconds'],
  [Duration.minutes(2), '2 minutes'],
  [Duration.millis(45_500), '45 seconds 500 millis'],
])('another duration is refused: %s', (value, said) => {
  expect(() => requireDuration(input, value, 30, 60))
    .toThrow(`[Stack] \`property\` is "${said}", allowed: 30 to 60 whole seconds; choose another`);
});
