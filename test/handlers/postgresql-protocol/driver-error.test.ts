import { RotationError } from '../../../handlers/core/rotation-error';
import { driverError } from '../../../handlers/postgresql-protocol/driver-error';

test.each([new Error('SASL: canary'), 'canary', undefined])('what has no code is a broken protocol', (thrown) => {
  expect(driverError(thrown))
    .toMatchObject({ errorClass: 'protocol', message: 'protocol: the server broke its protocol' });
});

test.each(['Connection terminated unexpectedly', 'Connection terminated', 'Client was closed and is not queryable'])(
  '%s is a lost connection',
  (text) => {
    expect(driverError(new Error(text))).toMatchObject({ errorClass: 'network', code: undefined });
  },
);

test('passes its own kind on', () => {
  const error = new RotationError('tls', 'x');
  expect(driverError(error)).toBe(error);
});
