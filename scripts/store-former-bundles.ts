import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const ROOT = resolve(__dirname, '..');
const FORMER = join(ROOT, 'test/handlers/former-bundles');
/** Where the packages of the checkout are found from. */
const TEMPORARY = join(ROOT, '.servers');
/** All that rotate something on servers that tests can start. */
const HANDLERS = [
  'regenerate', 'rotate-cache-user', 'rotate-documentdb', 'rotate-iam-access-key', 'rotate-ldap', 'rotate-mysql',
  'rotate-postgresql', 'rotate-redis', 'rotate-redshift', 'rotate-sqlserver',
];

const git = (...options: string[]): string =>
  execFileSync('git', options, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

/** Bundles handlers as they were at the commit, and stores them for the tests of an upgrade in the middle of a rotation. */
export function storeFormerBundles(reference: string, handlers: readonly string[] = HANDLERS): void {
  const commit = git('rev-parse', `${reference}^{commit}`);
  mkdirSync(TEMPORARY, { recursive: true });
  const checkout = mkdtempSync(join(TEMPORARY, 'former-'));
  try {
    const archive = join(checkout, 'sources.tar');
    git('archive', '--output', archive, commit);
    execFileSync('tar', ['-xf', archive], { cwd: checkout });
    execFileSync(process.execPath, ['--import', 'tsx', 'scripts/bundle-handlers.ts', ...handlers], {
      cwd: checkout,
      stdio: 'inherit',
    });
    for (const handler of handlers) {
      const [bundle, stored] = [join(checkout, 'assets', handler), join(FORMER, handler)];
      mkdirSync(stored, { recursive: true });
      // Of a commit before bundles had their licences in common they are beside each.
      const licences = [join(bundle, 'LICENSES.txt'), join(checkout, 'assets/LICENSES.txt')].find((file) => existsSync(file))!;
      for (const file of [join(bundle, 'index.js'), licences]) {
        writeFileSync(join(stored, `${basename(file)}.gz`), gzipSync(readFileSync(file), { level: 9 }));
      }
      const from = { commit, date: git('show', '--no-patch', '--format=%cs', commit) };
      writeFileSync(join(stored, 'from.json'), `${JSON.stringify(from, undefined, 2)}\n`);
    }
  } finally {
    rmSync(checkout, { recursive: true });
  }
}

if (require.main === module) {
  const [reference, ...handlers] = process.argv.slice(2);
  if (reference === undefined) {
    throw new Error('Which commit? npx tsx scripts/store-former-bundles.ts COMMIT [HANDLER ...]');
  }
  storeFormerBundles(reference, handlers.length > 0 ? handlers : undefined);
}
