import { RotationError } from '../../../handlers/core/rotation-error';
import { errorOfNumbers, handshakeError, sqlserverError } from '../../../handlers/rotate-sqlserver/sqlserver-error';

const fromServer = (number: number): Error =>
  Object.assign(new Error('canary'), { number, code: 'EREQUEST', procName: 'canary' });

test.each([
  [18456, 'authentication'], [18470, 'configuration'], [18486, 'configuration'], [18487, 'configuration'],
  [18488, 'configuration'], [18452, 'configuration'],
  [15151, 'permission'], [15247, 'permission'], [229, 'permission'], [916, 'permission'], [4613, 'permission'],
  [4060, 'configuration'], [4064, 'configuration'],
  [15114, 'configuration'], [15115, 'configuration'], [15116, 'configuration'], [15118, 'configuration'],
  [15119, 'configuration'], [15025, 'conflict'],
  [15023, 'conflict'], [1205, 'conflict'], [1222, 'conflict'], [3906, 'readOnly'], [17809, 'unavailable'], [18461, 'unavailable'],
  [976, 'unavailable'], [99999, 'conflict'],
])('%d is an error of class %s', (number, errorClass) => {
  const error = sqlserverError(fromServer(number));
  expect(error).toMatchObject({ errorClass, code: String(number) });
  expect(JSON.stringify([error, error.message, error.stack])).not.toContain('canary');
});

test('of several numbers the one that says most counts', () => {
  expect(errorOfNumbers([18456, 4060])).toMatchObject({ errorClass: 'configuration', code: '4060' });
  expect(errorOfNumbers([18456, 99999])).toMatchObject({ errorClass: 'authentication', code: '18456' });
  expect(sqlserverError(new AggregateError([fromServer(5701), fromServer(15118)], 'canary')))
    .toMatchObject({ errorClass: 'configuration', code: '15118' });
});

test.each([
  [{ code: 'ESOCKET', cause: { code: 'ECONNRESET' } }, 'network', 'ECONNRESET'], [{ code: 'ECLOSE' }, 'network', 'ECLOSE'],
  [{ code: 'ESOCKET' }, 'network', 'ESOCKET'],
  [{ code: 'ELOGIN' }, 'protocol', 'ELOGIN'], [{}, 'protocol', undefined],
])('of the driver: %j is an error of class %s', (properties, errorClass, code) => {
  const error = sqlserverError(Object.assign(new Error('canary'), properties));
  expect(error).toMatchObject({ errorClass, code });
  expect(error.message).not.toContain('canary');
});

test('one of ours stays what it is, also inside of one of the driver', () => {
  const error = new RotationError('timeout', 'late');
  expect(sqlserverError(error)).toBe(error);
  expect(sqlserverError(new Error('canary', { cause: error }))).toBe(error);
});

test.each([
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'another name'], ['CERT_HAS_EXPIRED', 'tls', 'has expired'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'trusted certificate authority'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls', 'TLS 1.2 or 1.3'], ['ECONNRESET', 'network', 'handshake'],
  [undefined, 'network', 'handshake'],
])('of a TLS handshake: %s', (code, errorClass, text) => {
  const error = handshakeError(new Error('canary', { cause: Object.assign(new Error('canary'), { code }) }));
  expect(error).toMatchObject({ errorClass, code, message: expect.stringContaining(text) });
  expect(error.message).not.toContain('canary');
});
