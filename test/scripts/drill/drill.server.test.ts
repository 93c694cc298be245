import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib/core';
import { installedIn } from './installed-in';
import { addOrders, addOwnServer, synthesised } from './small-app';
import { ExitCode, main } from '../../../scripts/drill/cli';
import { drill as runDrill } from '../../../scripts/drill/drill';
import { DatabaseEngine, HardenedSecret, Rotation } from '../../../src';
import { requireServer } from '../../servers/require-server';

const SEED = '3';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>;
}

function idOf({ Resources }: Template, type: string, id: RegExp): string {
  return Object.keys(Resources).find((logicalId) => Resources[logicalId].Type === type && id.test(logicalId))!;
}

/** Adds code to the bundles of rotation functions. */
function alterFunctions(assembly: string, code: string): void {
  for (const name of readdirSync(assembly).filter((entry) => entry.startsWith('asset.'))) {
    appendFileSync(join(assembly, name, 'index.js'), `;${code}`);
  }
}

requireServer('secrets-manager', 'lambda-runtime', 'postgresql-18', 'mariadb', 'redis')('drilling an app', () => {
  let folder: string;
  let cache: string;
  let said: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
    // Servers run as another user where the tests run as root.
    chmodSync(folder, 0o755);
    cache = installedIn(join(folder, 'cache'));
  });

  beforeEach(() => {
    said = '';
    for (const method of ['log', 'error'] as const) {
      jest.spyOn(console, method).mockImplementation((...lines: unknown[]) => void (said += `${lines.join(' ')}\n`));
    }
  });

  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env.TEST_SERVERS_FOLDER;
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const synthesise = (name: string, fill: (stack: Stack) => void): string => synthesised(join(folder, name), fill);
  const drill = async (assembly: string, ...args: string[]): Promise<number> =>
    main(['drill', '--app', assembly, '--cache', cache, '--seed', SEED, ...args], () => {}, async () => ({ drill: runDrill }));

  test('users of three engines and of each strategy stay in, although each function is killed in each rotation', async () => {
    const assembly = synthesise('good', (stack) => {
      addOrders(stack);
      addOwnServer(stack, 'Bills', DatabaseEngine.POSTGRES, Rotation.singleUserWithSuperuser());
      addOwnServer(stack, 'Stock', DatabaseEngine.MARIADB, Rotation.alternatingUsers());
      addOwnServer(stack, 'Carts', DatabaseEngine.VALKEY, Rotation.dualPassword());
      new HardenedSecret(stack, 'Token', { rotation: Rotation.regenerate() });
    });
    expect({ code: await drill(assembly, '--rotations', '1'), said }).toEqual({
      code: ExitCode.NOTHING_LOCKED_OUT, said: expect.stringContaining('Nothing locked out: 4 secrets were drilled.'),
    });
    for (const name of ['Orders', 'Bills', 'Stock', 'Carts']) {
      // Rotations and kills; the logins of two users, or with two passwords, never fail.
      expect(said).toMatch(new RegExp(`^Shop/${name} .* 1 +1 +[1-9]\\d* +${['Stock', 'Carts'].includes(name) ? 0 : '\\d+'} `, 'm'));
    }
    expect(said).toContain('not drilled: Shop/Token: nobody signs in to a database with it');
    expect(said).toContain(`--seed ${SEED}`);
  });

  test('a function that leaves the current value behind, after it has changed the password, locks out', async () => {
    const assembly = synthesise('forgetful', (stack) => addOrders(stack));
    alterFunctions(assembly, `
      const { handler } = module.exports;
      module.exports = { handler: async (event, context) => event.Step === 'finishSecret' ? null : handler(event, context) };`);
    expect(await drill(assembly)).toBe(ExitCode.LOCKED_OUT);
    expect(said).toContain('FAILED Shop/Orders: locked out: after the first rotation the current value does not sign in');
    expect(said).toContain('1 of 1 secrets that were drilled have failed.');
    expect(said).not.toContain('did not finish');
  });

  test('a function that cannot be run again is found by killing it', async () => {
    const assembly = synthesise('once-only', (stack) => addOrders(stack));
    const memory = join(folder, 'begun');
    alterFunctions(assembly, `
      const { existsSync, writeFileSync } = require('node:fs');
      const { handler } = module.exports;
      module.exports = { handler: async (event, context) => {
        const begun = ${JSON.stringify(memory)} + event.ClientRequestToken;
        if (event.Step === 'createSecret' && existsSync(begun)) {
          throw new Error('this rotation has begun before');
        }
        writeFileSync(begun, '');
        return handler(event, context);
      } };`);
    expect(await drill(assembly)).toBe(ExitCode.LOCKED_OUT);
    expect(said).toMatch(/^Shop\/Orders: the first rotation: [\d.]+ s, /m);
    expect(said).toMatch(/FAILED Shop\/Orders: rotation 1 of 3 did not finish: .*this rotation has begun before/);
  });

  test('a superuser whose secret has not its password lets no rotation finish', async () => {
    const assembly = synthesise('wrong-superuser', (stack) => addOrders(stack));
    const file = join(assembly, 'Shop.template.json');
    const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
    const other = idOf(template, 'AWS::SecretsManager::Secret', /^Orders[^D]/);
    template.Resources[idOf(template, 'AWS::RDS::DBInstance', /./)].Properties.MasterUserPassword = {
      'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: other }, ':SecretString:password::}}']],
    };
    writeFileSync(file, JSON.stringify(template));
    expect(await drill(assembly)).toBe(ExitCode.LOCKED_OUT);
    expect(said).toMatch(/FAILED Shop\/Orders: the first rotation did not finish: .*RotationError: authentication/);
  });

  test('an app of which nothing can be drilled is no success', async () => {
    const assembly = synthesise('nothing', (stack) => {
      new HardenedSecret(stack, 'Token', { rotation: Rotation.regenerate() });
    });
    expect(await drill(assembly)).toBe(ExitCode.NOT_DRILLED);
    expect(said).toBe('not drilled: Shop/Token: nobody signs in to a database with it\n'
      + 'drill: the app has no rotated secret that can be drilled\n');
  });

  test('what is typed wrong is one line', async () => {
    expect(await main(['drill', '--rotations', 'all'])).toBe(ExitCode.NOT_DRILLED);
    expect(said).toBe('drill: --rotations is "all", allowed: a whole number from 1 to 100\n');
  });
});
