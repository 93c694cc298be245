import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedIn } from './installed-in';
import { addOrders, addOwnServer, synthesised } from './small-app';
import { ExitCode } from '../../../scripts/drill/cli';
import { DatabaseEngine, Rotation } from '../../../src';
import { requireServer } from '../../servers/require-server';
import { until } from '../../servers/until';

const ROOT = join(__dirname, '../../..');
/** The command, with the servers that are installed for the tests. */
const COMMAND = `
const { exitOnSignals, main } = require(${JSON.stringify(join(ROOT, 'scripts/drill/cli.ts'))});
exitOnSignals();
main(['drill', '--app', process.argv[1], '--cache', process.argv[2]], () => undefined);
`;

requireServer('secrets-manager', 'lambda-runtime', 'postgresql-18', 'mariadb')('the command drill', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drill-command-'));
    // Servers run as another user where the tests run as root.
    chmodSync(folder, 0o755);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('leaves neither folders nor servers where it is interrupted', async () => {
    const assembly = synthesised(join(folder, 'cdk.out'), (stack) => addOrders(stack));
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary, { mode: 0o755 });
    const child = started([assembly, installedIn(join(folder, 'cache'))], temporary);
    let said = '';
    [child.stdout, child.stderr].forEach((stream) => stream!.on('data', (data: Buffer) => said += data.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await until(() => said.includes('the first rotation') || child.exitCode !== null, 90_000);
    expect(said).toContain('the first rotation');
    expect(readdirSync(temporary).map((name) => name.replace(/-\w+$/, ''))).toEqual(expect.arrayContaining([
      'drill', 'deployed-function', 'lambda-runtime', 'secrets-manager',
    ]));
    child.kill('SIGTERM');
    expect(await ended).toBe(128 + 15);
    // Servers are ended beside it, when the process is gone.
    await until(() => remaining(temporary).length === 0, 20_000);
    expect(remaining(temporary)).toEqual([]);
  });

  test('loads clients from where its servers are, as it is packed', () => {
    const assembly = synthesised(join(folder, 'packed'), (stack) => {
      addOrders(stack);
      addOwnServer(stack, 'Stock', DatabaseEngine.MARIADB, Rotation.alternatingUsers());
    });
    const installed = installedIn(join(folder, 'cache-of-package'));
    const args = ['drill', '--app', assembly, '--cache', installed, '--rotations', '1', '--seed', '3'];
    const script = `require(${JSON.stringify(join(ROOT, 'drill/index.js'))}).main(${JSON.stringify(args)}, () => {})
      .then((code) => process.exitCode = code)`;
    const run = () => spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
    const { status, stdout } = run();
    expect({ status, stdout }).toEqual({
      status: ExitCode.NOTHING_LOCKED_OUT, stdout: expect.stringContaining('Nothing locked out: 2 secrets were drilled.'),
    });
    rmSync(join(installed, 'node/node_modules/pg'));
    const { status: without, stderr } = run();
    expect({ without, stderr }).toEqual({
      without: ExitCode.NOT_DRILLED, stderr: expect.stringMatching(/^drill: Cannot find module 'pg'/),
    });
  });
});

function started(args: string[], TMPDIR: string): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', '-e', COMMAND, ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR, TSX_TSCONFIG_PATH: join(ROOT, 'test/tsconfig.json') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What tsx keeps is its own. */
function remaining(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('tsx-') && name !== 'node-compile-cache');
}
