import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { Credentials } from '../../../handlers/database/credential-target';
import { OracleSession } from '../../../handlers/rotate-oracle/oracle-session';
import { type CatalogueUser, OracleCatalogue } from '../support/oracle-catalogue';

const ADMIN = { username: 'admin', password: 'of the administrator' };
const TOKEN = 'token';
const ALTERNATE = { username: 'app_clone', base: 'app', password: 'new', token: TOKEN };

let catalogue: OracleCatalogue;

beforeEach(() => {
  catalogue = new OracleCatalogue();
  catalogue.add('ADMIN', ADMIN.password, { administrator: true });
});

async function sessionOf(credentials: Credentials = ADMIN): Promise<OracleSession> {
  const login = {
    ...credentials,
    username: credentials.username.toUpperCase(),
    host: '',
    port: 1,
    serviceName: '',
    serverName: '',
    secureContext: {} as never,
  };
  return OracleSession.begin(await catalogue.logInto(login, new Deadline(systemClock, 120_000)), credentials, sessionOf);
}

const changed = async (work: (session: OracleSession) => Promise<void>): Promise<readonly string[]> => {
  await work(await sessionOf());
  return catalogue.statements;
};
const alternate = async (more = {}): Promise<readonly string[]> =>
  changed(async (session) => session.changeAlternate({ ...ALTERNATE, ...more }));

/** A base with everything that is copied. */
function rich(more: Partial<CatalogueUser> = {}): CatalogueUser {
  return catalogue.add('APP', 'x', {
    place: ['DATA', 'TEMP2', 'APPS'],
    rights: [
      { privilege: 'CREATE SESSION' },
      { privilege: 'UNLIMITED TABLESPACE', option: true },
      { role: 'READER' },
      { role: 'Mixed role', option: true },
      { privilege: 'SELECT', owner: 'SHOP', name: 'ORDERS', option: true },
      { privilege: 'SELECT', owner: 'SHOP', name: 'ORDERS', hierarchy: true },
      { privilege: 'UPDATE', owner: 'SHOP', name: 'ORDERS', column: 'STATE' },
      { privilege: 'READ', owner: 'SYS', name: 'FILES', type: 'DIRECTORY' },
      { privilege: 'USE', owner: 'SYS', name: 'E1', type: 'EDITION' },
      { privilege: 'INHERIT PRIVILEGES', owner: 'SYS', name: 'OTHER', type: 'USER' },
      { privilege: 'EXECUTE', owner: 'SHOP', name: 'a.b.C', type: 'JAVA SOURCE' },
      { privilege: 'EXECUTE', owner: 'SHOP', name: 'PAY', type: 'PACKAGE' },
    ],
    defaultRoles: ['READER'],
    quotas: new Map([['DATA', '-1'], ['MORE', '9007199254740993']]),
    synonyms: new Map([
      ['ORDERS', { owner: 'SHOP', target: 'ORDERS', link: null }],
      ['FAR', { owner: null, target: 'THINGS', link: 'REMOTE.EXAMPLE' }],
    ]),
    ...more,
  });
}

describe('who has signed in', () => {
  test('has the name that the secret writes, where it is the same in the catalogue', async () => {
    expect((await sessionOf()).identity).toEqual({ username: 'admin' });
    expect((await sessionOf({ ...ADMIN, username: 'ADMIN' })).identity).toEqual({ username: 'ADMIN' });
  });

  test('has the catalogue\'s otherwise', async () => {
    catalogue.add('OTHER', 'x');
    const statements = await catalogue.logInto({ username: 'OTHER', password: 'x' } as never, new Deadline(systemClock, 120_000));
    const session = await OracleSession.begin(statements, { username: 'app', password: 'x' }, sessionOf);
    expect(session.identity).toEqual({ username: 'OTHER' });
  });
});

describe('a user changes itself', () => {
  test('with the password that it has signed in with', async () => {
    catalogue.add('APP', 'former:password');
    const session = await sessionOf({ username: 'app', password: 'former:password' });
    await session.changeOwnPassword({ password: 'n&w', token: TOKEN });
    await session.close();
    expect(catalogue.statements).toEqual(['ALTER USER "APP" IDENTIFIED BY "n&w" REPLACE "former:password"']);
    expect(catalogue.open).toBe(0);
  });

  test('and not to one that would end the quotation', async () => {
    catalogue.add('APP', 'x');
    const session = await sessionOf({ username: 'app', password: 'x' });
    await expect(session.changeOwnPassword({ password: 'x" ACCOUNT UNLOCK --', token: TOKEN }))
      .rejects.toThrow('a password has a quotation mark');
    expect(catalogue.statements).toEqual([]);
  });

  test('and not on a standby', async () => {
    catalogue.role = 'PHYSICAL STANDBY';
    catalogue.add('APP', 'x');
    const session = await sessionOf({ username: 'app', password: 'x' });
    await expect(session.changeOwnPassword({ password: 'new', token: TOKEN })).rejects.toMatchObject({ errorClass: 'readOnly' });
  });
});

describe('users that are not touched', () => {
  const single = async (username = 'app'): Promise<readonly string[]> =>
    changed(async (session) => session.changeUser({ username, password: 'new', token: TOKEN }));

  test.each<[string, Partial<CatalogueUser>, string]>([
    ['those of Oracle', { maintained: 'Y' }, 'belongs to Oracle'],
    ['administrators', { administrator: true }, 'is an administrator'],
    ['administrators by a role', { rights: [{ role: 'DBA' }] }, 'is an administrator'],
    ['users of a directory', { authentication: 'GLOBAL' }, 'does not sign in with a password'],
    ['users without a password', { authentication: 'NONE' }, 'does not sign in with a password'],
  ])('%s', async (_, traits, message) => {
    catalogue.add('APP', 'x', traits);
    await expect(single()).rejects.toThrow(message);
    await expect(alternate()).rejects.toThrow(message);
    catalogue.users.delete('APP');
    catalogue.add('APP', 'x');
    catalogue.add('APP_CLONE', 'x', traits);
    await expect(alternate()).rejects.toThrow(message);
    expect(catalogue.statements).toEqual([]);
  });

  test('the superuser itself', async () => {
    await expect(single('ADMIN')).rejects.toThrow('is the superuser itself');
    await expect(alternate({ base: 'admin' })).rejects.toThrow('is the superuser itself');
  });

  test('users that are created with a role that makes them administrators', async () => {
    await expect(
      changed(async (session) => session.changeUser({ username: 'app', password: 'x', token: TOKEN, createWithRoles: ['dba'] })),
    ).rejects.toThrow('makes it an administrator');
    expect(catalogue.statements).toEqual([]);
  });

  test('any, by somebody who may not', async () => {
    catalogue.add('WEAK', 'x');
    catalogue.add('APP', 'x');
    const session = await sessionOf({ username: 'weak', password: 'x' });
    await expect(session.changeUser({ username: 'app', password: 'new', token: TOKEN })).rejects.toMatchObject({
      errorClass: 'permission',
      code: 'ORA_00942',
      message: expect.stringContaining('it needs CREATE USER, ALTER USER, SELECT_CATALOG_ROLE'),
    });
  });
});

describe('an alternate user', () => {
  test('is made with all that its base has, one right in each statement', async () => {
    rich();
    expect(await alternate()).toEqual([
      'CREATE USER "APP_CLONE" IDENTIFIED BY "new" DEFAULT TABLESPACE "DATA" TEMPORARY TABLESPACE "TEMP2" PROFILE "APPS"',
      'GRANT CREATE SESSION TO "APP_CLONE"',
      'GRANT UNLIMITED TABLESPACE TO "APP_CLONE" WITH ADMIN OPTION',
      'GRANT "READER" TO "APP_CLONE"',
      'GRANT "Mixed role" TO "APP_CLONE" WITH ADMIN OPTION',
      'GRANT SELECT ON "SHOP"."ORDERS" TO "APP_CLONE" WITH HIERARCHY OPTION WITH GRANT OPTION',
      'GRANT UPDATE ("STATE") ON "SHOP"."ORDERS" TO "APP_CLONE"',
      'GRANT READ ON DIRECTORY "FILES" TO "APP_CLONE"',
      'GRANT USE ON EDITION "E1" TO "APP_CLONE"',
      'GRANT INHERIT PRIVILEGES ON USER "OTHER" TO "APP_CLONE"',
      'GRANT EXECUTE ON JAVA SOURCE "SHOP"."a.b.C" TO "APP_CLONE"',
      'GRANT EXECUTE ON "SHOP"."PAY" TO "APP_CLONE"',
      'ALTER USER "APP_CLONE" QUOTA UNLIMITED ON "DATA"',
      'ALTER USER "APP_CLONE" QUOTA 9007199254740993 ON "MORE"',
      'ALTER USER "APP_CLONE" DEFAULT ROLE "READER"',
      'CREATE OR REPLACE SYNONYM "APP_CLONE"."ORDERS" FOR "SHOP"."ORDERS"',
      'CREATE OR REPLACE SYNONYM "APP_CLONE"."FAR" FOR "THINGS"@"REMOTE.EXAMPLE"',
    ]);
  });

  test('gets a password and nothing else where it is the same already', async () => {
    rich();
    await alternate();
    catalogue.statements.length = 0;
    expect(await alternate({ password: 'next' })).toEqual(['ALTER USER "APP_CLONE" IDENTIFIED BY "next"']);
  });

  test('follows its base', async () => {
    const base = rich();
    await alternate();
    catalogue.statements.length = 0;
    base.place = ['DATA', 'TEMP2', 'STRICT'];
    base.rights.push({ privilege: 'CREATE TABLE' });
    base.rights[0] = { privilege: 'CREATE SESSION', option: true };
    base.defaultRoles = [];
    base.quotas = new Map([['MORE', '5']]);
    base.synonyms = new Map([['ORDERS', { owner: 'SHOP', target: 'ORDERS_2', link: null }]]);
    expect(await alternate({ password: 'next' })).toEqual([
      'ALTER USER "APP_CLONE" DEFAULT TABLESPACE "DATA" TEMPORARY TABLESPACE "TEMP2" PROFILE "STRICT"',
      'ALTER USER "APP_CLONE" IDENTIFIED BY "next"',
      'GRANT CREATE SESSION TO "APP_CLONE" WITH ADMIN OPTION',
      'GRANT CREATE TABLE TO "APP_CLONE"',
      'ALTER USER "APP_CLONE" QUOTA 5 ON "MORE"',
      'ALTER USER "APP_CLONE" QUOTA 0 ON "DATA"',
      'ALTER USER "APP_CLONE" DEFAULT ROLE NONE',
      'CREATE OR REPLACE SYNONYM "APP_CLONE"."ORDERS" FOR "SHOP"."ORDERS_2"',
      'DROP SYNONYM "APP_CLONE"."FAR"',
    ]);
  });

  test.each<[string, Partial<CatalogueUser>, string]>([
    ['a right of its own', { rights: [{ privilege: 'CREATE TABLE' }] }, 'it has rights that its base does not have'],
    ['a right with an option of its own', { rights: [{ privilege: 'CREATE SESSION', option: true }] },
      'it has rights that its base does not have'],
    ['a role of its own', { rights: [{ role: 'OTHER' }] }, 'it has rights that its base does not have'],
    ['objects', { objects: 1 }, 'it owns objects'],
    ['others who may connect as it', { proxies: 1 }, 'others may connect as it'],
  ])('that somebody else made is not taken over: %s', async (_, traits, message) => {
    rich();
    catalogue.add('APP_CLONE', 'x', traits);
    await expect(alternate()).rejects.toMatchObject({ errorClass: 'conflict', message: expect.stringContaining(message) });
    expect(catalogue.statements).toEqual([]);
  });

  test('is not made of a user that owns objects: it would not find them', async () => {
    rich({ objects: 3 });
    await expect(alternate())
      .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('owns objects') });
    expect(catalogue.statements).toEqual([]);
  });

  test('is not made with a privilege whose name is no words', async () => {
    rich({ rights: [{ privilege: 'CREATE SESSION' }, { privilege: 'CREATE SESSION TO "X"; --' }] });
    await expect(alternate()).rejects.toThrow('does not know how to grant');
    expect(catalogue.statements).toEqual([]);
  });

  test('is not taken over where its base is gone, which nobody makes for it either', async () => {
    catalogue.add('APP_CLONE', 'x');
    await expect(alternate({ createWithRoles: ['reader'] }))
      .rejects.toMatchObject({ errorClass: 'conflict', message: expect.stringContaining('its base does not') });
    expect(catalogue.statements).toEqual([]);
  });

  test.each<[string, Partial<CatalogueUser>, string, Partial<CatalogueUser>]>([
    ['the right to connect as others', { clients: 1 }, 'dba_proxies', { clients: 0 }],
    ['a consumer group', { consumerGroup: 'NIGHT' }, 'consumer group', { consumerGroup: null }],
    ['an entry in a network access list', { networkEntries: 1 }, 'dba_host_aces', { networkEntries: 0 }],
    ['privileges on schemas', { schemaPrivileges: 1 }, 'dba_schema_privs', { schemaPrivileges: 0 }],
  ])('is not made of a base with what it would not have: %s', async (_, traits, says, advice) => {
    rich(traits);
    await expect(alternate()).rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining(says) });
    expect(catalogue.statements).toEqual([]);
    rich(advice);
    await expect(alternate()).resolves.toContain('GRANT CREATE SESSION TO "APP_CLONE"');
  });

  test('is not made where what its base has cannot be read for another reason than a missing view', async () => {
    rich();
    catalogue.failures.push({ statement: /dba_host_aces/, number: 1031 });
    await expect(alternate()).rejects.toMatchObject({ errorClass: 'permission', code: 'ORA_01031' });
    expect(catalogue.statements).toEqual([]);
  });

  test('is made after a base that may be created, which gets a password that nobody knows', async () => {
    const [base, clone] = await alternate({ createWithRoles: ['reader'] });
    expect(base).toMatch(/^GRANT CREATE SESSION, "READER" TO "APP" IDENTIFIED BY "[0-9a-f]{28}"$/);
    expect(clone).toMatch(/^CREATE USER "APP_CLONE" IDENTIFIED BY "new" /);
  });

  test('is told where the superuser may not grant what the base has', async () => {
    rich();
    catalogue.failures.push({ statement: /ON DIRECTORY/, number: 1031 });
    await expect(alternate()).rejects.toMatchObject({
      errorClass: 'permission',
      code: 'ORA_01031',
      message: expect.stringContaining('on objects of SYS'),
    });
  });
});
