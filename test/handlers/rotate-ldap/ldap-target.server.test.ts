import type { UserBinding } from '../../../src/contract/database-facts';
import { LdapServer, type LdapServerOptions, POLICY, SUFFIX } from '../../servers/ldap-server';
import { requireServer } from '../../servers/require-server';
import { LdapBench } from '../support/ldap-bench';
import type { Credentials } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const FIRST = 'the first password';
/** What a policy has whose users are locked, have to be let in by hand, and keep no former password. */
const STRICT = ['pwdLockout: TRUE', 'pwdMaxFailure: 3', 'pwdMustChange: TRUE', 'pwdCheckQuality: 2', 'pwdMinLength: 8'];

/** The server says that a user is locked, or that a password has expired. */
const LOCK_OUT = { database: ['ppolicy_use_lockout'] };

type App = Credentials & { readonly arn: string };

requireServer('slapd', 'secrets-manager')('users of an LDAP directory', () => {
  let bench: LdapBench;
  let serial = 0;

  beforeAll(async () => {
    bench = await LdapBench.start({ policy: STRICT, settings: LOCK_OUT });
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.rotations.reset());

  const newApp = async (prefix = 'app', at = bench.directory): Promise<App> => {
    const app = { username: LdapServer.person(`${prefix}${serial++}`), password: FIRST };
    await at.createUser(app);
    const { host, port } = at;
    return { ...app, arn: await bench.rotations.createSecret({ engine: 'ldap', host, port, ...app }) };
  };
  const proving = (facts = bench.facts): FunctionInProcess =>
    bench.rotations.inProcess('rotate-ldap', { mode: 'prove', database: facts });
  const bySuperuser = async (
    { arn: secret, username }: App, more: Partial<UserBinding> = {}, at = bench.directory,
  ): Promise<FunctionInProcess> => bench.rotations.inProcess('rotate-ldap', {
    mode: 'superuser',
    database: { ...bench.facts, port: at.port },
    superuserSecret: await bench.rotations.createSecret(at.administrator),
    bindings: [{ secret, username, strategy: 'single', ...more }],
  });
  const works = async (arn: string, label = 'AWSCURRENT', at = bench.directory): Promise<boolean> =>
    at.worksFor(await bench.rotations.credentials(arn, label));
  /** The rotation fails, clients sign in as before, and once what the error says is done, the same rotation goes on. */
  const refused = async (
    { arn }: App, rotating: FunctionInProcess, error: { errorClass: string; message: string }, remedy: () => Promise<void>,
  ): Promise<void> => {
    await expect(bench.rotations.rotate(rotating, arn)).rejects.toMatchObject({
      errorClass: error.errorClass, message: expect.stringContaining(error.message) as string,
    });
    await remedy();
    await bench.rotations.drive(rotating, await bench.rotations.pendingOf(arn));
    expect(await works(arn)).toBe(true);
    expect(rotating.output()).not.toContain(FIRST);
  };
  /** A server of its own. */
  const elsewhere = async (
    options: LdapServerOptions, work: (server: LdapServer) => Promise<void>,
  ): Promise<void> => {
    const { good: certificate, authority } = bench.rotations.certificates;
    const server = await LdapServer.start({ certificate, authority: authority.certificate, ...options });
    try {
      await work(server);
    } finally {
      await server.stop();
    }
  };

  describe('a policy', () => {
    test('that does not take the new password is named, and nothing is changed', async () => {
      const length = async (characters: number): Promise<void> =>
        bench.directory.change(POLICY, 'replace: pwdMinLength', `pwdMinLength: ${characters}`);
      for (const way of ['prove', 'superuser'] as const) {
        const app = await newApp();
        await length(64);
        const rotating = way === 'prove' ? proving() : await bySuperuser(app);
        await refused(app, rotating, { errorClass: 'configuration', message: 'the password policy of' }, async () => {
          expect([await works(app.arn), await works(app.arn, 'AWSPENDING')]).toEqual([true, false]);
          await length(8);
        });
      }
    });

    test('that knows former passwords takes a step that is repeated', async () => {
      await elsewhere({ policy: ['pwdInHistory: 5'] }, async (server) => {
        const app = await newApp('app', server);
        const rotating = await bySuperuser(app, {}, server);
        const rotation = await bench.rotations.begin(app.arn);
        for (const step of ['createSecret', 'setSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
          await bench.rotations.step(rotating, rotation, step);
        }
        expect(await works(app.arn, 'AWSCURRENT', server)).toBe(true);
      });
    });

    test('that knows them, and wants a new one to be changed, takes the step of an heir', async () => {
      await elsewhere({ policy: ['pwdInHistory: 5', 'pwdMustChange: TRUE'] }, async (server) => {
        const app = await newApp('app', server);
        const byRoot = Object.assign(Object.create(server) as LdapServer, { administrator: server.root });
        const rotating = await bySuperuser(app, {}, byRoot);
        const rotation = await bench.rotations.begin(app.arn);
        await bench.rotations.step(rotating, rotation, 'createSecret');
        await bench.rotations.step(rotating, rotation, 'setSecret');
        // As if the function had ended between the change and what comes after it.
        await server.change(app.username, 'add: pwdReset', 'pwdReset: TRUE');
        await bench.rotations.drive(rotating, rotation);
        expect(await works(app.arn, 'AWSCURRENT', server)).toBe(true);
        expect(await server.read(app.username, 'pwdReset')).not.toContain('pwdReset');
      });
    });

    test('that wants the former password with a new one gets it from the user itself', async () => {
      await elsewhere({ policy: ['pwdSafeModify: TRUE'] }, async (server) => {
        const app = await newApp('app', server);
        await bench.rotations.rotate(proving({ ...bench.facts, port: server.port }), app.arn);
        expect(await works(app.arn, 'AWSCURRENT', server)).toBe(true);
      });
    });

    test('that locks users after wrong passwords is not challenged, and the lock is named', async () => {
      const app = await newApp();
      for (let attempt = 0; attempt < 3; attempt++) {
        await bench.directory.worksFor({ ...app, password: 'wrong' });
      }
      await refused(app, await bySuperuser(app), { errorClass: 'configuration', message: 'has locked the user' }, async () =>
        bench.directory.change(app.username, 'delete: pwdAccountLockedTime'));
    });

    test('whose users have to change what was set for them lets them work after a rotation by a superuser', async () => {
      const app = await newApp();
      await bench.directory.change(app.username, 'add: pwdReset', 'pwdReset: TRUE');
      await expect(bench.rotations.rotate(proving(), app.arn))
        .rejects.toMatchObject({ errorClass: 'authentication', code: '0.changeAfterReset' });
      await bench.rotations.drive(await bySuperuser(app), await bench.rotations.pendingOf(app.arn));
      // Of what the root of a directory sets, the server says again that it has to be changed.
      const byRoot = await bySuperuser(app, {}, Object.assign(Object.create(bench.directory) as LdapServer, {
        administrator: bench.directory.root,
      }));
      for (let rotation = 0; rotation < 2; rotation++) {
        await bench.rotations.rotate(byRoot, app.arn);
        expect(await works(app.arn)).toBe(true);
        expect(await bench.directory.read(app.username, 'pwdReset')).not.toContain('pwdReset');
      }
    });

    test('whose passwords expire lets a superuser set a new one', async () => {
      await elsewhere({ policy: ['pwdMaxAge: 1000000'], settings: LOCK_OUT }, async (server) => {
        const app = await newApp('app', server);
        await server.change(app.username, 'replace: pwdChangedTime', 'pwdChangedTime: 20200101000000Z');
        await expect(bench.rotations.rotate(proving({ ...bench.facts, port: server.port }), app.arn))
          .rejects.toMatchObject({ errorClass: 'authentication', code: '49.passwordExpired' });
        await bench.rotations.drive(await bySuperuser(app, {}, server), await bench.rotations.pendingOf(app.arn));
        expect(await works(app.arn, 'AWSCURRENT', server)).toBe(true);
      });
    });

    test.each(['single', 'alternating'] as const)('a lock of an administrator stays: %s', async (strategy) => {
      const [app, second] = [await newApp(), await newApp()];
      const idle = strategy === 'single' ? app : second;
      // Without a working password nobody is told of the lock.
      await bench.rotations.put(app.arn, JSON.stringify(bench.content({ ...app, password: 'not known' })), ['AWSCURRENT']);
      await bench.directory.change(idle.username, 'add: pwdAccountLockedTime', 'pwdAccountLockedTime: 000001010000Z');
      const rotating = await bySuperuser(app, { strategy, alternateUsername: second.username });
      await refused(app, rotating, { errorClass: 'configuration', message: 'locked the user' }, async () => {
        expect(await bench.directory.read(idle.username, 'pwdAccountLockedTime')).toContain('000001010000Z');
        await bench.directory.change(idle.username, 'delete: pwdAccountLockedTime');
      });
    });
  });

  test('a new password that does not work is taken back, and the same rotation goes on', async () => {
    const app = await newApp();
    const rotating = await bySuperuser(app);
    const rotation = await bench.rotations.begin(app.arn);
    await bench.rotations.step(rotating, rotation, 'createSecret');
    await bench.rotations.step(rotating, rotation, 'setSecret');
    await bench.directory.change(app.username, 'add: pwdReset', 'pwdReset: TRUE');
    await expect(bench.rotations.step(rotating, rotation, 'testSecret')).rejects.toMatchObject({
      errorClass: 'authentication',
      message: expect.stringContaining('the user has the password of AWSCURRENT, which clients hold') as string,
    });
    expect(await works(app.arn)).toBe(true);
    await bench.rotations.drive(rotating, rotation);
    expect(await works(app.arn)).toBe(true);
  });

  describe('a user', () => {
    test.each(['prove', 'superuser'] as const)('who is not in the directory is not made: %s', async (way) => {
      const app = await newApp();
      await bench.directory.remove(app.username);
      const rotating = way === 'prove' ? proving() : await bySuperuser(app);
      await expect(bench.rotations.rotate(rotating, app.arn)).rejects.toMatchObject(
        way === 'prove'
          ? { errorClass: 'authentication', code: '49' }
          : { errorClass: 'configuration', message: expect.stringContaining('has no such user') as string },
      );
      expect(await bench.directory.exists(app.username)).toBe(false);
    });

    test.each([
      ['reader', 'permission', '50', 'write access to its own userPassword'],
      ['guest', 'configuration', '53', 'the user may not change its own'],
    ])('who may not change the own password learns it: %s', async (prefix, errorClass, code, message) => {
      const app = await newApp(prefix);
      await expect(bench.rotations.rotate(proving(), app.arn))
        .rejects.toMatchObject({ errorClass, code, message: expect.stringContaining(message) as string });
      expect(await works(app.arn)).toBe(true);
    });

    test('with two passwords has one afterwards', async () => {
      await elsewhere({}, async (server) => {
        for (const way of ['prove', 'superuser'] as const) {
          const app = await newApp('app', server);
          const other = { ...app, password: 'second' };
          await server.change(app.username, 'add: userPassword', `userPassword: ${other.password}`);
          expect([await server.worksFor(app), await server.worksFor(other)]).toEqual([true, true]);
          const rotating = way === 'prove' ? proving({ ...bench.facts, port: server.port }) : await bySuperuser(app, {}, server);
          await bench.rotations.rotate(rotating, app.arn);
          expect(await works(app.arn, 'AWSCURRENT', server)).toBe(true);
          expect([await server.worksFor(app), await server.worksFor(other)]).toEqual([false, false]);
        }
      });
    });

    test('whose new password looks like a stored one gets that password', async () => {
      await elsewhere({}, async (server) => {
        const app = await newApp('app', server);
        const { host, port } = server;
        const rotation = await bench.rotations.begin(app.arn);
        const pending = { username: app.username, password: '{CRYPT}$1$aa$bb' };
        await bench.rotations.put(app.arn, JSON.stringify({ host, port, ...pending }), ['AWSPENDING'], rotation.token);
        await bench.rotations.drive(await bySuperuser(app, {}, server), rotation);
        expect(await server.worksFor(pending)).toBe(true);
      });
    });

    test('whose entry has no place for a password learns what to do', async () => {
      const app = { username: LdapServer.person(`app${serial++}`), password: FIRST };
      await bench.directory.add(app.username, ['objectClass: account']);
      const arn = await bench.rotations.createSecret(bench.content(app));
      const rotating = await bySuperuser({ ...app, arn });
      await refused({ ...app, arn }, rotating, { errorClass: 'configuration', message: 'simpleSecurityObject' }, async () =>
        bench.directory.change(
          app.username, 'add: objectClass', 'objectClass: simpleSecurityObject', '-', 'add: userPassword', `userPassword: ${FIRST}`,
        ));
    });

    test('whose alternate is in other groups is not rotated until it is in the same', async () => {
      const [app, alternate] = [await newApp(), await newApp()];
      const group = `cn=group${serial++},ou=groups,${SUFFIX}`;
      await bench.directory.add(group, ['objectClass: groupOfNames', `member: ${app.username}`]);
      const rotating = await bySuperuser(app, { strategy: 'alternating', alternateUsername: alternate.username });
      await refused(app, rotating, { errorClass: 'conflict', message: 'in other groups than its base' }, async () => {
        expect(await works(alternate.arn)).toBe(true);
        await bench.directory.change(group, 'add: member', `member: ${alternate.username}`);
      });
      expect([await works(alternate.arn), await works(app.arn, 'AWSPREVIOUS')]).toEqual([false, true]);
    });

    test('whose alternate is not in the directory is not rotated', async () => {
      const app = await newApp();
      const alternateUsername = LdapServer.person('nobody');
      await expect(bench.rotations.rotate(await bySuperuser(app, { strategy: 'alternating', alternateUsername }), app.arn))
        .rejects.toMatchObject({ errorClass: 'configuration', code: '32' });
      expect(await works(app.arn)).toBe(true);
    });

    test('who is the superuser by another spelling is refused', async () => {
      const { username, password } = bench.directory.administrator;
      const credentials = { username: username.toUpperCase().replaceAll(',', ', '), password };
      const arn = await bench.rotations.createSecret(bench.content(credentials));
      await expect(bench.rotations.rotate(await bySuperuser({ ...credentials, arn }), arn))
        .rejects.toThrow('the user is the superuser itself');
    });

    test.each(['app', 'app@corp.example.com', 'uid=app,'])('is known by its entry, and not by %s', async (username) => {
      const arn = await bench.rotations.createSecret(bench.content({ username, password: FIRST }));
      await expect(bench.rotations.rotate(proving(), arn)).rejects.toMatchObject({
        errorClass: 'configuration', message: expect.stringContaining('a distinguished name') as string,
      });
    });

    test.each(['', '\\u0000', 'half \\ud800'])('has no password such as "%s"', async (password) => {
      const app = await newApp();
      const rotation = await bench.rotations.begin(app.arn);
      const text = JSON.stringify(bench.content(app)).replace(FIRST, password);
      await bench.rotations.put(app.arn, text, ['AWSPENDING'], rotation.token);
      await expect(bench.rotations.step(proving(), rotation, 'setSecret')).rejects.toMatchObject({ errorClass: 'stale' });
    });
  });

  describe('a server', () => {
    test('that takes no changes is named', async () => {
      await elsewhere({}, async (server) => {
        const app = await newApp('app', server);
        await server.restart({ settings: { database: ['readonly on'] } });
        await expect(bench.rotations.rotate(await bySuperuser(app, {}, server), app.arn)).rejects.toMatchObject({
          errorClass: 'configuration', message: expect.stringContaining('nothing is changed at this server') as string,
        });
      });
    });

    test('without TLS is sent nothing', async () => {
      await elsewhere({ certificate: undefined, authority: undefined }, async (server) => {
        const app = await newApp('app', server);
        const before = await server.loginsOfOthers('accepted');
        await expect(bench.rotations.rotate(proving({ ...bench.facts, port: server.port }), app.arn))
          .rejects.toMatchObject({ errorClass: expect.stringMatching(/^(?:tls|network)$/) as string });
        expect([await server.loginsOfOthers('accepted') - before, await server.loginsOfOthers('refused')]).toEqual([0, 0]);
      });
    }, 60_000);

    test('of another authority is sent nothing', async () => {
      const app = await newApp();
      await expect(bench.rotations.rotate(proving({ ...bench.facts, certificateAuthorities: undefined }), app.arn))
        .rejects.toMatchObject({ errorClass: 'tls' });
    });
  });
});
