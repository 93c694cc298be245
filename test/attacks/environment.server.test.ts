import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { AttackScene } from './support/attack-scene';
import { Listener } from './support/listener';
import { Environment } from '../../src/contract/environment';
import { HostilePostgreSqlServer } from '../servers/hostile-postgresql-server';
import { requireServer } from '../servers/require-server';

const KINDS = ['prove', 'single', 'alternating'] as const;

/** Who may add variables that drivers and SDKs read to a function's environment, but may not change those of the deployment. */
requireServer('postgresql-18', 'secrets-manager', 'lambda-runtime')('hostile variables', () => {
  let scene: AttackScene;
  let database: HostilePostgreSqlServer;
  let listener: Listener;
  let directory: string;
  let impostor: HostilePostgreSqlServer | Listener | undefined;

  beforeAll(async () => {
    scene = await AttackScene.start();
    // The best that an attacker can have: a certificate of the authority that the function trusts.
    database = await HostilePostgreSqlServer.start('cleartext', scene.bench.certificates.good);
    listener = await Listener.start(createHttpServer());
    directory = mkdtempSync(path.join(tmpdir(), 'variables-'));
  });

  afterAll(async () => {
    await Promise.all([database.stop(), listener.stop(), scene.stop()]);
    rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(() => scene.prepare());

  afterEach(async () => {
    await impostor?.stop();
    impostor = undefined;
  });

  const file = (name: string, text: string): string => {
    writeFileSync(path.join(directory, name), text, { mode: 0o600 });
    return path.join(directory, name);
  };

  /** Where to go instead, and whom to trust. */
  const hostile = (): Record<string, string> => {
    const [url, authority] = [
      `http://127.0.0.1:${listener.port}`,
      file('authority.pem', scene.bench.certificates.unrelatedAuthority.certificate),
    ];
    return {
      PGHOST: database.host,
      PGHOSTADDR: '127.0.0.1',
      PGPORT: String(database.port),
      PGUSER: 'postgres',
      PGPASSWORD: 'x',
      PGDATABASE: 'none',
      PGPASSFILE: file('passwords', `*:*:*:*:${scene.billing.password}`),
      PGSERVICE: 'hostile',
      PGSERVICEFILE: file('services', `[hostile]\nhost=localhost\nport=${database.port}`),
      PGOPTIONS: '-c search_path=public -c role=pg_monitor',
      PGSSLMODE: 'disable',
      PGSSLNEGOTIATION: 'direct',
      PGSSLROOTCERT: authority,
      PGREQUIREAUTH: 'password',
      PGCHANNELBINDING: 'disable',
      PGREPLICATION: 'database',
      PGTARGETSESSIONATTRS: 'standby',
      NODE_PG_FORCE_NATIVE: '1',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_EXTRA_CA_CERTS: authority,
      SSL_CERT_FILE: authority,
      NODE_OPTIONS: '--use-openssl-ca',
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
      AWS_PROFILE: 'hostile',
      AWS_CONFIG_FILE: file('config', `[profile hostile]\nendpoint_url=${url}\nregion=us-east-1`),
      AWS_SHARED_CREDENTIALS_FILE: file('credentials', '[hostile]\naws_access_key_id=AKIAATTACKER\naws_secret_access_key=none'),
      AWS_DEFAULT_REGION: 'us-east-1',
      HTTP_PROXY: url,
      HTTPS_PROXY: url,
      ALL_PROXY: url,
      NODE_USE_ENV_PROXY: '1',
      ROTATION_SUPERUSER: 'postgres',
      SUPERUSER_SECRET: scene.billing.arn,
    };
  };

  test.each(KINDS)('lead nowhere else: %s', async (kind) => {
    const rotating = await scene.bench.inLambda('rotate-postgresql', { ...scene.optionsOf(kind), variables: hostile() });
    scene.bench.guard.calls.length = 0;
    const { errors, changed, shown } = await scene.damageOf(rotating, async () =>
      scene.rotate(rotating, await scene.bench.begin(scene.app.arn)),
    );
    const user = kind === 'alternating' ? `${scene.app.username}_clone` : scene.app.username;
    expect({ errors, shown, changed }).toEqual({ errors: [], shown: [], changed: [user, scene.app.arn].sort() });
    expect(await scene.bench.worksFor(await scene.bench.credentials(scene.app.arn))).toBe(true);
    expect(new Set(scene.bench.guard.calls.map(({ caller }) => caller)))
      .toEqual(new Set([kind === 'prove' ? 'AKIAPROVE' : 'AKIASUPERUSER']));
    expect([database.connections, listener.connections]).toEqual([0, 0]);
  });

  test.each(KINDS)('do not make a server trusted that is not: %s', async (kind) => {
    const server = impostor = await HostilePostgreSqlServer.start('cleartext', scene.bench.certificates.unrelated);
    const { username, password } = scene.app;
    await scene.bench.replace(scene.app.arn, scene.bench.content({ username, password }, { port: server.port }));
    const options = { ...scene.optionsOf(kind), database: { ...scene.bench.facts, port: server.port } };
    const rotating = await scene.bench.inLambda('rotate-postgresql', { ...options, variables: hostile() }, 10);
    const { errors, changed, shown } = await scene.damageOf(rotating, async () =>
      scene.rotate(rotating, await scene.bench.begin(scene.app.arn)),
    );
    expect([changed, shown]).toEqual([[], []]);
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(/^tls: .*certificate/) })]);
    expect([server.connections, server.received.length]).toEqual([1, 0]);
  });

  /**
   * How many requests another Secrets Manager gets whose certificate no public authority has issued, and what the function says.
   */
  const impersonate = async (variables: Record<string, string>): Promise<{ requests: number; errors: Error[] }> => {
    const { certificate: cert, key } = scene.bench.certificates.unrelated;
    const server = impostor = await Listener.start(createHttpsServer({ cert, key }));
    const all = { ...hostile(), ...variables, [Environment.ENDPOINT]: `https://localhost:${server.port}` };
    const rotating = await scene.bench.inLambda('rotate-postgresql', { ...scene.optionsOf('prove'), variables: all }, 10);
    const { errors, changed, shown } = await scene.damageOf(rotating, async () =>
      scene.rotate(rotating, await scene.bench.begin(scene.app.arn)),
    );
    expect({ changed, shown, reached: server.connections > 0 }).toEqual({ changed: [], shown: [], reached: true });
    return { requests: server.requests, errors };
  };

  test('do not make a Secrets Manager trusted that is not, unless they name authorities for Node.js itself', async () => {
    const { requests, errors } = await impersonate({ NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '' });
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(/^tls: DescribeSecret/) })]);
    expect(requests).toBe(0);
  });

  test.each([
    ['NODE_EXTRA_CA_CERTS', { NODE_OPTIONS: '', SSL_CERT_FILE: '' }],
    ['SSL_CERT_FILE, where Node.js is told to look there', { NODE_EXTRA_CA_CERTS: '' }],
  ])('accepted: authorities in %s are trusted for Secrets Manager', async (_, variables) => {
    expect((await impersonate(variables)).requests).toBeGreaterThan(0);
  });
});
