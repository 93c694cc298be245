import { isLoginRefused } from '../../../handlers/secret-client';

const errorWith = (fields: object, message = 'failed'): Error => Object.assign(new Error(message), fields);
const named = (name: string, fields: object): Error => errorWith({ name, ...fields });

test.each<[string, unknown]>([
  ['pg: a wrong password', errorWith({ code: '28P01' })],
  ['pg: a user that may not sign in', errorWith({ code: '28000' })],
  ['PgBouncer', errorWith({ code: '08P01' }, 'SASL authentication failed')],
  ['mysql2 and mariadb', errorWith({ code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 })],
  ['mysql2 without a password', errorWith({ code: 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR', errno: 1698 })],
  ['tedious and mssql', errorWith({ code: 'ELOGIN' })],
  ['mongodb', named('MongoServerError', { code: 18 })],
  ['mongodb, MongoDB Atlas', named('MongoServerError', { code: 8000 })],
  ['ioredis', named('ReplyError', { message: 'WRONGPASS invalid username-password pair or user is disabled.' })],
  ['ioredis without a password', named('ReplyError', { message: 'NOAUTH Authentication required.' })],
  ['a cluster of ioredis', named('ClusterAllFailedError', {
    message: 'Failed to refresh slots cache.',
    lastNodeError: named('ReplyError', { message: 'WRONGPASS invalid username-password pair' }),
  })],
  ['oracledb', errorWith({ code: 'ORA-01017', errorNum: 1017 })],
  ['oracledb, of an older version', errorWith({ errorNum: 1017 })],
  ['oracledb, without a number', errorWith({ code: 'ORA-01017' })],
  ['ldapts and ldapjs', named('InvalidCredentialsError', { code: 49 })],
  ['what has it as its cause', new Error('no connection', { cause: errorWith({ code: '28P01' }) })],
  ['mssql, which wraps tedious', errorWith({ originalError: errorWith({ code: 'ELOGIN' }) })],
  ['Sequelize', errorWith({ original: errorWith({ code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 }) })],
  ['TypeORM', errorWith({ driverError: errorWith({ code: '28P01' }) })],
  ['an object that is no error', { code: '28P01' }],
])('is a refusal: %s', (_, error) => {
  expect(isLoginRefused(error)).toBe(true);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', '28P01'],
  ['a broken connection', errorWith({ code: 'ECONNRESET' })],
  ['pg: too many connections', errorWith({ code: '53300' })],
  ['PgBouncer: another thing that it says', errorWith({ code: '08P01' }, 'server login has been failing')],
  ['mysql2: a database that is not there', errorWith({ code: 'ER_BAD_DB_ERROR', errno: 1049 })],
  ['an errno of the system', errorWith({ code: 'EOTHER', errno: 1045 })],
  ['an errno without a code', errorWith({ errno: 1045 })],
  ['mongodb: not allowed', named('MongoServerError', { code: 13 })],
  ['a code 18 of something else', errorWith({ code: 18 })],
  ['ldapts: busy', named('BusyError', { code: 51 })],
  ['a code 49 of something else', errorWith({ code: 49 })],
  ['redis: not allowed', named('ReplyError', { message: 'NOPERM this user has no permissions' })],
  ['a message that is no text', { message: 5 }],
  ['a message that contains the word', errorWith({}, 'not WRONGPASS')],
  ['oracledb: a locked account', errorWith({ code: 'ORA-28000', errorNum: 28000 })],
])('is no refusal: %s', (_, error) => {
  expect(isLoginRefused(error)).toBe(false);
});

test('what wraps itself comes to an end', () => {
  const error = errorWith({});
  error.cause = error;
  expect(isLoginRefused(error)).toBe(false);
});
