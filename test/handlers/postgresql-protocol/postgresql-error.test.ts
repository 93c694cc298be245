import { RotationError } from '../../../handlers/core/rotation-error';
import { postgresqlError } from '../../../handlers/postgresql-protocol/postgresql-error';

test.each([
  ['28P01', 'authentication'], ['28000', 'permission'], ['42501', 'permission'], ['3D000', 'configuration'],
  ['42704', 'configuration'],
  ['42710', 'conflict'], ['40001', 'conflict'], ['55P03', 'conflict'], ['XX000', 'conflict'], ['42601', 'conflict'],
  ['25006', 'readOnly'],
  ['53300', 'unavailable'], ['57P03', 'unavailable'], ['57014', 'timeout'], ['08006', 'network'], ['ECONNRESET', 'network'],
])('%s is %s, and its text stays behind', (code, errorClass) => {
  const error = postgresqlError(
    Object.assign(new Error("syntax error at or near 'canary'"), { code, detail: 'canary', query: 'canary' }),
  );
  expect(error).toMatchObject({ errorClass, code });
  expect(error.cause).toBeUndefined();
  expect(JSON.stringify([error.message, error.stack, { ...error }])).not.toContain('canary');
});

test.each([new Error('SASL: canary'), 'canary', undefined])('what has no code is a broken protocol', (thrown) => {
  expect(postgresqlError(thrown)).toMatchObject({ errorClass: 'protocol', message: 'protocol: the server broke its protocol' });
});

test.each(['Connection terminated unexpectedly', 'Connection terminated', 'Client was closed and is not queryable'])(
  '%s is a lost connection',
  (text) => {
    expect(postgresqlError(new Error(text))).toMatchObject({ errorClass: 'network', code: undefined });
  },
);

test('passes its own kind on', () => {
  const error = new RotationError('tls', 'x');
  expect(postgresqlError(error)).toBe(error);
});
