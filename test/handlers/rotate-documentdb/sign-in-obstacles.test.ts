import type { Document } from 'mongodb';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession } from '../../../handlers/database/credential-target';
import { DocumentdbTarget } from '../../../handlers/rotate-documentdb/documentdb-target';
import { createCertificates } from '../../servers/certificates';
import { MongodbError, type PeerUser } from '../../servers/mongodb-accounts';
import { MongodbPeer } from '../../servers/mongodb-peer';

const certificates = createCertificates();
const CHANGE = { username: 'app', password: 'second', token: 't' };
const ALTERNATE = { ...CHANGE, username: 'app_clone', base: 'app' };
const ELSEWHERE = [{ clientSource: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1', '2001:db8::1'] }];
const HERE = [{ clientSource: ['127.0.0.0/8'] }];

let peer: MongodbPeer;

const signIn = async (credentials: { username: string; password: string }): Promise<CredentialSession> => {
  const { host, port } = peer;
  const database = { engine: 'mongo', host, port, certificateAuthorities: certificates.authority.certificate };
  return new DocumentdbTarget({ region: 'eu-west-1', database }).signIn(credentials, new Deadline(systemClock, 120_000));
};
const bySuperuser = async (work: (session: CredentialSession) => Promise<void>): Promise<void> => {
  const session = await signIn(peer.superuser);
  await work(session).finally(async () => session.close());
};
const single = async (more = {}): Promise<void> => bySuperuser(async (session) => session.changeUser({ ...CHANGE, ...more }));
const alternating = async (more = {}): Promise<void> =>
  bySuperuser(async (session) => session.changeAlternate({ ...ALTERNATE, ...more }));
const works = async (username: string, password: string): Promise<boolean> =>
  signIn({ username, password }).then(async (session) => session.close().then(() => true), () => false);
const user = (name = 'app'): PeerUser => peer.accounts.find(name, 'admin')!;

beforeEach(async () => {
  peer = await MongodbPeer.start(certificates.good);
  peer.accounts.add('app', 'first', { roles: [{ role: 'readWrite', db: 'orders' }] });
});

afterEach(() => peer.stop());

describe('a user that may not sign in from here', () => {
  test.each<[string, Partial<PeerUser>]>([
    ['by its own restrictions', { authenticationRestrictions: ELSEWHERE }],
    ['by those of a role', { inherited: [HERE, ELSEWHERE] }],
  ])('is told before anything is changed, and the advice helps: %s', async (_, traits) => {
    Object.assign(user(), traits);
    for (const attempt of [single, alternating]) {
      await expect(attempt())
        .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('clientSource') });
    }
    expect(peer.changes()).toEqual([]);
    Object.assign(user(), { authenticationRestrictions: [{ serverAddress: ['127.0.0.1'] }], inherited: [HERE] });
    expect(await works('app', 'first')).toBe(true);
    await single();
    await alternating();
    expect([await works('app', 'second'), await works('app_clone', 'second')]).toEqual([true, true]);
  });

  test.each<[string, Document]>([
    ['does not say where that is', {}], ['says it in another form', { you: 'here' }],
  ])('is no reason to refuse where the server %s', async (_, answer) => {
    user().authenticationRestrictions = ELSEWHERE;
    const { run } = peer.accounts;
    peer.accounts.run = (command, session) =>
      command.whatsmyuri === undefined ? run.call(peer.accounts, command, session) : answer;
    await single();
    expect(peer.changes()).toHaveLength(1);
  });

  test('is no reason to refuse where the server does not know the question, or answers in another form', async () => {
    user().authenticationRestrictions = ELSEWHERE;
    const { run } = peer.accounts;
    peer.accounts.run = (command, session) => {
      if (command.whatsmyuri !== undefined) {
        throw new MongodbError(59, 'CommandNotFound', 'no such command');
      }
      return run.call(peer.accounts, command, session);
    };
    await single();
    const found = { user: 'app', db: 'admin', roles: [], inheritedAuthenticationRestrictions: ['x', ['y']] };
    peer.accounts.run = (command, session) =>
      command.usersInfo === undefined ? run.call(peer.accounts, command, session) : { users: [found] };
    await single();
    expect(peer.changes()).toHaveLength(2);
  });

  test.each(['showAuthenticationRestrictions', 'whatsmyuri', 'filter'])(
    'is not taken for one that may where the server cannot answer for a moment: %s',
    async (field) => {
      user().authenticationRestrictions = ELSEWHERE;
      const { run } = peer.accounts;
      peer.accounts.run = (command, session) => {
        if (command[field] !== undefined) {
          throw new MongodbError(11602, 'InterruptedDueToReplStateChange', 'interrupted');
        }
        return run.call(peer.accounts, command, session);
      };
      await expect(single(field === 'filter' ? { username: 'new', createWithRoles: [] } : {}))
        .rejects.toMatchObject({ errorClass: 'unavailable', code: '11602' });
      expect(peer.changes()).toEqual([]);
    },
  );

  test.each([
    ['[::1]:49152', ['::1'], true], ['[2001:db8::2]:1', ['2001:db8::/32'], true], ['10.1.2.3:1', ['10.1.2.3'], true],
    ['10.1.2.3:1', ['10.1.2.4', '10.2.0.0/16'], false], ['[::ffff:10.1.2.3]:1', ['10.0.0.0/8'], true],
  ])('is known by its address: %s in %j is %s', async (you, clientSource, admitted) => {
    user().authenticationRestrictions = [{ clientSource }];
    const { run } = peer.accounts;
    peer.accounts.run = (command, session) =>
      command.whatsmyuri === undefined ? run.call(peer.accounts, command, session) : { you };
    expect(await single().then(() => true, () => false)).toBe(admitted);
  });
});

test('an alternate user has the restrictions and the custom data of its base, and loses them with it', async () => {
  Object.assign(user(), { authenticationRestrictions: HERE, customData: { team: 'orders' } });
  await alternating();
  expect(user('app_clone')).toMatchObject({ authenticationRestrictions: HERE, customData: { team: 'orders' } });
  await alternating();
  expect(Object.keys(peer.changes()[1])).not.toEqual(expect.arrayContaining(['customData']));
  Object.assign(user(), { authenticationRestrictions: [], customData: undefined });
  await alternating();
  expect(user('app_clone')).toMatchObject({ authenticationRestrictions: [], customData: {} });
});

test('a user is not created where one of the name belongs to another database, in which clients may sign in', async () => {
  peer.accounts.add('new', 'first', { db: 'orders' });
  for (const attempt of [
    async () => single({ username: 'new', createWithRoles: [] }),
    async () => alternating({ base: 'new', username: 'new_clone', createWithRoles: [] }),
  ]) {
    await expect(attempt()).rejects
      .toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('as databaseName in the deployment') });
  }
  expect(peer.changes()).toEqual([]);
});

test('an alternate user is not taken over where its base is gone, which nobody makes for it either', async () => {
  peer.accounts.add('lost_clone', 'first', { roles: [{ role: 'read', db: 'orders' }] });
  await expect(alternating({ base: 'lost', username: 'lost_clone', createWithRoles: ['readWrite@orders'] }))
    .rejects.toMatchObject({ errorClass: 'conflict' });
  expect(peer.changes()).toEqual([]);
});

describe('a command that fails and has set the password all the same', () => {
  const own = async (): Promise<void> => {
    user().roles.push({ role: 'rotates_itself', db: 'admin' });
    const session = await signIn({ username: 'app', password: 'first' });
    await session.changeOwnPassword(CHANGE).finally(async () => session.close());
  };
  const ways: [string, () => Promise<void>][] = [['the user itself', own], ['the superuser', single]];
  const failAfter = (code: number): void => {
    peer.accounts.after = () => {
      throw new MongodbError(code, 'Canary', 'canary');
    };
  };
  const failBefore = (code: number): void => {
    const { run } = peer.accounts;
    peer.accounts.run = (command, session) => {
      if (command.updateUser !== undefined) {
        throw new MongodbError(code, 'Canary', 'canary');
      }
      return run.call(peer.accounts, command, session);
    };
  };

  test.each(ways)('is no failure: %s, and one login tells', async (_, way) => {
    failAfter(9999);
    await way();
    expect([await works('app', 'second'), peer.logins('refused')]).toEqual([true, 0]);
  });

  test.each(ways)('is one where the password does not sign in: %s, after one login', async (_, way) => {
    failBefore(9999);
    await expect(way()).rejects.toMatchObject({ errorClass: 'conflict', code: '9999' });
    expect([await works('app', 'first'), peer.logins('refused')]).toEqual([true, 1]);
  });

  test('is one where a change of the primary may undo it', async () => {
    failAfter(64);
    await expect(single()).rejects.toMatchObject({ errorClass: 'unavailable', code: '64' });
  });
});
