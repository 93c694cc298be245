import { RotationError } from '../../../handlers/core/rotation-error';
import { PerhapsSet } from '../../../handlers/database/error-phases';
import { errorOfNumbers, handshakeError, sqlserverError } from '../../../handlers/rotate-sqlserver/sqlserver-error';

const fromServer = (number: number): Error =>
  Object.assign(new Error('canary'), { number, code: 'EREQUEST', procName: 'canary' });

const PHASES = ['login', 'password', 'statement'] as const;

test.each([
  ['login', 18456, 'authentication'], ['login', 18470, 'configuration'], ['login', 18486, 'configuration'],
  ['login', 18487, 'configuration'], ['login', 18488, 'configuration'], ['login', 18452, 'configuration'],
  ['login', 17892, 'configuration'], ['login', 4060, 'configuration'], ['login', 4064, 'configuration'],
  ['login', 17809, 'unavailable'], ['login', 18461, 'unavailable'],
  ['statement', 15151, 'permission'], ['statement', 15247, 'permission'], ['statement', 229, 'permission'],
  ['statement', 916, 'permission'], ['statement', 4613, 'permission'], ['statement', 15025, 'conflict'],
  ['statement', 15023, 'conflict'], ['statement', 1205, 'conflict'], ['statement', 1222, 'conflict'],
  ['statement', 3609, 'conflict'], ['statement', 3906, 'readOnly'], ['statement', 976, 'unavailable'],
  ['login', 942, 'unavailable'], ['login', 978, 'readOnly'], ['statement', 596, 'unavailable'], ['password', 9002, 'unavailable'],
  ['password', 701, 'unavailable'], ['login', 8645, 'unavailable'], ['login', 976, 'unavailable'], ['login', 6005, 'unavailable'],
  ['password', 15113, 'configuration'], ['password', 15114, 'configuration'], ['password', 15115, 'configuration'],
  ['password', 15116, 'configuration'], ['password', 15118, 'configuration'], ['password', 15119, 'configuration'],
  ['password', 15151, 'permission'], ['password', 15247, 'permission'],
] as const)('of a %s, %d is an error of class %s', (phase, number, errorClass) => {
  const error = sqlserverError(fromServer(number), phase);
  expect(error).toMatchObject({ errorClass, code: String(number) });
  expect(error.message).not.toContain('does not know');
  expect(JSON.stringify([error, error.message, error.stack])).not.toContain('canary');
});

test.each([
  ['login', 99999, 'refuses the login'], ['login', 15118, 'refuses the login'], ['statement', 18456, 'refuses a statement'],
  ['statement', 15118, 'refuses a statement'], ['password', 99999, 'does not set the password'],
  ['password', 18470, 'does not set the password'],
] as const)('of a %s, %d is one that nobody knows, and is said to be', (phase, number, text) => {
  expect(sqlserverError(fromServer(number), phase))
    .toMatchObject({ errorClass: 'conflict', code: String(number), message: expect.stringContaining(text) });
});

test('only what is not known, and what a policy may refuse for its repetition, may have set a password', () => {
  const perhaps = (number: number): boolean => sqlserverError(fromServer(number), 'password') instanceof PerhapsSet;
  expect([99999, 15114, 15115, 15118, 15151].filter(perhaps)).toEqual([99999, 15114, 15115]);
  expect(PHASES.filter((phase) => sqlserverError(fromServer(99999), phase) instanceof PerhapsSet)).toEqual(['password']);
});

test('of several numbers the one that says most counts', () => {
  expect(errorOfNumbers([18456, 4060], 'login')).toMatchObject({ errorClass: 'configuration', code: '4060' });
  expect(errorOfNumbers([18456, 99999], 'login')).toMatchObject({ errorClass: 'authentication', code: '18456' });
  expect(sqlserverError(new AggregateError([fromServer(5701), fromServer(15118)], 'canary'), 'password'))
    .toMatchObject({ errorClass: 'configuration', code: '15118' });
  expect(errorOfNumbers([5701, 15247], 'password')).toMatchObject({ errorClass: 'permission', code: '15247' });
});

test.each([
  [{ code: 'ESOCKET', cause: { code: 'ECONNRESET' } }, 'network', 'ECONNRESET'], [{ code: 'ECLOSE' }, 'network', 'ECLOSE'],
  [{ code: 'ESOCKET' }, 'network', 'ESOCKET'],
  [{ code: 'ELOGIN' }, 'protocol', 'ELOGIN'], [{}, 'protocol', undefined],
])('of the driver: %j is an error of class %s', (properties, errorClass, code) => {
  const error = sqlserverError(Object.assign(new Error('canary'), properties), 'statement');
  expect(error).toMatchObject({ errorClass, code });
  expect(error.message).not.toContain('canary');
});

test('one of ours stays what it is, also inside of one of the driver', () => {
  const error = new RotationError('timeout', 'late');
  expect(sqlserverError(error, 'statement')).toBe(error);
  expect(sqlserverError(new Error('canary', { cause: error }), 'statement')).toBe(error);
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
