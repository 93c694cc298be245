import { type Aftermath, AttackScene } from './support/attack-scene';
import { attackedDirectory } from './support/attacked-database';
import { Attacker } from './support/attacker';
import { NO_DAMAGE } from './support/damage';
import type { DatabaseFacts } from '../../src/contract/database-facts';
import { LdapBench } from '../handlers/support/ldap-bench';
import type { ServerCertificate } from '../servers/certificates';
import { HostileLdapServer, type LdapReply } from '../servers/hostile-ldap-server';
import { LdapAnswer } from '../servers/ldap-answers';
import { requireServer } from '../servers/require-server';

/** Who signs in first, with what is most worth having: the user itself, and the superuser. */
const KINDS = ['prove', 'single'] as const;
/** Steps of a rotation that sign in. */
const LOGINS = 3;

requireServer('slapd', 'secrets-manager')('another LDAP directory', () => {
  let bench: LdapBench;
  let scene: AttackScene;

  beforeAll(async () => {
    bench = await LdapBench.start();
    scene = await AttackScene.of(bench.rotations, attackedDirectory(bench));
  });

  beforeEach(() => scene.prepare());

  afterAll(() => bench.stop());

  const started = async (certificate: ServerCertificate | undefined, reply: LdapReply): Promise<HostileLdapServer> =>
    HostileLdapServer.start(certificate, ...Array.from({ length: 30 }, () => reply));

  /** Who answers in place of the directory, and has no permission in the account. */
  describe.each(KINDS)('in its place: %s', (kind) => {
    /** A whole rotation against another server, with every step tried. */
    const against = async (server: HostileLdapServer, where: Partial<DatabaseFacts> = {}): Promise<Aftermath> => {
      const { username, password, arn } = scene.app;
      const address = { host: 'localhost', ...where, port: server.port };
      await scene.bench.replace(arn, bench.content({ username, password }, { host: address.host, port: address.port }));
      const rotating = scene.functionOf(kind, { database: { ...bench.facts, ...address } });
      const rotation = await scene.bench.begin(arn);
      const damage = await scene.damageOf(rotating, async () => scene.invoke(rotating, rotation));
      await server.stop();
      return damage;
    };

    test.each(['wrongHost', 'expired', 'unrelated'] as const)(
      'with a certificate that is bad (%s): not even the name of a user',
      async (name) => {
        const server = await started(bench.rotations.certificates[name], (id) => LdapAnswer.result(id, LdapAnswer.bind, 0));
        const { errors, ...damage } = await against(server);
        expect(damage).toEqual(NO_DAMAGE);
        expect(errors).toEqual(Array(LOGINS).fill(expect.objectContaining({ errorClass: 'tls' })));
        expect([server.connections, server.asked]).toEqual([LOGINS, []]);
      },
    );

    test('without TLS, which lets everybody in: not even the name of a user', async () => {
      const server = await started(undefined, (id) => LdapAnswer.result(id, LdapAnswer.bind, 0));
      const { errors, ...damage } = await against(server);
      expect(damage).toEqual(NO_DAMAGE);
      expect(errors).toEqual(Array(LOGINS).fill(expect.objectContaining({ errorClass: 'tls' })));
      expect([server.connections, server.received.includes('uid=')]).toEqual([LOGINS, false]);
    });

    test('at an IP address, whose certificate nobody can check: not even a connection', async () => {
      const server = await started(bench.rotations.certificates.good, (id) => LdapAnswer.result(id, LdapAnswer.bind, 0));
      const { errors, ...damage } = await against(server, { host: '127.0.0.1' });
      expect([damage, server.connections]).toEqual([NO_DAMAGE, 0]);
      expect(errors).toEqual(Array(LOGINS).fill(expect.objectContaining({ errorClass: 'configuration' })));
    });

    test('which refers to a third one: that one gets no login', async () => {
      const third = await started(bench.rotations.certificates.good, (id) => LdapAnswer.result(id, LdapAnswer.bind, 0));
      const refers: LdapReply = (id) => LdapAnswer.referral(id, LdapAnswer.bind, `ldaps://localhost:${third.port}/`);
      const { errors, ...damage } = await against(await started(bench.rotations.certificates.good, refers));
      expect(damage).toEqual(NO_DAMAGE);
      expect(errors).toEqual(Array(LOGINS).fill(expect.objectContaining({ errorClass: 'configuration', code: '10' })));
      expect(third.connections).toBe(0);
      await third.stop();
    });
  });

  /** Who may write a bound secret and its superuser's as they like, but for the credentials in them. */
  describe('named by a secret', () => {
    let server: HostileLdapServer;

    beforeEach(async () => {
      scene.permit(Attacker.may(
        ['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret'], scene.app.arn, scene.superuserSecret,
      ));
      await scene.schedule(scene.app.arn);
      server = await started(bench.rotations.certificates.good, (id) => LdapAnswer.result(id, LdapAnswer.bind, 0));
    });

    afterEach(async () => {
      expect(server.connections).toBe(0);
      await server.stop();
    });

    const write = async (arn: string, value: object): Promise<void> =>
      scene.attacker.moveLabel(arn, 'AWSCURRENT', await scene.attacker.put(arn, value, ['WRITTEN']));
    const rotate = async (kind: (typeof KINDS)[number]): Promise<Aftermath> => {
      const rotating = scene.functionOf(kind);
      return scene.damageOf(rotating, async () => scene.rotate(rotating, await scene.attacker.rotate(scene.app.arn)));
    };

    test.each(KINDS)('gets no login: %s', async (kind) => {
      const { username, password } = scene.app;
      for (const elsewhere of [
        { port: server.port }, { host: '127.0.0.1' }, { host: '127.0.0.1', port: server.port },
        { host: `localhost:${server.port}` }, { host: `ldaps://localhost:${server.port}/` },
      ]) {
        await write(scene.app.arn, bench.content({ username, password }, elsewhere));
        const { errors, ...damage } = await rotate(kind);
        expect(damage).toEqual(NO_DAMAGE);
        expect(errors).toEqual([
          expect.objectContaining({ errorClass: 'configuration', message: expect.stringContaining('for another database') }),
        ]);
      }
    });

    test.each(KINDS)('in fields that the function does not know, is not there: %s', async (kind) => {
      const { username, password } = scene.app;
      const url = `ldaps://localhost:${server.port}/`;
      const fields = { url, uri: url, ldapUrl: url, tlsPort: server.port, startTls: true };
      await write(scene.app.arn, bench.content({ username, password }, fields));
      const { errors, changed, shown } = await rotate(kind);
      expect({ errors, shown, changed }).toEqual({ errors: [], shown: [], changed: [scene.app.arn, username].sort() });
    });

    test("in the superuser's secret, is not where the superuser signs in", async () => {
      await write(scene.superuserSecret, { ...bench.superuser, engine: 'ldap', host: 'localhost', port: server.port });
      const { errors, changed } = await rotate('single');
      expect({ errors, changed }).toEqual({ errors: [], changed: [scene.app.arn, scene.app.username].sort() });
    });
  });
});
