import { RotationError } from '../../../handlers/core/rotation-error';
import { PerhapsSet } from '../../../handlers/database/error-phases';
import { documentdbError } from '../../../handlers/rotate-documentdb/documentdb-error';

const fromServer = (code: number): Error =>
  Object.assign(new Error('canary'), { name: 'MongoServerError', code, errorResponse: { errmsg: 'canary' } });

test.each([
  ['login', 18, 'authentication'], ['login', 334, 'configuration'], ['login', 59, 'configuration'], ['login', 91, 'unavailable'],
  ['password', 13, 'permission'], ['password', 31, 'configuration'], ['password', 64, 'unavailable'],
  ['password', 51003, 'conflict'], ['password', 10107, 'readOnly'],
  ['statement', 11, 'conflict'], ['statement', 13, 'permission'], ['statement', 59, 'configuration'],
  ['statement', 91, 'unavailable'], ['statement', 189, 'readOnly'], ['statement', 303, 'configuration'],
  ['login', 133, 'unavailable'], ['login', 89, 'unavailable'], ['login', 202, 'timeout'], ['statement', 262, 'timeout'],
  ['password', 14031, 'unavailable'], ['password', 11601, 'unavailable'], ['statement', 146, 'unavailable'],
  ['password', 8000, 'configuration'], ['statement', 10058, 'readOnly'],
  ['statement', 13435, 'readOnly'], ['statement', 11602, 'unavailable'],
] as const)('of a %s, %d is an error of class %s', (phase, code, errorClass) => {
  const error = documentdbError(fromServer(code), phase);
  expect(error).toMatchObject({ errorClass, code: String(code) });
  expect(error).not.toBeInstanceOf(PerhapsSet);
  expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(/canary|does not know: look/);
});

test.each([
  ['login', 13, 'refuses the login'], ['password', 9999, 'does not set the password'], ['statement', 18, 'refuses a statement'],
] as const)('of a %s, %d is one that nobody knows, and is said to be', (phase, code, text) => {
  const error = documentdbError(fromServer(code), phase);
  expect(error).toMatchObject({ errorClass: 'conflict', code: String(code), message: expect.stringContaining(text) });
  expect(error instanceof PerhapsSet).toBe(phase === 'password');
});

test('a negative number of a server is not passed on', () => {
  expect(documentdbError(fromServer(-301), 'login')).toMatchObject({ errorClass: 'conflict', code: undefined });
});

test.each([
  [{ name: 'MongoNetworkError', cause: { code: 'ECONNRESET' } }, 'network', 'ECONNRESET'],
  [{ name: 'MongoNetworkTimeoutError' }, 'network', undefined],
  [{ name: 'MongoParseError' }, 'protocol', undefined], [{ name: 'MongoServerError', code: 18 }, 'protocol', undefined],
  [{ name: 'MongoServerError', code: 'canary', errorResponse: {} }, 'protocol', 'canary'],
])('of the driver: %j is an error of class %s', (thrown, errorClass, code) => {
  expect(documentdbError(Object.assign(new Error('the text'), thrown), 'statement'))
    .toMatchObject({ errorClass, code, message: expect.not.stringContaining('the text') });
});

test('one of ours stays what it is', () => {
  const error = new RotationError('timeout', 'late');
  expect(documentdbError(error, 'statement')).toBe(error);
});
