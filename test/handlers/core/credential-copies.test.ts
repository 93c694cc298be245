import fc from 'fast-check';
import { renewedCopies } from '../../../handlers/core/credential-copies';
import { JsonObject } from '../../../handlers/core/json-object';

const former = { username: 'app', password: 'the former one' };
const next = { username: 'app_clone', password: "n:e/w@'%\u00e4?#" };
const ENCODED = 'n%3Ae%2Fw%40%27%25%C3%A4%3F%23';

const renewed = (fields: object, pair = former): Record<string, string> =>
  renewedCopies(JsonObject.parse(JSON.stringify({ ...pair, ...fields }), 'AWSCURRENT'), pair, next, 'AWSCURRENT');

test.each([
  ['a URL', { url: 'postgres://app:the%20former%20one@h:5432/d?x=y' }, { url: `postgres://app_clone:${ENCODED}@h:5432/d?x=y` }],
  ['a URL that is not encoded', { url: 'mysql://app:the former one@h/d' }, { url: `mysql://app_clone:${ENCODED}@h/d` }],
  ['a URL of several hosts', { u: 'mongodb+srv://app:the%20former%20one@a,b/?c' }, { u: `mongodb+srv://app_clone:${ENCODED}@a,b/?c` }],
  ['a URL of JDBC', { u: 'jdbc:mysql://app:the%20former%20one@h/d' }, { u: `jdbc:mysql://app_clone:${ENCODED}@h/d` }],
  ['a URL without a user', { u: 'redis://:the%20former%20one@h' }, { u: `redis://:${ENCODED}@h` }],
  ['a field for a password', { PGPASSWORD: former.password, db_password: former.password },
    { PGPASSWORD: next.password, db_password: next.password }],
  ['a field for a user name', { PGUSER: 'app', user: 'app', owner: 'app', dbname: 'app' },
    { PGUSER: 'app_clone', user: 'app_clone' }],
  ['fields for a bind to a directory',
    { bindDn: 'app', bindPassword: former.password, LDAP_BIND_DN: 'app', ldapPassword: former.password },
    { bindDn: 'app_clone', bindPassword: next.password, LDAP_BIND_DN: 'app_clone', ldapPassword: next.password }],
  ['nothing', { url: 'postgres://h/d', note: 'app', list: ['a', 1, null], more: { x: true } }, {}],
  ['a URL of somebody else', { url: 'postgres://app:another one@h/d' }, {}],
  ['fields of somebody else', { user: 'somebody', db_password: 'of somebody' }, {}],
  ['names that only look like those of fields for the user',
    { my_user: 'app', userid: 'app', login_dn: 'app', app_owner: 'app' }, {}],
  ['each way to write a name',
    { uid: 'app', db_user: 'app', dbUserName: 'app', user_name: 'app', LDAPBIND_DN: 'app' },
    { uid: 'app_clone', db_user: 'app_clone', dbUserName: 'app_clone', user_name: 'app_clone', LDAPBIND_DN: 'app_clone' }],
  ['each way to write a password',
    { pass: former.password, Pwd: former.password, userPassword: former.password },
    { pass: next.password, Pwd: next.password, userPassword: next.password }],
  ['each way to write the password of a bind', { LDAP_BIND_PASSWD: former.password, ldapbindpassword: former.password },
    { LDAP_BIND_PASSWD: next.password, ldapbindpassword: next.password }],
])('%s', (_, fields, expected) => {
  expect(renewed(fields)).toEqual(expected);
});

test.each([
  ['jdbc', 'jdbc:postgresql://h/d?user=app&password=the%20former%20one'],
  ['form', 'user=app&password=the+former+one'],
  ['dsn', "host=h user=app password='the former one'"],
  ['ado', 'Server=h;User Id=app;Password=the former one;'],
  ['url', 'postgres://other:the%20former%20one@h/d'],
  ['url', 'postgres://app:the%20former%20one@h/d?password=the%20former%20one'],
  ['nested', { deeper: [{ url: 'postgres://app:the%20former%20one@h/d' }] }],
  ['json', JSON.stringify({ password: 'the former one' })],
  ['basic', Buffer.from('app:the former one').toString('base64')],
  ['header', `Basic ${Buffer.from('app:the former one').toString('base64')}`],
  ['headers', `Accept: text/plain\nAuthorization: Basic ${Buffer.from('app:the former one').toString('base64url')}\n`],
  ['replication_password', 'the former one'],
  ['my_password', 'the former one'],
  ['password2', 'the former one'],
  ['note', 'see postgres://app:the former one@h/d'],
  ['schema', 'the former one'],
])('%s with the password in it is refused by its name: %j', (field, value) => {
  expect(() => renewed({ [field]: value })).toThrow(
    `configuration: AWSCURRENT holds its password in its field ${field} as well, where this function cannot replace it`,
  );
});

test.each([
  ['back\\slash "quoted"', JSON.stringify({ p: 'back\\slash "quoted"' })],
  ["it's so 'quoted'", "PASSWORD 'it''s so ''quoted'''"],
  ['}curly braces}', 'Pwd={}}curly braces}}}'],
  ['100 % wrong', 'x=100 % wrong'],
])('the password %s as others write it', (password, text) => {
  expect(() => renewed({ text }, { username: 'app', password })).toThrow('as well');
});

test.each(['user_arn', 'engine', 'host', 'port', 'dbname', 'masterarn', 'dbInstanceIdentifier', 'dbClusterIdentifier'])(
  'what a secret says of its database in %s is no copy of its password',
  (field) => {
    expect(renewed({ [field]: former.password })).toEqual({});
  },
);

test('a URL with a colon in its password, which is followed by one with every character that is encoded', () => {
  const pair = { username: 'app', password: 'former:and:long' };
  const json = JsonObject.parse(JSON.stringify({ ...pair, url: 'x://app:former:and:long@h' }), 'x');
  expect(renewedCopies(json, pair, { username: 'app', password: "*'()!" }, 'x')).toEqual({ url: 'x://app:%2A%27%28%29%21@h' });
});

test('a password of seven characters is looked for where it is assigned, one of eight in every text', () => {
  expect(renewed({ note: 'a sevench here' }, { username: 'app', password: 'sevench' })).toEqual({});
  expect(() => renewed({ note: 'an eightcha here' }, { username: 'app', password: 'eightcha' })).toThrow('as well');
});

test('a field whose name is none is not named', () => {
  for (const field of ['canary: 1', 'canary: x', 'x'.repeat(65)]) {
    expect(() => renewed({ [field]: `x${former.password}` })).toThrow('AWSCURRENT holds its password in another field as well');
  }
});

test.each([
  [{ schema: 'postgres', url: 'postgres://h/postgres' }, {}],
  [{ url: 'postgres://postgres:postgres@h/postgres' }, { url: `postgres://app_clone:${ENCODED}@h/postgres` }],
])('a password that is a name is looked for only where a password stands: %j', (fields, expected) => {
  expect(renewed(fields, { username: 'postgres', password: 'postgres' })).toEqual(expected);
});

test.each(['password=postgres', 'PASSWORD = "postgres"', '{"pwd": "postgres"}', 'x://other:postgres@h'])(
  'a password that is a name is found where it is assigned: %s',
  (text) => {
    expect(() => renewed({ text }, { username: 'postgres', password: 'postgres' })).toThrow('as well');
    expect(() => renewed({ text: text.replace('postgres', 'pw.1') }, { username: 'app', password: 'pw.1' })).toThrow('as well');
    expect(renewed({ text: text.replace('postgres', 'pw-1') }, { username: 'app', password: 'pw.1' })).toEqual({});
  },
);

test('whatever the password is, a URL with it is a URL with the next one', () => {
  const word = fc.string({ unit: 'binary', minLength: 1 }).map((text) => text.replaceAll(/\p{Cs}/gu, '-'));
  fc.assert(fc.property(word, word, word, word, (username, password, nextName, nextPassword) => {
    const encode = encodeURIComponent;
    const pair = { username, password };
    const json = JsonObject.parse(JSON.stringify({ ...pair, link: `x://${encode(username)}:${encode(password)}@-/` }), 'x');
    const { link } = renewedCopies(json, pair, { username: nextName, password: nextPassword }, 'x');
    const [, name, word2] = /^x:\/\/([^:@]*):([^:@]*)@-\/$/.exec(link)!;
    expect([decodeURIComponent(name), decodeURIComponent(word2)]).toEqual([nextName, nextPassword]);
  }));
});
