import { App, Stack } from 'aws-cdk-lib/core';
import { ConflictError, ValidationError } from '../../src/core/errors';

const scope = new Stack(new App(), 'Stack');

test.each<[string, unknown, string]>([
  ['text', 'a "b"', '"a \\"b\\""'],
  ['a number', 5, '5'],
  ['a list', [1, 'a'], '[1,"a"]'],
  ['null', null, 'null'],
  ['nothing', undefined, 'not given'],
  ['a construct', scope, '\'Stack\''],
])('an input that is refused is quoted with path, rule and remedy: %s', (_, got, quoted) => {
  const error = new ValidationError({ scope, property: 'property', got, allowed: 'something else', remedy: 'change it' });
  expect(error.message).toBe(`[Stack] \`property\` is ${quoted}, allowed: something else; change it`);
  expect(error.name).toBe('ValidationError');
});

test('a conflict says what and what to do', () => {
  expect(new ConflictError(scope, 'two of them', 'take one'))
    .toMatchObject({ name: 'ConflictError', message: '[Stack] two of them; take one' });
});
