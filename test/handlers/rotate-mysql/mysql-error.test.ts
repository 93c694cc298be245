import { RotationError } from '../../../handlers/core/rotation-error';
import { mysqlError, numberOf, statementError } from '../../../handlers/rotate-mysql/mysql-error';

const fromServer = (errno: number): Error => Object.assign(new Error('canary'), { errno, sqlState: '42000', sql: 'canary' });

test.each([
  [1045, 'authentication'], [1227, 'permission'], [1044, 'permission'], [1049, 'configuration'], [1040, 'unavailable'],
  [1836, 'readOnly'], [1396, 'conflict'],
  [1819, 'configuration'], [4151, 'configuration'], [3159, 'tls'], [1205, 'conflict'], [9999, 'conflict'],
])('%d is an error of class %s', (number, errorClass) => {
  const error = mysqlError(fromServer(number));
  expect(error).toMatchObject({ errorClass, code: String(number) });
  expect(JSON.stringify([error, error.message, error.stack])).not.toContain('canary');
});

test.each([
  ['ECONNRESET', 'network'], ['PROTOCOL_CONNECTION_LOST', 'network'], ['HANDSHAKE_UNKNOWN_ERROR', 'protocol'],
  ['AUTH_SWITCH_PLUGIN_ERROR', 'protocol'], [undefined, 'protocol'],
])('of the driver: %s is an error of class %s', (code, errorClass) => {
  const error = mysqlError(Object.assign(new Error('canary'), { code, errno: -104 }));
  expect(error).toMatchObject({ errorClass, code });
  expect(error.message).not.toContain('canary');
});

test.each([
  [1698, 'permission'],
  [1045, 'permission'],
  [1205, 'conflict'],
])('%d to a statement is an error of class %s', (number, errorClass) => {
  const error = statementError(fromServer(number));
  expect(error).toMatchObject({ errorClass, code: String(number) });
  expect(error.message).not.toContain('login');
});

test('one of ours stays what it is', () => {
  const error = new RotationError('timeout', 'late');
  expect(mysqlError(error)).toBe(error);
});

test('a number that no server has given is none', () => {
  expect(numberOf({ errno: 1045 })).toBeUndefined();
  expect(numberOf({ errno: '1045', sqlState: '28000' })).toBeUndefined();
  expect(numberOf(fromServer(1045))).toBe(1045);
});
