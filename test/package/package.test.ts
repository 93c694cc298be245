import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const [tarball] = JSON.parse(listing) as { size: number; files: { path: string }[] }[];
const paths = tarball.files.map(({ path }) => path);

test.each([
  'assets/rotate-postgresql/index.js', 'assets/rotate-postgresql/LICENSES.txt', 'assets/regenerate/index.js', 'lib/index.js', 'lib/index.d.ts',
])('packs %s', (path) => {
  expect(paths).toContain(path);
});

test('packs neither the sources of the rotation functions nor what only maintainers need', () => {
  expect(paths.filter((path) => !/^(lib|assets)\//.test(path)).sort()).toEqual(['.jsii', '.jsii.gz', 'API.md', 'LICENSE', 'README.md', 'package.json']);
  expect(paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
});

test('is no larger than 2 MB', () => {
  expect(tarball.size).toBeLessThanOrEqual(2 * 1024 * 1024);
});

test('needs nothing at run time but the AWS CDK', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies?: object; peerDependencies: object };
  expect(manifest.dependencies ?? {}).toEqual({});
  expect(manifest.peerDependencies).toEqual({ 'aws-cdk-lib': '^2.220.0', 'constructs': '^10.4.2' });
});
