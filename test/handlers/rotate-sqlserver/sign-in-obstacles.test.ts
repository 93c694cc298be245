import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession } from '../../../handlers/database/credential-target';
import { SqlserverTarget } from '../../../handlers/rotate-sqlserver/sqlserver-target';
import { createCertificates } from '../../servers/certificates';
import type { SqlserverAccounts } from '../../servers/sqlserver-accounts';
import { permission, SqlserverError } from '../../servers/sqlserver-catalogue';
import { SqlserverPeer } from '../../servers/sqlserver-peer';

const certificates = createCertificates();
const FIRST = 'First-1st';
const SECOND = 'Second-2nd';
const DENIED = [permission(100, 'CONNECT SQL', { state: 'D' })];
const CHANGE = { username: 'app', password: SECOND, token: 't' };
const ALTERNATE = { ...CHANGE, base: 'app', username: 'app_clone' };

let peer: SqlserverPeer;

const targetOf = (databaseName?: string): SqlserverTarget => {
  const { host, port } = peer;
  return new SqlserverTarget({
    region: 'eu-west-1',
    database: { engine: 'sqlserver', host, port, databaseName, certificateAuthorities: certificates.authority.certificate },
  });
};
const signIn = async (username: string, password: string, databaseName?: string): Promise<CredentialSession> =>
  targetOf(databaseName).signIn({ username, password }, new Deadline(systemClock, 120_000));
const works = async (...credentials: Parameters<typeof signIn>): Promise<boolean> => signIn(...credentials).then(
  async (session) => session.close().then(() => true),
  () => false,
);
const bySuperuser = async (work: (session: CredentialSession) => Promise<void>, databaseName?: string): Promise<void> => {
  const session = await signIn(peer.superuser.username, peer.superuser.password, databaseName);
  await work(session).finally(async () => session.close());
};
const changes = (): string[] =>
  peer.statements().split('\n').filter((line) => /(^|; )(ALTER|CREATE|GRANT|DENY|REVOKE|DROP) /.test(line));

beforeEach(async () => {
  peer = await SqlserverPeer.start(certificates.good);
  const { accounts } = peer;
  accounts.addDatabase('home');
  accounts.addDatabase('box', { contained: true });
  accounts.addUser('home', 'app', { sid: accounts.addLogin('app', FIRST).sid });
  accounts.addUser('box', 'inside', { password: FIRST });
});

afterEach(() => peer.stop());

type Act = (accounts: SqlserverAccounts) => void;

describe('what would keep a login out is told before anything is changed, and the advice helps', () => {
  const grantConnect: Act = (accounts) => {
    accounts.login('app').permissions = [permission(100, 'CONNECT SQL')];
  };

  test.each<[name: string, spoil: Act, says: string, advice: Act, databaseName: string | undefined]>([
    ['disabled', (accounts) => {
      accounts.login('app').disabled = true;
    }, 'is disabled: ALTER LOGIN … ENABLE', (accounts) => {
      accounts.login('app').disabled = false;
    }, undefined],
    ['denied', (accounts) => {
      accounts.login('app').permissions = DENIED;
    }, 'GRANT CONNECT SQL TO …', grantConnect, undefined],
    ['not connected', (accounts) => {
      accounts.login('app').permissions = [];
    }, 'GRANT CONNECT SQL TO …', grantConnect, undefined],
    ['a database that does not exist', () => undefined, 'does not exist: create it', (accounts) => {
      accounts.addUser(accounts.addDatabase('gone').name, 'app', { sid: accounts.login('app').sid });
    }, 'gone'],
    ['no user in the database', (accounts) => {
      accounts.database('home').users.length = 0;
    }, 'CREATE USER … FOR LOGIN …', (accounts) => {
      accounts.addUser('home', 'app', { sid: accounts.login('app').sid });
    }, 'home'],
    ['no user in the default database', (accounts) => {
      accounts.login('app').defaultDatabase = 'box';
    }, 'CREATE USER … FOR LOGIN …', (accounts) => {
      accounts.addUser('box', 'guest');
    }, undefined],
    ['a user that is denied', (accounts) => {
      accounts.user('home', 'app').permissions = [permission(0, 'CONNECT', { state: 'D' })];
    }, 'GRANT CONNECT TO …', (accounts) => {
      accounts.user('home', 'app').permissions = [permission(0, 'CONNECT')];
    }, 'home'],
    ['a user that may not connect', (accounts) => {
      accounts.user('home', 'app').permissions = [];
    }, 'GRANT CONNECT TO …', (accounts) => {
      accounts.user('home', 'app').roles = ['db_owner'];
    }, 'home'],
  ])('%s', async (_, spoil, says, advice, databaseName) => {
    spoil(peer.accounts);
    const single = async (): Promise<void> =>
      bySuperuser(async (session) => session.changeUser({ ...CHANGE, databaseName }));
    const alternating = async (): Promise<void> =>
      bySuperuser(async (session) => session.changeAlternate({ ...ALTERNATE, databaseName }));
    for (const attempt of [single, alternating]) {
      await expect(attempt()).rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining(says) });
    }
    expect(changes()).toEqual([]);
    expect(peer.accounts.login('app').password).toBe(FIRST);
    advice(peer.accounts);
    await single();
    await alternating();
    expect([await works('app', SECOND, databaseName), await works('app_clone', SECOND, databaseName)]).toEqual([true, true]);
  });

  test('a database that is not online is waited for by nobody, and changes nothing', async () => {
    peer.accounts.database('home').online = false;
    await expect(bySuperuser(async (session) => session.changeUser({ ...CHANGE, databaseName: 'home' })))
      .rejects.toMatchObject({ errorClass: 'unavailable' });
    expect(changes()).toEqual([]);
  });

  test('a new user would have no user in another database than the deployment names', async () => {
    const create = async (databaseName: string): Promise<void> =>
      bySuperuser(
        async (session) => session.changeUser({ ...CHANGE, username: 'new', createWithRoles: [], databaseName }),
        'home');
    await expect(create('box')).rejects
      .toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('dbname') });
    expect(changes()).toEqual([]);
    await create('HOME');
    expect(await works('new', SECOND, 'home')).toBe(true);
  });

  test('a user that is contained in a database is not let in by a server that lets none in', async () => {
    const change = async (): Promise<void> =>
      bySuperuser(async (session) => session.changeUser({ ...CHANGE, username: 'inside' }), 'box');
    peer.accounts.letsContainedIn = false;
    await expect(change()).rejects.toMatchObject({
      errorClass: 'configuration',
      message: expect.stringContaining("'contained database authentication' to 1"),
    });
    expect(changes()).toEqual([]);
    peer.accounts.letsContainedIn = true;
    await change();
    expect(await works('inside', SECOND, 'box')).toBe(true);
  });

  test('a user that is contained in the database of the deployment does not sign in to another one', async () => {
    const change = { ...CHANGE, username: 'inside', databaseName: 'home' };
    await expect(bySuperuser(async (session) => session.changeUser(change), 'box'))
      .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('into the secret (dbname)') });
    await expect(bySuperuser(async (session) =>
      session.changeAlternate({ ...change, base: 'inside', username: 'inside_clone' }), 'box'))
      .rejects.toMatchObject({ errorClass: 'configuration' });
    expect(changes()).toEqual([]);
  });

  test('the alternate user where it was disabled by itself', async () => {
    const alternate = async (): Promise<void> =>
      bySuperuser(async (session) => session.changeAlternate(ALTERNATE));
    await alternate();
    peer.accounts.login('app_clone').disabled = true;
    const before = changes().length;
    await expect(alternate()).rejects.toThrow('the alternate user is disabled: ALTER LOGIN … ENABLE');
    expect(changes()).toHaveLength(before);
  });
});

describe('what ends by the very statement, or cannot be seen, is no reason to refuse', () => {
  test.each(['expired', 'mustChange', 'locked'] as const)('a login that is %s gets a password and signs in', async (state) => {
    peer.accounts.login('app')[state] = true;
    expect(await works('app', FIRST)).toBe(false);
    await bySuperuser(async (session) => session.changeUser(CHANGE));
    await bySuperuser(async (session) => session.changeAlternate(ALTERNATE));
    peer.accounts.login('app_clone')[state] = true;
    await bySuperuser(async (session) => session.changeAlternate(ALTERNATE));
    expect([await works('app', SECOND), await works('app_clone', SECOND)]).toEqual([true, true]);
    expect(changes().filter((line) => line.includes(' UNLOCK'))).toHaveLength(state === 'locked' ? 2 : 0);
  });

  test.each<[string, Act]>([
    ['whether it is locked', (accounts) => {
      accounts.login('app').locked = null;
    }],
    ['who is a user of the database', (accounts) => {
      accounts.database('home').visible = false;
      accounts.database('home').users.length = 0;
    }],
    ['the permissions of users of the database', (accounts) => {
      accounts.database('home').visible = false;
      accounts.user('home', 'app').permissions = [];
    }],
    ['into the database', (accounts) => {
      accounts.database('home').open = false;
      accounts.database('home').users.length = 0;
    }],
    ['the database', (accounts) => {
      accounts.hidesDatabases = true;
      accounts.databases = accounts.databases.filter(({ name }) => name !== 'home');
    }],
    ['the default database', (accounts) => {
      accounts.login('app').defaultDatabase = null;
    }],
    ['any need of a user, for it may open every database', (accounts) => {
      accounts.login('app').permissions.push(permission(100, 'CONNECT ANY DATABASE'));
      accounts.database('home').users.length = 0;
    }],
  ])('the superuser does not see %s', async (what, spoil) => {
    spoil(peer.accounts);
    const databaseName = what === 'the default database' ? undefined : 'home';
    await bySuperuser(async (session) => session.changeUser({ ...CHANGE, databaseName }));
    expect(peer.accounts.login('app').password).toBe(SECOND);
  });

  test('the option for contained users is not there', async () => {
    peer.accounts.letsContainedIn = undefined;
    await bySuperuser(async (session) => session.changeUser({ ...CHANGE, username: 'inside' }), 'box');
    expect(await works('inside', SECOND, 'box')).toBe(true);
  });
});

describe('a statement that fails and has set the password all the same', () => {
  const failAfter = (number: number): void => {
    peer.accounts.after = (statement) => {
      if (/ WITH PASSWORD = /.test(statement)) {
        throw new SqlserverError(number, 'canary');
      }
    };
  };
  const failBefore = (number: number): void => {
    peer.accounts.before = (statement) => {
      if (/ WITH PASSWORD = /.test(statement)) {
        throw new SqlserverError(number, 'canary');
      }
    };
  };
  const ways: Record<string, () => Promise<void>> = {
    'the user itself': async () => {
      const own = await signIn('app', FIRST);
      await own.changeOwnPassword({ password: SECOND, token: 't' }).finally(async () => own.close());
    },
    'the superuser': async () => bySuperuser(async (session) => session.changeUser(CHANGE)),
  };

  test.each(Object.entries(ways))('is no failure: %s, and one login tells', async (_, way) => {
    failAfter(99999);
    await way();
    expect([peer.accounts.login('app').password, peer.logins('refused')]).toEqual([SECOND, 0]);
  });

  test.each(Object.entries(ways))('is one where the password does not sign in: %s, after one login', async (_, way) => {
    failBefore(99999);
    await expect(way()).rejects.toMatchObject({ errorClass: 'conflict', code: '99999' });
    expect([peer.accounts.login('app').password, peer.logins('refused')]).toEqual([FIRST, 1]);
  });

  test.each([15114, 15115])('a policy that refuses what an earlier attempt has set is no failure: %d', async (number) => {
    await bySuperuser(async (session) => session.changeUser(CHANGE));
    failBefore(number);
    await bySuperuser(async (session) => session.changeUser(CHANGE));
    await expect(bySuperuser(async (session) => session.changeUser({ ...CHANGE, password: 'Third-3rd' })))
      .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('after the minimum age') });
    expect(peer.accounts.login('app').password).toBe(SECOND);
  });

  test('what is known to have changed nothing costs no login', async () => {
    failBefore(15118);
    await expect(ways['the superuser']()).rejects.toMatchObject({ errorClass: 'configuration', code: '15118' });
    expect(peer.logins('refused')).toBe(0);
  });
});
