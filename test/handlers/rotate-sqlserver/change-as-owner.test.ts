import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession } from '../../../handlers/database/credential-target';
import { SqlserverTarget } from '../../../handlers/rotate-sqlserver/sqlserver-target';
import { createCertificates } from '../../servers/certificates';
import { permission, SqlserverError } from '../../servers/sqlserver-catalogue';
import { SqlserverPeer } from '../../servers/sqlserver-peer';

const certificates = createCertificates();
const FIRST = 'First-1st';
const SECOND = 'Second-2nd';

/** What a rotation does in a database that belongs to others. */
const CHANGES: Record<string, { database: string; change: (session: CredentialSession) => Promise<void> }> = {
  'the password of a user that is contained in it': {
    database: 'box',
    change: async (session) => session.changeUser({ username: 'inside', password: SECOND, token: 't' }),
  },
  'a new user': {
    database: 'home',
    change: async (session) =>
      session.changeUser({ username: 'new', password: SECOND, token: 't', createWithRoles: ['reader'] }),
  },
  'the user of an alternate login': {
    database: 'home',
    change: async (session) => session.changeAlternate({ username: 'app_clone', base: 'app', password: SECOND, token: 't' }),
  },
  'the alternate of a user that is contained in it': {
    database: 'box',
    change: async (session) =>
      session.changeAlternate({ username: 'inside_clone', base: 'inside', password: SECOND, token: 't' }),
  },
};

describe.each(Object.entries(CHANGES))('a database of others, in which a rotation changes %s', (_, { database, change }) => {
  let peer: SqlserverPeer;

  beforeEach(async () => {
    peer = await SqlserverPeer.start(certificates.good);
    const { accounts } = peer;
    accounts.addLogin('mallory', FIRST);
    accounts.addDatabase('home');
    accounts.addDatabase('box', { contained: true });
    accounts.addUser('home', 'app', {
      sid: accounts.addLogin('app', FIRST).sid, roles: ['reader'], permissions: [permission(3, 'SELECT', { name: 'a' })],
    });
    accounts.addUser('box', 'inside', { password: FIRST, roles: ['reader'] });
  });

  afterEach(() => peer.stop());

  const rotate = async (): Promise<unknown> => {
    const { host, port, superuser } = peer;
    const facts = { engine: 'sqlserver', host, port, certificateAuthorities: certificates.authority.certificate };
    const session = await new SqlserverTarget({ region: 'eu-west-1', database: facts })
      .signIn({ ...superuser, databaseName: database }, new Deadline(systemClock, 120_000));
    try {
      return await change(session).catch((error: unknown) => error);
    } finally {
      await session.close();
    }
  };

  test('a trigger there gets no right of the superuser, and does not end the rotation', async () => {
    peer.accounts.database(database).triggers = [
      'ALTER SERVER ROLE [sysadmin] ADD MEMBER [mallory]',
      'REVERT',
      'ALTER SERVER ROLE [sysadmin] ADD MEMBER [mallory]',
      'USE [master]',
      'GRANT CONTROL SERVER TO [mallory]',
      `CREATE LOGIN [another] WITH PASSWORD = N'${FIRST}'`,
    ];
    expect(await rotate()).toBeUndefined();
    expect(peer.accounts.login('mallory')).toMatchObject({ roles: [], permissions: [permission(100, 'CONNECT SQL')] });
    expect(peer.accounts.logins.map(({ name }) => name)).not.toContain('another');
  });

  test('a trigger there would get them from a change as the superuser', async () => {
    peer.accounts.database(database).triggers = ['ALTER SERVER ROLE [sysadmin] ADD MEMBER [mallory]'];
    peer.accounts.ignoresImpersonation = true;
    await rotate();
    expect(peer.accounts.login('mallory').roles).toContain('sysadmin');
  });

  test('a database that is TRUSTWORTHY is not changed', async () => {
    peer.accounts.database(database).trustworthy = true;
    const users = structuredClone(peer.accounts.database(database).users);
    expect(await rotate())
      .toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('SET TRUSTWORTHY OFF') });
    expect(peer.accounts.database(database).users).toEqual(users);
  });

  test('msdb is TRUSTWORTHY, and is changed', async () => {
    const { accounts } = peer;
    accounts.addDatabase('msdb', { trustworthy: true });
    accounts.addUser('msdb', 'app', { sid: accounts.login('app').sid, roles: ['SQLAgentReaderRole'] });
    expect(await rotate()).toBeUndefined();
  });

  test('a superuser who may not act as its owner learns what to do', async () => {
    peer.accounts.before = (statement) => {
      if (statement.startsWith('EXECUTE AS')) {
        throw new SqlserverError(15517, 'Cannot execute as the database principal');
      }
    };
    expect(await rotate())
      .toMatchObject({ errorClass: 'permission', code: '15517', message: expect.stringContaining('db_owner') });
  });
});
