import {
  loginError,
  passwordStatementError,
  statementError,
} from '../../../handlers/rotate-postgresql/postgresql-error';

const ERRORS = { login: loginError, statement: statementError, password: passwordStatementError };

test.each([
  ['login', '28P01', 'authentication'], ['login', '28000', 'permission'], ['login', '42501', 'permission'],
  ['login', '3D000', 'configuration'], ['login', '55000', 'configuration'], ['login', '08P01', 'configuration'],
  ['login', '0A000', 'configuration'], ['login', '08006', 'network'], ['login', '53300', 'unavailable'],
  ['login', '57P03', 'unavailable'], ['login', '42883', 'conflict'], ['login', 'ECONNRESET', 'network'],
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

test.each([
  // What may happen at any time.
  ['statement', '53100', 'unavailable', 'disk'], ['login', '53200', 'unavailable', 'out of memory'],
  ['login', '57P04', 'conflict', 'has been dropped'], ['statement', '57P01', 'unavailable', 'ended the session'],
  ['password', '25P03', 'timeout', 'paused'], ['password', '25P04', 'configuration', 'transaction_timeout'],
  ['login', '58P01', 'configuration', 'session_preload_libraries'], ['statement', '58030', 'unavailable', 'its files'],
  ['login', 'F0000', 'configuration', 'configuration file'], ['statement', '54000', 'configuration', 'limits'],
  ['login', 'XX001', 'unavailable', 'damaged'], ['statement', 'XX002', 'unavailable', 'damaged'],
  ['password', '22P05', 'configuration', 'encoding'], ['statement', '22021', 'configuration', 'encoding'],
  // While a user signs in.
  ['login', '22023', 'configuration', 'poolers'], ['login', '42704', 'configuration', 'poolers'],
  ['login', '55P02', 'configuration', 'poolers'], ['login', 'P0001', 'configuration', 'EVENT TRIGGER'],
  ['login', 'XX000', 'conflict', 'its log'], ['login', '55000', 'configuration', 'DROP DATABASE'],
  // While anything else is done.
  ['statement', '0A000', 'configuration', 'pg_database_owner'], ['password', '0A000', 'configuration', 'pg_database_owner'],
  ['statement', '0LP01', 'configuration', 'createWithRoles'], ['statement', '0L000', 'configuration', 'createWithRoles'],
  ['password', '0P000', 'configuration', 'another name'], ['password', '42939', 'configuration', 'another name'],
  ['password', '42602', 'configuration', 'another name'], ['password', '23505', 'conflict', 'collided'],
  ['statement', '3D000', 'conflict', 'dropped'], ['statement', '55000', 'configuration', 'shared_preload_libraries'],
  ['statement', '55006', 'conflict', 'collided'], ['statement', 'P0001', 'configuration', 'refuses the statement'],
  ['statement', '42883', 'configuration', 'is PostgreSQL'], ['statement', '42P01', 'configuration', 'is PostgreSQL'],
  ['statement', '42703', 'configuration', 'is PostgreSQL'], ['password', '28P01', 'configuration', 'plainText()'],
  ['password', 'P0004', 'configuration', 'plainText()'],
] as const)('at a %s %s is %s: …%s…', (phase, code, errorClass, text) => {
  expect(ERRORS[phase](thrown(code))).toMatchObject({ errorClass, code, message: expect.stringContaining(text) });
});

test.each([
  ['42501', 'configuration', 'EVENT TRIGGER'], ['42883', 'configuration', 'EVENT TRIGGER'], ['57014', 'timeout', 'too long'],
  ['28P01', 'authentication', 'refused the login'],
])('an error at a login that comes from within a function is that of a trigger: %s', (code, errorClass, text) => {
  const error = loginError(Object.assign(thrown(code), { where: 'PL/pgSQL function canary() line 1 at RAISE' }));
  expect(error).toMatchObject({ errorClass, code, message: expect.stringContaining(text) as string });
  expect(error.message).not.toContain('canary');
});
