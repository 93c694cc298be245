import { createServer as createTcp, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { CacheLogin } from '../../../handlers/rotate-cache-user/cache-login';
import type { ServerCertificate } from '../../servers/certificates';
import { freePort } from '../../servers/free-port';
import { requireServer } from '../../servers/require-server';
import { CacheBench } from '../support/cache-bench';
import { STEPS } from '../support/rotation-bench';
import { VirtualClock } from '../support/virtual-clock';

const CANARY = 'canary-password-of-the-user';

requireServer('redis', 'secrets-manager')('new passwords that are proved at a cluster', () => {
  let bench: CacheBench;

  beforeAll(async () => {
    bench = await CacheBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.reset());

  const login = (port: number, authority = bench.rotations.certificates.authority.certificate): CacheLogin =>
    new CacheLogin({ host: 'localhost', port, certificateAuthorities: [authority] });
  const signIn = async (port: number, milliseconds = 10_000): Promise<void> =>
    login(port).signIn({ username: 'app', password: CANARY }, new Deadline(systemClock, milliseconds));

  test('one login in a rotation, and none of it in vain', async () => {
    const user = await bench.createUser('elasticache');
    const rotating = bench.provingFunction('elasticache', user);
    for (let rotation = 0; rotation < 3; rotation++) {
      const [logins, refusals] = [await bench.redis.logins(), await bench.redis.refusals()];
      await bench.rotations.rotate(rotating, user.arn);
      // The user is changed by one more, and this question is another.
      expect([await bench.redis.logins() - logins, await bench.redis.refusals() - refusals]).toEqual([4, 0]);
      expect(await bench.works(user)).toBe(true);
    }
    expect(bench.apis.elasticache.count('ModifyUser')).toBe(3);
  });

  test('a password that was never set is not promoted, whichever step is asked for', async () => {
    const user = await bench.createUser('memorydb');
    await bench.rotations.rotate(bench.provingFunction('memorydb', user), user.arn);
    const rotation = await bench.rotations.begin(user.arn);
    await bench.rotations.step(bench.provingFunction('memorydb', user), rotation, 'createSecret');
    for (const step of ['testSecret', 'finishSecret'] as const) {
      await expect(bench.rotations.step(bench.provingFunction('memorydb', user), rotation, step))
        .rejects.toMatchObject({ errorClass: 'authentication', code: 'WRONGPASS' });
    }
    expect((await bench.rotations.labels(user.arn)).AWSPENDING).toBe(rotation.token);
    for (const step of STEPS.slice(1)) {
      await bench.rotations.step(bench.provingFunction('memorydb', user), rotation, step);
    }
    expect([await bench.works(user), await bench.works(user, 'AWSPREVIOUS')]).toEqual([true, true]);
  });

  test('a user that may not ask who it is proves itself', async () => {
    const username = 'reader';
    await bench.redis.setUser(username, [CANARY], ['on', '~*', '-@all', '+get']);
    await expect(login(bench.redis.port).signIn({ username, password: CANARY }, new Deadline(systemClock, 120_000)))
      .resolves.toBeUndefined();
  });

  test('a test without a rotation signs in with the value as it is', async () => {
    const user = await bench.createUser('elasticache');
    const rotation = await bench.rotations.begin(user.arn);
    await bench.rotations.step(bench.provingFunction('elasticache', user), rotation, 'testSecret');
    bench.apis.elasticache.change(user.userId, { passwordCount: 1 });
    await bench.redis.setUser(user.username, ['another password']);
    await expect(bench.rotations.step(bench.provingFunction('elasticache', user), rotation, 'testSecret'))
      .rejects.toMatchObject({ errorClass: 'authentication' });
  });

  test('a cluster that cannot be reached yet is waited for', async () => {
    const user = await bench.createUser('elasticache');
    const rotation = await bench.rotations.begin(user.arn);
    const clock = new VirtualClock();
    await expect(
      bench.rotations.step(bench.provingFunction('elasticache', user, await freePort(), clock), rotation, 'testSecret'),
    ).rejects.toMatchObject({ errorClass: 'network', code: 'ECONNREFUSED' });
    expect(clock.now()).toBeGreaterThan(300);
  });

  describe('the server', () => {
    /** A server over TLS that answers each command as it is told, and remembers what it was sent. */
    const withServer = async (
      certificate: ServerCertificate | undefined,
      answer: (socket: Socket, nth: number) => void,
      work: (port: number, heard: () => string) => Promise<void>,
    ): Promise<void> => {
      let received = '';
      const sockets: Socket[] = [];
      const accept = (socket: Socket): void => {
        let commands = 0;
        sockets.push(socket);
        socket.on('error', () => undefined).on('data', (chunk: Buffer) => {
          received += chunk.toString('latin1');
          answer(socket, ++commands);
        });
      };
      const server = certificate ? createTls({ cert: certificate.certificate, key: certificate.key }, accept) : createTcp(accept);
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        await work((server.address() as { port: number }).port, () => received);
      } finally {
        sockets.forEach((socket) => socket.destroy());
        await new Promise((resolve) => server.close(resolve));
      }
    };

    test.each([
      ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID', 'for another name'], ['expired', 'CERT_HAS_EXPIRED', 'has expired'],
      ['unrelated', 'SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'does not come from a trusted'],
      ['notYetValid', 'CERT_NOT_YET_VALID', 'not valid yet'],
    ] as const)('with a certificate that is wrong (%s) is sent nothing', async (name, code, text) => {
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
      try {
        await withServer(bench.rotations.certificates[name], (socket) => socket.write('+OK\r\n'), async (port, heard) => {
          await expect(signIn(port)).rejects.toMatchObject({
            errorClass: 'tls',
            code: expect.stringMatching(code),
            message: expect.stringContaining(text),
          });
          expect(heard()).toBe('');
        });
      } finally {
        delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      }
    });

    test('is one of a public authority where no other is given', async () => {
      await withServer(bench.rotations.certificates.good, (socket) => socket.write('+OK\r\n'), async (port, heard) => {
        const publicOnly = new CacheLogin({ host: 'localhost', port });
        await expect(publicOnly.signIn({ username: 'app', password: CANARY }, new Deadline(systemClock, 120_000)))
          .rejects.toMatchObject({ errorClass: 'tls' });
        expect(heard()).toBe('');
      });
    });

    test('without TLS is sent no name and no password', async () => {
      await withServer(undefined, (socket) => socket.write('-ERR unknown command\r\n'), async (port, heard) => {
        await expect(signIn(port))
          .rejects.toMatchObject({ errorClass: 'tls', message: expect.stringContaining('does not offer TLS') });
        expect(heard()).not.toContain(CANARY);
      });
    });

    test('that hangs up in the handshake, or does not finish it', async () => {
      await withServer(undefined, (socket) => socket.destroy(), async (port) => {
        await expect(signIn(port)).rejects.toMatchObject({ errorClass: 'network' });
      });
      await withServer(undefined, () => undefined, async (port) => {
        await expect(signIn(port, 2_000))
          .rejects.toMatchObject({ errorClass: 'timeout', message: expect.stringContaining('TLS handshake') });
      });
    });

    const good = (): ServerCertificate => bench.rotations.certificates.good;

    test.each([
      ['WRONGPASS of its own words', `-WRONGPASS ${CANARY}\r\n`, 'authentication', 'WRONGPASS'],
      ['loading', '-LOADING x\r\n', 'unavailable', 'LOADING'],
      ['busy', '-BUSY x\r\n', 'unavailable', 'BUSY'], ['down', '-CLUSTERDOWN x\r\n', 'unavailable', 'CLUSTERDOWN'],
      ['a replica', '-MASTERDOWN x\r\n', 'unavailable', 'MASTERDOWN'],
      ['no room', '-ERR max number of clients reached\r\n', 'unavailable', 'MAXCLIENTS'],
      ['a redirection', '-MOVED 1 attacker.example:6379\r\n', 'protocol', 'MOVED'],
      ['no authentication', '-ERR AUTH <password> called without any password\r\n', 'protocol', 'ERR'],
      ['the password as code', `-${CANARY}\r\n`, 'protocol', 'UNKNOWN'],
      ['the password', `+${CANARY}\r\n`, 'protocol', undefined], ['HTTP', 'HTTP/1.1 400 Bad Request\r\n', 'protocol', undefined],
    ])('that answers AUTH with %s', async (_, answer, errorClass, code) => {
      await withServer(good(), (socket) => socket.write(answer), async (port, heard) => {
        const error = await signIn(port).then(() => new Error('it worked'), (thrown: Error & { code?: string }) => thrown);
        expect(error).toMatchObject({ errorClass });
        expect((error as { code?: string }).code).toBe(code);
        expect(JSON.stringify([error.message, error.stack, { ...error }])).not.toContain(CANARY);
        expect(heard().match(/AUTH/g)).toHaveLength(1);
      });
    });

    test.each([['another user', '$5\r\nadmin\r\n'], ['an error of its own', '-ERR unknown\r\n'], ['OK', '+OK\r\n']])(
      'that says it signed in %s', async (_, answer) => {
        await withServer(good(), (socket, nth) => socket.write(nth === 1 ? '+OK\r\n' : answer), async (port) => {
          await expect(signIn(port)).rejects.toMatchObject({
            errorClass: 'conflict',
            message: expect.stringContaining('another user than the secret names'),
          });
        });
      });

    test('that answers in pieces', async () => {
      await withServer(good(), (socket, nth) => {
        const answer = nth === 1 ? ['+O', 'K\r', '\n'] : ['$3', '\r\nap', 'p\r\n'];
        answer.forEach((piece, index) => setTimeout(() => socket.write(piece), 10 * index));
      }, async (port) => expect(signIn(port)).resolves.toBeUndefined());
    });

    test('that falls silent, or hangs up', async () => {
      await withServer(good(), () => undefined, async (port) => {
        await expect(signIn(port, 2_000))
          .rejects.toMatchObject({ errorClass: 'timeout', message: expect.stringContaining('does not answer') });
      });
      await withServer(good(), (socket) => socket.destroy(), async (port) => {
        await expect(signIn(port))
          .rejects.toMatchObject({ errorClass: 'network', message: expect.stringContaining('closed the connection') });
      });
    });

    test('Redis that stands still', async () => {
      bench.redis.pause();
      try {
        await expect(signIn(bench.redis.port, 400)).rejects.toMatchObject({ errorClass: 'timeout' });
      } finally {
        bench.redis.resume();
      }
    });
  });
});
