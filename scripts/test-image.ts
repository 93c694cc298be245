/**
 * Runs the suite of all engines on a server that comes as a container. Wants Docker, the bundles and the test servers.
 *
 *   npm run test:image -- mysql-8.4
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMINISTRATOR, type Image, IMAGES } from './images';
import { createCertificates } from '../test/servers/certificates';

const ROOT = resolve(__dirname, '..');
const READY_LIMIT = 600_000;
const MSSQL = ['[network]', 'tlscert = /certificates/server.pem', 'tlskey = /certificates/server.key', 'tlsprotocols = 1.2',
  'forceencryption = 1', ''].join('\n');

function run(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...environment } });
  if (error || status !== 0) {
    throw new Error(`${program} ${args[0]} failed${error ? `: ${error.message}` : ''}`);
  }
}

/** Readable by whoever runs in a container: they are made for one run. */
function writeCertificates(folder: string): void {
  const { authority, good } = createCertificates();
  const files = {
    'authority.pem': authority.certificate,
    'server.pem': good.certificate,
    'server.key': good.key,
    'both.pem': `${good.certificate}\n${good.key}`,
    'mssql.conf': MSSQL,
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content, { mode: 0o644 });
  }
}

async function untilReady(container: string, { ready }: Image): Promise<void> {
  for (const end = Date.now() + READY_LIMIT; ;) {
    if (spawnSync('docker', ['exec', container, 'sh', '-c', ready], { stdio: 'ignore' }).status === 0) {
      return;
    }
    if (Date.now() > end) {
      run('docker', ['logs', '--tail', '50', container]);
      throw new Error(`the server was not ready after ${READY_LIMIT / 60_000} minutes`);
    }
    await sleep(2_000);
  }
}

/** What `docker run` is told, besides the image. */
export function containerArguments(
  { port, environment = {}, mounts = {}, image, arguments: args = [] }: Image, certificates: string,
): string[] {
  return [
    '--detach', '--publish', `127.0.0.1::${port}`, '--volume', `${certificates}:/certificates:ro`,
    ...Object.entries(mounts).flatMap(([file, target]) => ['--volume', `${join(certificates, file)}:${target}:ro`]),
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    image, ...args,
  ];
}

async function test(image: Image): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  spawnSync('chmod', ['755', folder]);
  writeCertificates(folder);
  const authority = join(folder, 'authority.pem');
  const pkcs12 = join(folder, 'server.p12');
  run('openssl', [
    'pkcs12', '-export', '-in', join(folder, 'server.pem'), '-inkey', join(folder, 'server.key'), '-certfile', authority,
    '-out', pkcs12, '-passout', `pass:${ADMINISTRATOR.password}`,
  ]);
  run('chmod', ['644', pkcs12]);
  const started = spawnSync('docker', ['run', ...containerArguments(image, folder)], { encoding: 'utf8' });
  if (started.status !== 0) {
    throw new Error(`docker run failed: ${started.error?.message ?? started.stderr}`);
  }
  const container = started.stdout.trim();
  try {
    await untilReady(container, image);
    if (image.prepare !== undefined) {
      run('docker', ['exec', container, 'sh', '-c', image.prepare]);
    }
    const at = spawnSync('docker', ['port', container, String(image.port)], { encoding: 'utf8' }).stdout;
    run('npx', ['jest', '--ci', '--config', 'test/external/jest.config.cjs'], {
      EXTERNAL_ENGINE: image.engine,
      EXTERNAL_NAME: image.name,
      EXTERNAL_PORT: /:(\d+)\s/.exec(at)?.[1],
      EXTERNAL_USERNAME: ADMINISTRATOR.username,
      EXTERNAL_PASSWORD: ADMINISTRATOR.password,
      EXTERNAL_CERTIFICATE_AUTHORITY: authority,
      NODE_EXTRA_CA_CERTS: authority,
    });
  } finally {
    run('docker', ['rm', '--force', '--volumes', container]);
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) {
  const [name] = process.argv.slice(2);
  const image = IMAGES.find((one) => one.name === name);
  if (!image) {
    console.error(`Say which image: ${IMAGES.map((one) => one.name).join(', ')}`);
    process.exitCode = 1;
  } else {
    test(image).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
  }
}
