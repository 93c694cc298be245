import { type Aftermath, AttackScene } from './support/attack-scene';
import { NO_DAMAGE } from './support/damage';
import type { DatabaseFacts } from '../../src/contract/database-facts';
import { ManInTheMiddle } from '../handlers/support/man-in-the-middle';
import type { FunctionInProcess } from '../handlers/support/rotation-function';
import type { ServerCertificate } from '../servers/certificates';
import { type HostileBehaviour, HostilePostgreSqlServer } from '../servers/hostile-postgresql-server';
import { requireServer } from '../servers/require-server';

/** Who signs in first, with what is most worth having: the user itself, and the superuser. */
const KINDS = ['prove', 'single'] as const;

/** Who answers in place of the database, by its name or on the way to it, and has no permission in the account. */
requireServer('postgresql-18', 'secrets-manager')('another server in place of the database', () => {
  let scene: AttackScene;
  let running: { stop: () => Promise<void> }[] = [];

  beforeAll(async () => {
    scene = await AttackScene.start();
    await scene.prepare();
  });

  afterAll(() => scene.stop());

  afterEach(async () => {
    await Promise.all(running.map(async (server) => server.stop()));
    running = [];
  });

  const started = <T extends { stop: () => Promise<void> }>(server: T): T => {
    running.push(server);
    return server;
  };

  /** A whole rotation against an address, with every step tried, and all that must not get there. */
  const attack = async (kind: (typeof KINDS)[number], where: Partial<DatabaseFacts>): Promise<Aftermath & { made: string }> => {
    const { username, password, arn } = scene.app;
    await scene.bench.replace(
      arn,
      scene.bench.content({ username, password }, { host: where.host ?? 'localhost', port: where.port }),
    );
    const rotating: FunctionInProcess = scene.functionOf(kind, { database: { ...scene.bench.facts, ...where } });
    const rotation = await scene.bench.begin(arn);
    const damage = await scene.damageOf(rotating, async () => scene.invoke(rotating, rotation));
    return { ...damage, made: (await scene.bench.credentials(arn, 'AWSPENDING')).password };
  };

  const against = async (kind: (typeof KINDS)[number], behaviour: HostileBehaviour, certificate: ServerCertificate) => {
    const server = started(await HostilePostgreSqlServer.start(behaviour, certificate));
    const { made, ...damage } = await attack(kind, { port: server.port });
    const passwords = [scene.app.password, scene.bench.database.superuser.password, made];
    return { server, damage, given: passwords.filter((password) => server.received.includes(password)) };
  };

  describe.each(KINDS)('%s', (kind) => {
    test.each([
      ['cleartext', 'protocol'], ['md5', 'protocol'], ['no-authentication', 'protocol'], ['unknown-sasl', 'protocol'],
      ['wrong-signature', 'protocol'], ['refuse-tls', 'tls'],
    ] as const)('with a certificate that is good, and %s: no password, no hash, no statement', async (behaviour, errorClass) => {
      const { server, damage: { errors, ...damage }, given } = await against(kind, behaviour, scene.bench.certificates.good);
      expect(damage).toEqual(NO_DAMAGE);
      expect(errors).toEqual(Array(3).fill(expect.objectContaining({ errorClass })));
      expect(given).toEqual([]);
      expect(server.connections).toBe(3);
      expect(server.received.includes('ROLE')).toBe(false);
      // What SCRAM shows of a password is worth as much as the password is long.
      const messages = server.passwordMessages.map((message) => message.toString());
      expect(messages.filter((message) => !/^(SCRAM-SHA-256|c=)/.test(message))).toEqual([]);
      expect(messages.length > 0).toBe(behaviour === 'wrong-signature');
    });

    test.each(['wrongHost', 'expired', 'unrelated'] as const)(
      'with a certificate that is bad (%s): not even the name of a user',
      async (name) => {
        const { server, damage: { errors, ...damage } } = await against(kind, 'cleartext', scene.bench.certificates[name]);
        expect(damage).toEqual(NO_DAMAGE);
        expect(errors).toEqual(Array(3).fill(expect.objectContaining({ errorClass: 'tls' })));
        expect([server.connections, server.received.length]).toEqual([3, 0]);
      },
    );

    test('at an IP address, whose certificate nobody can check: not even a connection', async () => {
      const server = started(await HostilePostgreSqlServer.start('cleartext', scene.bench.certificates.good));
      const { errors, changed } = await attack(kind, { host: '127.0.0.1', port: server.port });
      expect([changed, server.connections]).toEqual([[], 0]);
      expect(errors).toEqual(
        Array(3).fill(
          expect.objectContaining({ errorClass: 'configuration', message: expect.stringContaining('TLS server name') }),
        ),
      );
    });

    test('that forwards everything and has a certificate of the same authority: no login that it could use', async () => {
      const certificate = scene.bench.certificates.authority.issue({ names: ['localhost'] });
      const man = started(await ManInTheMiddle.start(certificate, scene.bench.database.port));
      const { errors, changed, shown, logins, made } = await attack(kind, { port: man.port });
      expect({ changed, shown, logins }).toEqual({ changed: [], shown: [], logins: 0 });
      expect(errors).toHaveLength(3);
      expect(man.forwarded).toContain('SCRAM-SHA-256-PLUS');
      expect(
        [scene.app.password, scene.bench.database.superuser.password, made].filter((password) =>
          man.forwarded.includes(password),
        ),
      ).toEqual([]);
    });
  });
});
