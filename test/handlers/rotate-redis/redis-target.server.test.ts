import { createServer as createTls } from 'node:tls';
import { redisReply } from '../../servers/redis-reply';
import { RedisServer } from '../../servers/redis-server';
import { requireServer } from '../../servers/require-server';
import { RedisBench } from '../support/redis-bench';
import type { Credentials } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

/** What a server says of itself that has no replicas. */
const INFO = '$31\r\nrole:master\r\nconnected_slaves:0';
const FIRST = 'the first password';
const MISSING = 'the rights +acl|getuser, +acl|list, +acl|setuser, +acl|save, +config|rewrite, +info and +cluster|info';

requireServer('redis', 'secrets-manager')('users of a Redis server', () => {
  let bench: RedisBench;
  let serial = 0;

  beforeAll(async () => {
    bench = await RedisBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.rotations.reset());

  const bySuperuser = async (
    at: { readonly facts: RedisBench['facts']; readonly superuser: Credentials },
    secret: string,
    username: string,
    more: { strategy?: 'single' | 'alternating' | 'dualPassword'; createWithRoles?: string[]; furtherHosts?: string[] } = {},
  ): Promise<FunctionInProcess> => {
    const { strategy = 'dualPassword', createWithRoles, furtherHosts } = more;
    return bench.rotations.inProcess('rotate-redis', {
      mode: 'superuser',
      database: { ...at.facts, furtherHosts },
      superuserSecret: await bench.rotations.createSecret(at.superuser),
      bindings: [{ secret, username, strategy, createWithRoles }],
    });
  };
  const proving = (facts = bench.facts): FunctionInProcess =>
    bench.rotations.inProcess('rotate-redis', { mode: 'prove', database: facts });
  const reader = async (rules: string[] = ['on', '~app:*', '+@read']): Promise<Credentials & { arn: string }> => {
    const app = { username: `reader${serial++}`, password: FIRST };
    await bench.database.setUser(app.username, [app.password], rules);
    return { ...app, arn: await bench.rotations.createSecret(bench.content(app)) };
  };
  /** A server of its own, with an application's user. */
  const elsewhere = async (
    options: Omit<Parameters<typeof RedisServer.start>[0], 'certificate'>,
    work: (server: RedisServer, at: { facts: RedisBench['facts']; superuser: Credentials }, arn: string) => Promise<void>,
  ): Promise<void> => {
    const server = await RedisServer.start({ certificate: bench.rotations.certificates.good, ...options });
    try {
      await server.setUser('app', [FIRST], ['on', '~*', '+@read']);
      const { host, port } = server;
      const arn = await bench.rotations.createSecret({ engine: 'redis', host, port, username: 'app', password: FIRST });
      await work(server, { facts: { ...bench.facts, port }, superuser: server.administrator }, arn);
    } finally {
      await server.stop();
    }
  };

  describe('a password that the server would forget', () => {
    test.each(['nowhere', 'configuration', 'file'] as const)('is not set: users are kept in %s', async (users) => {
      await elsewhere({ users }, async (server, at, arn) => {
        if (users !== 'nowhere') {
          server.mayWrite(false);
        }
        const rotating = await bySuperuser(at, arn, 'app');
        await expect(bench.rotations.rotate(rotating, arn)).rejects.toMatchObject({
          errorClass: 'configuration',
          message: expect.stringContaining('would forget a new password when it restarts') as string,
        });
        const pending = await bench.rotations.credentials(arn, 'AWSPENDING');
        expect([await server.worksFor({ username: 'app', password: FIRST }), await server.worksFor(pending)])
          .toEqual([true, false]);
        if (users !== 'nowhere') {
          server.mayWrite(true);
          await bench.rotations.drive(rotating, await bench.rotations.pendingOf(arn));
          await server.restart();
          expect(await server.worksFor(await bench.rotations.credentials(arn))).toBe(true);
        }
      });
    });
  });

  describe('a user', () => {
    test.each([
      ['off', 'may not sign in: run ACL SETUSER with the rule "on"', 'on'],
      ['nopass', 'signs in with any password: run ACL SETUSER with the rules "resetpass"', 'resetpass'],
    ])('that is %s is not changed, and then is as the error advises', async (rule, message, remedy) => {
      const app = await reader();
      await bench.database.command('ACL', 'SETUSER', app.username, rule);
      const rotating = await bySuperuser(bench, app.arn, app.username);
      await expect(bench.rotations.rotate(rotating, app.arn))
        .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining(message) as string });
      await bench.database.command('ACL', 'SETUSER', app.username, remedy, `>${FIRST}`);
      await bench.rotations.drive(rotating, await bench.rotations.pendingOf(app.arn));
      expect(await bench.database.worksFor(await bench.rotations.credentials(app.arn))).toBe(true);
    });

    test('that lacks a right to change itself learns which', async () => {
      const app = await reader(['on', '~app:*', '+@read', '+acl|getuser', '+acl|setuser', '+info']);
      await expect(bench.rotations.rotate(proving(), app.arn)).rejects.toMatchObject({
        errorClass: 'permission',
        code: 'NOPERM',
        message: expect.stringContaining(MISSING) as string,
      });
      expect(await bench.database.worksFor(app)).toBe(true);
    });

    test('that does not exist is not made with rules that say how it signs in', async () => {
      for (const strategy of ['single', 'alternating'] as const) {
        const username = `new${serial++}`;
        const arn = await bench.rotations.createSecret(bench.content({ username, password: FIRST }));
        const rotating = await bySuperuser(bench, arn, username, { strategy, createWithRoles: ['+@read', 'nopass'] });
        await expect(bench.rotations.rotate(rotating, arn)).rejects.toThrow('rules for commands, keys and channels');
        expect(await bench.database.exists(username)).toBe(false);
      }
    });

    test('whose alternate has other rules is not rotated until it has the same', async () => {
      const app = await reader();
      const alternate = `${app.username}_clone`;
      await bench.database.setUser(alternate, ['of somebody'], ['on', '~*', '+@all']);
      const rotating = await bySuperuser(bench, app.arn, app.username, { strategy: 'alternating' });
      await expect(bench.rotations.rotate(rotating, app.arn))
        .rejects.toMatchObject({
          errorClass: 'conflict', message: expect.stringContaining('other rules than its base') as string,
        });
      expect(await bench.database.worksFor({ username: alternate, password: 'of somebody' })).toBe(true);
      await bench.database.setUser(alternate, ['of somebody'], ['on', '~app:*', '+@read']);
      await bench.rotations.drive(rotating, await bench.rotations.pendingOf(app.arn));
      expect(await bench.database.worksFor({ username: alternate, password: 'of somebody' })).toBe(false);
    });
  });

  describe('several servers', () => {
    test('one with a replica is refused unless the replica is named', async () => {
      const app = await reader();
      const replica = await bench.database.signIn(bench.superuser);
      try {
        void redisReply(replica, 'PSYNC', '?', '-1').catch(() => undefined);
        while (!(await bench.database.command('INFO', 'replication')).includes('connected_slaves:1')) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        const rotating = await bySuperuser(bench, app.arn, app.username);
        await expect(bench.rotations.rotate(rotating, app.arn)).rejects.toMatchObject({
          errorClass: 'configuration',
          message: expect.stringContaining('the server is one of 2, and the deployment names 1') as string,
        });
        // By another name, it is another server.
        const named = await bySuperuser(bench, app.arn, app.username, { furtherHosts: ['localhost'] });
        await bench.rotations.drive(named, await bench.rotations.pendingOf(app.arn));
        expect(await bench.database.worksFor(await bench.rotations.credentials(app.arn))).toBe(true);
      } finally {
        replica.destroy();
      }
    });

    test('the user is changed at each of them, or at none', async () => {
      const app = await reader();
      const { good } = bench.rotations.certificates;
      const at = { address: '127.0.0.2', port: bench.database.port };
      const second = await RedisServer.start({ certificate: good, at });
      try {
        await second.setUser(bench.superuser.username, [bench.superuser.password], ['on', '~*', '+@all']);
        second.administrator.password = bench.superuser.password;
        await second.setUser(app.username, [FIRST], ['on', '~app:*', '+@read']);
        const facts = { ...bench.facts, tlsServerName: 'localhost' };
        const rotating = await bySuperuser({ ...bench, facts, superuser: bench.superuser }, app.arn, app.username, {
          furtherHosts: ['127.0.0.2'],
        });
        const works = async (label: string): Promise<boolean[]> => {
          const credentials = await bench.rotations.credentials(app.arn, label);
          return [await bench.database.worksFor(credentials), await second.worksFor(credentials)];
        };
        await bench.rotations.rotate(rotating, app.arn);
        expect([await works('AWSCURRENT'), await works('AWSPREVIOUS')]).toEqual([[true, true], [true, true]]);

        await second.command('ACL', 'DELUSER', app.username);
        await expect(bench.rotations.rotate(rotating, app.arn)).rejects.toThrow('the user does not exist');
        expect([await works('AWSCURRENT'), await works('AWSPENDING')]).toEqual([[true, false], [false, false]]);
      } finally {
        await second.stop();
      }
    });

    test('a replica alone is refused', async () => {
      await elsewhere({ users: 'file' }, async (server, at, arn) => {
        await server.command('REPLICAOF', '127.0.0.1', '1');
        await expect(bench.rotations.rotate(await bySuperuser(at, arn, 'app'), arn))
          .rejects.toMatchObject({
            errorClass: 'configuration', message: expect.stringContaining('the server is a replica') as string,
          });
        expect(await server.worksFor({ username: 'app', password: FIRST })).toBe(true);
      });
    });

    test('a node of a cluster is refused unless all are named', async () => {
      await elsewhere({ settings: ['cluster-enabled yes'] }, async (server, at, arn) => {
        const rotating = await bySuperuser(at, arn, 'app');
        await bench.rotations.rotate(rotating, arn);
        await server.command('CLUSTER', 'MEET', '127.0.0.1', '1');
        await expect(bench.rotations.rotate(rotating, arn)).rejects.toThrow('the server is one of 2');
      });
    });

    test('one that does not accept what the others do ends the login, and no connection is left', async () => {
      const app = await reader();
      const facts = { ...bench.facts, furtherHosts: ['localhost', '127.0.0.1'] };
      await expect(bench.rotations.rotate(proving(facts), app.arn)).rejects.toThrow('the host is an IP address');
      expect(Number(/connected_clients:(\d+)/.exec(await bench.database.command('INFO', 'clients'))?.[1])).toBeLessThanOrEqual(2);
    });
  });

  describe('a server that answers otherwise', () => {
    test.each([
      [['-ERR max number of clients reached'], 'unavailable', 'MAXCLIENTS'],
      [['-DENIED protected mode'], 'configuration', 'DENIED'],
      [['-ERR wrong number of arguments'], 'configuration', 'ERR'],
      [['+QUEUED'], 'protocol', undefined],
      [['+OK', '$5\r\nadmin'], 'conflict', undefined],
      [['+OK', '*0'], 'protocol', undefined],
      [['+OK', '-ERR unknown'], 'conflict', undefined],
      [['+OK', '$3\r\napp', INFO, '+OK'], 'protocol', undefined],
      [['+OK', '$3\r\napp', INFO, '*2\r\n+flags\r\n*1\r\n$2\r\non', '-BUSY'], 'unavailable', 'BUSY'],
      [['+OK', '$3\r\napp', INFO, '*2\r\n+flags\r\n*1\r\n$2\r\non', '+OK', '+QUEUED'], 'protocol', undefined],
    ])('%j', async (answers, errorClass, code) => {
      const { key, certificate } = bench.rotations.certificates.good;
      const server = createTls({ key, cert: certificate }, (socket) => {
        const left = [...answers];
        socket.on('error', () => undefined).on('data', () => socket.write(`${left.shift()}\r\n`));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      try {
        const app = { username: 'app', password: FIRST };
        const arn = await bench.rotations.createSecret({ ...bench.content(app), port });
        const rotation = await bench.rotations.begin(arn);
        const rotating = bench.rotations.inProcess('rotate-redis', { mode: 'prove', database: { ...bench.facts, port } }, 3_000);
        await bench.rotations.step(rotating, rotation, 'createSecret');
        await expect(bench.rotations.step(rotating, rotation, 'setSecret')).rejects.toMatchObject({ errorClass, code });
        expect(rotating.output()).not.toContain(FIRST);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    });
  });

  test('a server that asks for a certificate of the function is told apart from a wrong password', async () => {
    await elsewhere({ users: 'file' }, async (server, at, arn) => {
      await server.command('CONFIG', 'SET', 'tls-auth-clients', 'yes');
      const rotation = await bench.rotations.begin(arn);
      const rotating = bench.rotations.inProcess('rotate-redis', { mode: 'prove', database: at.facts }, 3_000);
      await bench.rotations.step(rotating, rotation, 'createSecret');
      await expect(bench.rotations.step(rotating, rotation, 'setSecret')).rejects.toMatchObject({ errorClass: 'network' });
    });
  });

  test('a server is one of a public authority where no other is given', async () => {
    const app = await reader();
    await expect(bench.rotations.rotate(proving({ ...bench.facts, certificateAuthorities: undefined }), app.arn))
      .rejects.toMatchObject({ errorClass: 'tls' });
  });

  test('half a character is no password', async () => {
    const arn = await bench.rotations.createSecret(bench.content({ username: 'app', password: FIRST }));
    const rotation = await bench.rotations.begin(arn);
    await bench.rotations.put(arn, '{"engine":"redis","host":"localhost","username":"app","password":"\\ud800xxxxxxxxxxxxxxx"}',
      ['AWSPENDING'], rotation.token);
    await expect(bench.rotations.step(proving(), rotation, 'setSecret')).rejects.toMatchObject({ errorClass: 'stale' });
  });
});
