import { RotationError } from '../../../handlers/core/rotation-error';
import {
  ERRORS_OF_ANY_PHASE, LOGIN_ERRORS, PASSWORD_ERRORS, STATEMENT_ERRORS,
} from '../../../handlers/rotate-mysql/error-tables';
import {
  isKnownRefusal, loginError, numberOf, passwordError, statementError,
} from '../../../handlers/rotate-mysql/mysql-error';

const fromServer = (errno: number): Error => Object.assign(new Error('canary'), { errno, sqlState: '42000', sql: 'canary' });

describe.each([
  ['a login', loginError, [
    [1045, 'authentication'], [1698, 'authentication'], [1044, 'permission'], [1049, 'configuration'], [1040, 'unavailable'],
    [1184, 'configuration'], [1226, 'unavailable'], [3159, 'tls'], [4150, 'configuration'], [4151, 'configuration'],
    [3955, 'configuration'], [9999, 'permission'],
  ]],
  ['a statement that sets a password', passwordError, [
    [1044, 'permission'], [1045, 'permission'], [1227, 'permission'], [1290, 'configuration'], [1372, 'configuration'],
    [1819, 'configuration'], [1836, 'readOnly'], [1792, 'readOnly'], [1396, 'conflict'], [1205, 'conflict'], [9999, 'conflict'],
  ]],
  ['another statement', statementError, [
    [1698, 'permission'], [1045, 'permission'], [1146, 'conflict'], [1959, 'configuration'], [3523, 'configuration'],
    [1836, 'readOnly'], [1205, 'conflict'], [9999, 'conflict'],
  ]],
] as const)('%s', (phase, classify, rows) => {
  test.each(rows)('error %d is of class %s', (number, errorClass) => {
    const error = classify(fromServer(number));
    expect(error).toMatchObject({ errorClass, code: String(number) });
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain('canary');
  });

  test.each([
    [1021, 'unavailable', 'disk'], [1041, 'unavailable', 'memory'], [1047, 'unavailable', 'cluster'],
    [1180, 'unavailable', 'log'],
    [1317, 'timeout', 'ended the statement'], [1927, 'unavailable', 'ended the session'], [3169, 'unavailable', 'the session'],
    [1969, 'timeout', 'max_statement_time'], [3024, 'timeout', 'max_execution_time'], [1449, 'configuration', 'mariadb-upgrade'],
    [1356, 'configuration', 'mariadb-upgrade'], [1558, 'configuration', 'mysql_upgrade'], [1728, 'configuration', 'upgrade'],
    [1193, 'configuration', 'proxy'], [1470, 'configuration', 'shorter'], [3100, 'unavailable', 'group'],
    [4031, 'configuration', 'wait_timeout'],
  ])('error %d may be the answer to anything: %s', (number, errorClass, text) => {
    expect(classify(fromServer(number)))
      .toMatchObject({ errorClass, code: String(number), message: expect.stringContaining(text) as string });
    expect(isKnownRefusal(fromServer(number))).toBe(false);
  });

  test.each([
    ['ECONNRESET', 'network'], ['PROTOCOL_CONNECTION_LOST', 'network'], ['HANDSHAKE_UNKNOWN_ERROR', 'protocol'],
    ['AUTH_SWITCH_PLUGIN_ERROR', 'protocol'], [undefined, 'protocol'],
  ])('of the driver: %s is an error of class %s', (code, errorClass) => {
    const error = classify(Object.assign(new Error('canary'), { code, errno: -104 }));
    expect(error).toMatchObject({ errorClass, code });
    expect(error.message).not.toContain('canary');
  });

  test('one of ours stays what it is', () => {
    const error = new RotationError('timeout', 'late');
    expect(classify(error)).toBe(error);
  });

  test('only a login speaks of a refused login', () => {
    expect(classify(fromServer(1045)).message.includes('login')).toBe(phase === 'a login');
  });
});

test('each meaning says what it is without the words of a server', () => {
  for (const meanings of [ERRORS_OF_ANY_PHASE, LOGIN_ERRORS, PASSWORD_ERRORS, STATEMENT_ERRORS]) {
    expect(Object.values(meanings).filter(({ text }) => text.length < 20 || text.includes("'"))
      .map(({ text }) => text).filter((text) => !text.includes("function's"))).toEqual([]);
  }
});

test('a number that no server has given is none', () => {
  expect(numberOf({ errno: 1045 })).toBeUndefined();
  expect(numberOf({ errno: '1045', sqlState: '28000' })).toBeUndefined();
  expect(numberOf(fromServer(1045))).toBe(1045);
});

test('only an error that is not known leaves open whether the password is set', () => {
  expect(isKnownRefusal(fromServer(1819))).toBe(true);
  expect(isKnownRefusal(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe(true);
  expect(isKnownRefusal(fromServer(1699))).toBe(false);
});
