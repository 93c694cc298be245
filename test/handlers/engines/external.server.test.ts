import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineRotations } from './engine-rotations';
import { threeInARow } from './three-in-a-row';
import { twoPasswords } from './two-passwords';
import { externalEngine } from '../../external/external-engines';
import { type ExternalServer, externalServer } from '../../external/external-server';
import { type Certificates, createCertificates } from '../../servers/certificates';
import { MariadbServer } from '../../servers/mariadb-server';
import { MongodbPeer } from '../../servers/mongodb-peer';
import { RedisServer } from '../../servers/redis-server';
import { requireServer } from '../../servers/require-server';
import type { Credentials } from '../support/rotation-bench';

/** What the tests of an external server get to know of it, and how it ends. */
interface Started {
  readonly port: number;
  readonly administrator: Credentials;
  stop(): Promise<void>;
}

const SERVERS: Record<string, (certificates: Certificates) => Promise<Started>> = {
  mariadb: async ({ good: certificate }) => {
    const server = await MariadbServer.start({ certificate });
    return { port: server.port, administrator: server.superuser, stop: async () => server.stop() };
  },
  redis: async ({ good: certificate }) => RedisServer.start({ certificate, users: 'file' }),
  mongodb: async ({ good }) => {
    const server = await MongodbPeer.start(good, 'mongodb');
    return { port: server.port, administrator: server.superuser, stop: async () => server.stop() };
  },
};

requireServer('mariadb', 'redis', 'secrets-manager')('a server that is named by the environment alone', () => {
  describe.each(Object.keys(SERVERS))('%s', (name) => {
    let [server, rotations, folder]: [Started?, EngineRotations?, string?] = [];
    /** What is known of an engine without a server. */
    const known = externalEngine(name, { name } as ExternalServer);
    const started = (): EngineRotations => rotations!;
    jest.setTimeout(300_000);

    beforeAll(async () => {
      const certificates = createCertificates();
      folder = mkdtempSync(join(tmpdir(), 'external-'));
      const authority = join(folder, 'authority.pem');
      writeFileSync(authority, certificates.authority.certificate);
      server = await SERVERS[name](certificates);
      const named = externalServer({
        EXTERNAL_ENGINE: name,
        EXTERNAL_PORT: String(server.port),
        EXTERNAL_USERNAME: server.administrator.username,
        EXTERNAL_PASSWORD: server.administrator.password,
        EXTERNAL_CERTIFICATE_AUTHORITY: authority,
      });
      rotations = await EngineRotations.start(externalEngine(named.engine, named.server));
    });

    afterAll(async () => {
      await rotations?.stop();
      await server?.stop();
      rmSync(folder!, { recursive: true });
    });

    threeInARow(known, started);
    twoPasswords(known, started);

    test('says what it counts and keeps, or that it does neither', () => {
      const { bench } = rotations!;
      expect([bench.logins, bench.statements].map((can) => can !== undefined)).toEqual(Array(2).fill(name !== 'mongodb'));
    });
  });
});

test('an environment that names no server is told what is missing, and an engine that nobody knows which there are', () => {
  expect(() => externalServer({ EXTERNAL_ENGINE: 'mysql', EXTERNAL_PORT: '3306' })).toThrow(
    /^No server is named\. Missing are EXTERNAL_USERNAME: .*; EXTERNAL_PASSWORD: .*; EXTERNAL_CERTIFICATE_AUTHORITY: /,
  );
  expect(() => externalEngine('db2', { name: 'DB2' } as ExternalServer)).toThrow(
    "There is no engine 'db2': one of mysql, mariadb, redis, mongodb, sqlserver, oracle",
  );
});
