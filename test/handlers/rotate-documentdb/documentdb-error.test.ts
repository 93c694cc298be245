import { RotationError } from '../../../handlers/core/rotation-error';
import { documentdbError } from '../../../handlers/rotate-documentdb/documentdb-error';

const fromServer = (code: number): Error =>
  Object.assign(new Error('canary'), { name: 'MongoServerError', code, errorResponse: { errmsg: 'canary' } });

test.each([
  [11, 'configuration'], [13, 'permission'], [18, 'authentication'], [31, 'configuration'], [59, 'configuration'],
  [91, 'unavailable'], [189, 'readOnly'],
  [303, 'configuration'], [10107, 'readOnly'], [13435, 'readOnly'], [11602, 'unavailable'], [51003, 'conflict'],
  [9999, 'conflict'],
])('%d is an error of class %s', (code, errorClass) => {
  const error = documentdbError(fromServer(code));
  expect(error).toMatchObject({ errorClass, code: String(code) });
  expect(JSON.stringify([error, error.message, error.stack])).not.toContain('canary');
});

test('a negative number of a server is not passed on', () => {
  expect(documentdbError(fromServer(-301))).toMatchObject({ errorClass: 'conflict', code: undefined });
});

test.each([
  [{ name: 'MongoNetworkError', cause: { code: 'ECONNRESET' } }, 'network', 'ECONNRESET'],
  [{ name: 'MongoNetworkTimeoutError' }, 'network', undefined],
  [{ name: 'MongoParseError' }, 'protocol', undefined], [{ name: 'MongoServerError', code: 18 }, 'protocol', undefined],
  [{ name: 'MongoServerError', code: 'canary', errorResponse: {} }, 'protocol', 'canary'],
])('of the driver: %j is an error of class %s', (thrown, errorClass, code) => {
  expect(documentdbError(Object.assign(new Error('the text'), thrown)))
    .toMatchObject({ errorClass, code, message: expect.not.stringContaining('the text') });
});

test('one of ours stays what it is', () => {
  const error = new RotationError('timeout', 'late');
  expect(documentdbError(error)).toBe(error);
});
