import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession } from '../../../handlers/database/credential-target';
import { DocumentdbTarget } from '../../../handlers/rotate-documentdb/documentdb-target';
import { createCertificates } from '../../servers/certificates';
import type { PeerRole, Product } from '../../servers/mongodb-accounts';
import { MongodbPeer } from '../../servers/mongodb-peer';

const certificates = createCertificates();
const READ_WRITE: PeerRole = { role: 'readWrite', db: 'orders' };
const ITSELF: PeerRole = { role: 'rotates_itself', db: 'admin' };

function targetOf({ host, port }: MongodbPeer): DocumentdbTarget {
  return new DocumentdbTarget({
    region: 'eu-west-1',
    database: { engine: 'mongo', host, port, certificateAuthorities: certificates.authority.certificate },
  });
}

const inTime = (): Deadline => new Deadline(systemClock, 120_000);

describe.each<Product>(['documentdb', 'mongodb'])('%s', (product) => {
  let peer: MongodbPeer;
  let session: CredentialSession;

  const signIn = async (username: string, password: string): Promise<CredentialSession> =>
    targetOf(peer).signIn({ username, password }, inTime());

  const works = async (username: string, password: string): Promise<boolean> =>
    signIn(username, password).then(
      async (opened) => {
        await opened.close();
        return true;
      },
      () => false,
    );

  /** The commands that change something, without what every command has. */
  const changes = (): unknown[] => peer.changes().map(({ $db, ...command }) => {
    expect($db).toBe('admin');
    return command;
  });

  const failure = async (work: Promise<void>): Promise<Error> => work.then(() => new Error('none'), (thrown: Error) => thrown);

  beforeEach(async () => {
    peer = await MongodbPeer.start(certificates.good, product);
    peer.accounts.add('app', 'first', { roles: [READ_WRITE, ITSELF] });
    session = await signIn(peer.superuser.username, peer.superuser.password);
  });

  afterEach(async () => {
    await session.close();
    await peer.stop();
  });

  describe('a user that changes itself', () => {
    test('says the new password and nothing else, and may say it twice', async () => {
      const own = await signIn('app', 'first');
      await own.changeOwnPassword({ password: 'second', token: 't' });
      await own.changeOwnPassword({ password: 'second', token: 't' });
      await own.close();
      expect(changes()).toEqual([{ updateUser: 'app', pwd: 'second' }, { updateUser: 'app', pwd: 'second' }]);
      expect(await works('app', 'second')).toBe(true);
      expect(peer.accounts.find('app', 'admin')!.roles).toEqual([READ_WRITE, ITSELF]);
    });

    test('learns what it lacks, and nothing that the server says', async () => {
      peer.accounts.add('weak', 'first', { roles: [READ_WRITE] });
      const own = await signIn('weak', 'first');
      const error = await failure(own.changeOwnPassword({ password: 'second', token: 't' }));
      await own.close();
      expect(error).toMatchObject({
        errorClass: 'permission',
        code: '13',
        message: expect.stringContaining('the action changeOwnPassword'),
      });
      expect(JSON.stringify([error, error.message])).not.toMatch(/canary|second/);
    });
  });

  describe('a user that the superuser changes', () => {
    test('keeps its roles', async () => {
      await session.changeUser({ username: 'app', password: 'second', token: 't' });
      expect(changes()).toEqual([{ updateUser: 'app', pwd: 'second' }]);
      expect(await works('app', 'second')).toBe(true);
      expect(await works('app', 'first')).toBe(false);
    });

    test('is created with the roles of its binding, each of its database', async () => {
      await session.changeUser({
        username: 'new',
        password: 'first',
        token: 't',
        createWithRoles: ['readWrite@orders', 'rotates_itself', 'read@b'],
      });
      expect(changes()).toEqual([{ createUser: 'new', pwd: 'first', roles: [READ_WRITE, ITSELF, { role: 'read', db: 'b' }] }]);
    });

    test('is not created where nobody said so', async () => {
      await expect(session.changeUser({ username: 'new', password: 'first', token: 't' }))
        .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('does not exist') });
      expect(changes()).toEqual([]);
    });

    test('is not created with a role that does not exist', async () => {
      const error = await failure(
        session.changeUser({ username: 'new', password: 'first', token: 't', createWithRoles: ['nothing'] }),
      );
      expect(error).toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('or there is no such role') });
    });
  });

  describe('administrators are not touched', () => {
    test.each([
      { role: 'root', db: 'admin' }, { role: 'userAdminAnyDatabase', db: 'admin' }, { role: 'restore', db: 'admin' },
      { role: 'userAdmin', db: 'admin' }, { role: 'dbOwner', db: 'admin' },
      { role: 'made', db: 'orders' },
    ])('with the role %j', async (role) => {
      peer.accounts.roles.set('made', ['find', 'grantRole']);
      peer.accounts.add('chief', 'first', { roles: [READ_WRITE, role] });
      for (const change of [
        async () => session.changeUser({ username: 'chief', password: 'x', token: 't' }),
        async () => session.changeAlternate({ username: 'chief_clone', base: 'chief', password: 'x', token: 't' }),
        async () =>
          session.changeUser({ username: 'new', password: 'x', token: 't', createWithRoles: [`${role.role}@${role.db}`] }),
      ]) {
        await expect(change()).rejects.toMatchObject({
          errorClass: 'configuration',
          message: expect.stringContaining('is an administrator of the server'),
        });
      }
      expect(changes()).toEqual([]);
      expect(await works('chief', 'first')).toBe(true);
    });

    test('those of one application database are ordinary users', async () => {
      peer.accounts.add('owner', 'first', { roles: [{ role: 'dbOwner', db: 'orders' }] });
      await session.changeUser({ username: 'owner', password: 'second', token: 't' });
      expect(await works('owner', 'second')).toBe(true);
    });

    test('the superuser is not rotated by itself', async () => {
      const { username } = peer.superuser;
      await expect(session.changeUser({ username, password: 'x', token: 't' })).rejects.toThrow('the superuser itself');
      await expect(session.changeAlternate({ username: 'x', base: username, password: 'x', token: 't' }))
        .rejects.toThrow('the superuser itself');
    });
  });

  describe('the alternate user', () => {
    const alternate = { username: 'app_clone', base: 'app', token: 't' };

    test('gets the roles of its base, and again each time', async () => {
      await session.changeAlternate({ ...alternate, password: 'one' });
      peer.accounts.find('app', 'admin')!.roles.push({ role: 'read', db: 'invoices' });
      await session.changeAlternate({ ...alternate, password: 'two' });
      expect(changes()).toEqual([
        { createUser: 'app_clone', pwd: 'one', roles: [READ_WRITE, ITSELF] },
        { updateUser: 'app_clone', pwd: 'two', roles: [READ_WRITE, ITSELF, { role: 'read', db: 'invoices' }] },
      ]);
      expect(await works('app_clone', 'two')).toBe(true);
      expect(await works('app', 'first')).toBe(true);
    });

    test('of a base that does not exist is made together with it, whose password nobody knows', async () => {
      await session.changeAlternate({
        username: 'new_clone',
        base: 'new',
        password: 'one',
        token: 't',
        createWithRoles: ['readWrite@orders'],
      });
      const [base, clone] = peer.changes();
      expect(base).toMatchObject({ createUser: 'new', pwd: expect.stringMatching(/^[0-9a-f]{64}$/), roles: [READ_WRITE] });
      expect(clone).toMatchObject({ createUser: 'new_clone', pwd: 'one', roles: [READ_WRITE] });
      await expect(session.changeAlternate({ username: 'other_clone', base: 'other', password: 'one', token: 't' }))
        .rejects.toThrow('does not exist');
    });

    test("somebody else's is not taken over", async () => {
      peer.accounts.add('app_clone', 'theirs', { roles: [READ_WRITE, { role: 'readWrite', db: 'salaries' }] });
      await expect(session.changeAlternate({ ...alternate, password: 'one' }))
        .rejects.toMatchObject({ errorClass: 'conflict', message: expect.stringContaining('not one that this function made') });
      expect(changes()).toEqual([]);
      expect(await works('app_clone', 'theirs')).toBe(true);
    });

    test('that is an administrator is not taken over', async () => {
      peer.accounts.add('app_clone', 'theirs', { roles: [{ role: 'root', db: 'admin' }] });
      await expect(session.changeAlternate({ ...alternate, password: 'one' })).rejects.toThrow('administrator');
    });

    test('that was made half way, without roles, is finished', async () => {
      peer.accounts.add('app_clone', 'half', { roles: [] });
      await session.changeAlternate({ ...alternate, password: 'one' });
      expect(peer.accounts.find('app_clone', 'admin')!.roles).toEqual([READ_WRITE, ITSELF]);
    });
  });

  test('a superuser that is none learns what it needs', async () => {
    const weak = await signIn('app', 'first');
    const error = await failure(weak.changeUser({ username: 'other', password: 'second', token: 't' }));
    await weak.close();
    expect(error).toMatchObject({
      errorClass: 'permission',
      code: '13',
      message: expect.stringContaining('it needs the role userAdminAnyDatabase, or root'),
    });
    expect(error.message).not.toContain('canary');
  });

  test('a server that says nothing of the users is not believed', async () => {
    const { run } = peer.accounts;
    peer.accounts.run = (command, user) => command.usersInfo === undefined ? run.call(peer.accounts, command, user) : {};
    await expect(session.changeUser({ username: 'app', password: 'x', token: 't' })).rejects.toThrow('does not exist');
    for (const roles of [undefined, [{ role: 'read' }], ['read']]) {
      peer.accounts.run = (command, user) =>
        command.usersInfo === undefined
          ? run.call(peer.accounts, command, user)
          : { users: [{ user: 'app', db: 'admin', roles }] };
      await expect(session.changeUser({ username: 'app', password: 'x', token: 't' }))
        .rejects.toMatchObject({ errorClass: 'protocol' });
    }
    expect(changes()).toEqual([]);
  });

  test('a role of which the server tells nothing is refused', async () => {
    const { run } = peer.accounts;
    for (const told of [
      {},
      { roles: [] },
      { roles: [{ ...ITSELF, inheritedPrivileges: [] }] },
      { roles: [{ ...ITSELF, inheritedRoles: [] }] },
    ]) {
      peer.accounts.run = (command, user) => command.rolesInfo === undefined ? run.call(peer.accounts, command, user) : told;
      await expect(session.changeUser({ username: 'app', password: 'x', token: 't' })).rejects.toMatchObject({
        errorClass: 'configuration', message: expect.stringContaining('does not describe a role of the user'),
      });
    }
    expect(changes()).toEqual([]);
  });

  test('a role that somebody made of an administrator\'s is one', async () => {
    const { run } = peer.accounts;
    const made = { ...ITSELF, inheritedPrivileges: [], inheritedRoles: [{ role: 'dbOwner', db: 'admin' }] };
    peer.accounts.run = (command, user) =>
      command.rolesInfo === undefined ? run.call(peer.accounts, command, user) : { roles: [made] };
    await expect(session.changeUser({ username: 'app', password: 'x', token: 't' }))
      .rejects.toThrow('is an administrator of the server');
  });

  test('a server that does not say who has signed in is not believed', async () => {
    const hostile = await MongodbPeer.start(certificates.good, product, 'says-nothing');
    hostile.accounts.add('app', 'first');
    await expect(targetOf(hostile).signIn({ username: 'app', password: 'first' }, inTime()))
      .rejects.toMatchObject({ errorClass: 'conflict' });
    await hostile.stop();
  });

  test('where the server says nothing of methods, none is asked for', async () => {
    const quiet = await MongodbPeer.start(certificates.good, product, 'offers-nothing');
    quiet.accounts.add('app', 'first', { roles: [ITSELF] });
    const own = await targetOf(quiet).signIn({ username: 'app', password: 'first' }, inTime());
    await own.changeOwnPassword({ password: 'second', token: 't' });
    await own.close();
    expect(quiet.changes().map(({ $db, ...command }) => command)).toEqual([{ updateUser: 'app', pwd: 'second' }]);
    await quiet.stop();
  });
});

test('on MongoDB a user that is kept from the older method stays so, and so does its clone', async () => {
  const peer = await MongodbPeer.start(certificates.good);
  const methods = (name: string): string[] => [...peer.accounts.find(name, 'admin')!.credentials.keys()];
  peer.accounts.add('app', 'first', { roles: [ITSELF], mechanisms: ['SCRAM-SHA-256'] });
  const own = await targetOf(peer).signIn({ username: 'app', password: 'first' }, inTime());
  await own.changeOwnPassword({ password: 'second', token: 't' });
  await own.close();
  expect(methods('app')).toEqual(['SCRAM-SHA-256']);
  const session = await targetOf(peer).signIn(peer.superuser, inTime());
  await session.changeUser({ username: 'app', password: 'third', token: 't' });
  await session.changeAlternate({ username: 'app_clone', base: 'app', password: 'fourth', token: 't' });
  await session.close();
  expect([methods('app'), methods('app_clone')]).toEqual([['SCRAM-SHA-256'], ['SCRAM-SHA-256']]);
  await peer.stop();
});
