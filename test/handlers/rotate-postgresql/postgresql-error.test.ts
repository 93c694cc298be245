import {
  loginError,
  passwordStatementError,
  statementError,
} from '../../../handlers/rotate-postgresql/postgresql-error';

const ERRORS = { login: loginError, statement: statementError };

test.each([
  ['login', '28P01', 'authentication'], ['login', '28000', 'permission'], ['login', '42501', 'permission'],
  ['login', '3D000', 'configuration'], ['login', '55000', 'configuration'], ['login', '08P01', 'configuration'],
  ['login', '0A000', 'configuration'], ['login', '08006', 'network'], ['login', '53300', 'unavailable'],
  ['login', '57P03', 'unavailable'], ['login', 'P0001', 'conflict'], ['login', 'ECONNRESET', 'network'],
  ['login', '57P05', 'configuration'], ['statement', '57P05', 'configuration'],
  ['statement', '42501', 'permission'], ['statement', '42704', 'configuration'], ['statement', '42710', 'conflict'],
  ['statement', '40001', 'conflict'], ['statement', '55P03', 'conflict'], ['statement', 'XX000', 'conflict'],
  ['statement', '42601', 'conflict'], ['statement', '25006', 'readOnly'], ['statement', '57014', 'timeout'],
  ['statement', '08006', 'network'], ['statement', '28000', 'conflict'], ['statement', 'ECONNRESET', 'network'],
] as const)('at a %s %s is %s, and its text stays behind', (phase, code, errorClass) => {
  const error = ERRORS[phase](
    Object.assign(new Error("syntax error at or near 'canary'"), { code, detail: 'canary', query: 'canary' }),
  );
  expect(error).toMatchObject({ errorClass, code });
  expect(error.cause).toBeUndefined();
  expect(JSON.stringify([error.message, error.stack, { ...error }])).not.toContain('canary');
});

const thrown = (code: string): Error => Object.assign(new Error('password is too short: canary'), { code });

test.each(['28000', '22023', 'P0001'])('a module that refuses a password with %s is no rule of pg_hba.conf', (code) => {
  const error = passwordStatementError(thrown(code));
  expect(error).toMatchObject({ errorClass: 'configuration', code, message: expect.stringContaining('plainText()') });
  expect(error.message).not.toMatch(/pg_hba|canary/);
  expect(loginError(thrown(code)).message).not.toContain('plainText()');
  expect(statementError(thrown(code)).message).not.toContain('plainText()');
});

test('whatever else is refused is said of the statement that it was', () => {
  expect(passwordStatementError(thrown('XX999')).message).toContain('the statement that sets the password');
  expect(statementError(thrown('XX999')).message).toContain('the database refused the statement');
  expect(loginError(thrown('28000')).message).toContain('pg_hba.conf');
});
