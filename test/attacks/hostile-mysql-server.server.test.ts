import { type Aftermath, AttackScene } from './support/attack-scene';
import { attackedMysql } from './support/attacked-database';
import { NO_DAMAGE } from './support/damage';
import type { DatabaseFacts } from '../../src/contract/database-facts';
import { MysqlBench } from '../handlers/support/mysql-bench';
import type { ServerCertificate } from '../servers/certificates';
import { type MysqlBehaviour, MysqlPeer } from '../servers/mysql-peer';
import { requireServer } from '../servers/require-server';

/** Who signs in first, with what is most worth having: the user itself, and the superuser. */
const KINDS = ['prove', 'single'] as const;
/** Steps of a rotation that sign in. */
const LOGINS = 3;

/** Who answers in place of MySQL or MariaDB, and has no permission in the account. */
requireServer('secrets-manager')('another server in place of MySQL', () => {
  let bench: MysqlBench<MysqlPeer>;
  let scene: AttackScene;
  /** The driver writes to it by itself when packets are out of order. */
  let written: jest.SpyInstance;

  beforeAll(async () => {
    written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    bench = await MysqlBench.start('mysql', async ({ good }) => MysqlPeer.start(good));
    scene = await AttackScene.of(bench.rotations, attackedMysql(bench));
    await scene.prepare();
  });

  afterAll(async () => {
    const text = JSON.stringify(written.mock.calls);
    expect([scene.app.password, bench.database.superuser.password].filter((password) => text.includes(password))).toEqual([]);
    written.mockRestore();
    await bench.stop();
  });

  /** A whole rotation against another server, with every step tried, and the passwords that got there. */
  const against = async (
    kind: (typeof KINDS)[number], behaviour: MysqlBehaviour, certificate: ServerCertificate, where: Partial<DatabaseFacts> = {},
  ): Promise<{ server: MysqlPeer; errors: Error[]; damage: Omit<Aftermath, 'errors'>; given: string[] }> => {
    const server = await MysqlPeer.start(certificate, behaviour);
    const { username, password, arn } = scene.app;
    await server.createUser({ username, password });
    const address = { host: 'localhost', ...where, port: server.port };
    await scene.bench.replace(arn, bench.content({ username, password }, { host: address.host, port: address.port }));
    const rotating = scene.functionOf(kind, { database: { ...bench.facts, ...address } });
    const rotation = await scene.bench.begin(arn);
    const { errors, ...damage } = await scene.damageOf(rotating, async () => scene.invoke(rotating, rotation));
    const passwords = [password, bench.database.superuser.password, (await scene.bench.credentials(arn, 'AWSPENDING')).password];
    await server.stop();
    const heard = Buffer.concat([server.received, server.plaintext]);
    return { server, errors, damage, given: passwords.filter((text) => heard.includes(text)) };
  };

  describe.each(KINDS)('%s', (kind) => {
    test.each([
      ['clear-password', 'protocol'], ['greets-with-clear-password', 'protocol'], ['sha256-password', 'protocol'],
      ['greets-with-sha256-password', 'protocol'],
      ['ed25519', 'protocol'], ['unknown-method', 'protocol'], ['ok-before-tls', 'protocol'], ['refusal-before-tls', 'protocol'],
      ['switch-before-tls', 'tls'], ['no-tls', 'tls'],
    ] as const)('with a certificate that is good, and %s: no password, no statement', async (behaviour, errorClass) => {
      const { server, errors, damage, given } = await against(kind, behaviour, bench.rotations.certificates.good);
      expect(damage).toEqual(NO_DAMAGE);
      expect(errors).toEqual(Array(LOGINS).fill(expect.objectContaining({ errorClass })));
      expect(given).toEqual([]);
      expect([server.connections, server.statements()]).toEqual([LOGINS, '']);
    });

    test.each(['wrongHost', 'expired', 'unrelated'] as const)(
      'with a certificate that is bad (%s): not even the name of a user',
      async (name) => {
        const { server, errors, damage } = await against(kind, 'clear-password', bench.rotations.certificates[name]);
        expect(damage).toEqual(NO_DAMAGE);
        expect(errors).toEqual(Array(LOGINS).fill(expect.objectContaining({ errorClass: 'tls' })));
        expect([server.connections, server.received.length, server.plaintext.includes(scene.app.username)])
          .toEqual([LOGINS, 0, false]);
      },
    );

    test('at an IP address, whose certificate nobody can check: not even a connection', async () => {
      const { server, errors, damage } = await against(kind, 'clear-password', bench.rotations.certificates.good, {
        host: '127.0.0.1',
      });
      expect([damage, server.connections]).toEqual([NO_DAMAGE, 0]);
      expect(errors).toEqual(
        Array(LOGINS).fill(
          expect.objectContaining({ errorClass: 'configuration', message: expect.stringContaining('TLS server name') }),
        ),
      );
    });
  });

  test('that asks for a file of the function: it gets none', async () => {
    const { server, errors, damage, given } = await against('prove', 'local-infile', bench.rotations.certificates.good);
    expect(damage).toEqual(NO_DAMAGE);
    // It lets in whom it knows, which is nobody with the pending password.
    expect(errors).toEqual(
      ['protocol', 'authentication', 'authentication'].map((errorClass) => expect.objectContaining({ errorClass }) as unknown),
    );
    expect(server.logins('accepted')).toBe(1);
    // Whoever proves the server's name gets the password of who signs in: the protocol wants it. Nobody else's.
    expect(given).not.toContain(bench.database.superuser.password);
    expect(server.received.includes('PATH=')).toBe(false);
  });
});
