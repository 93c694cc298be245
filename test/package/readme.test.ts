import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchorsOf, linksIn } from './links';
import { readmeApp } from '../../scripts/demo-live/readme-app';
import { readCloudAssembly } from '../../scripts/local-deployment/cloud-assembly';

const ROOT = join(__dirname, '../..');
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  name: string;
  repository: { url: string };
  jsii: { targets: Record<string, Record<string, any>> };
  peerDependencies: Record<string, string>;
};
const readme = read('README.md');
const REPOSITORY = manifest.repository.url.replace(/\.git$/, '');
const RAW = REPOSITORY.replace('https://github.com/', 'https://raw.githubusercontent.com/');
/** List prices in us-east-1, USD a month. */
const PRICES = { secret: 0.4, key: 1, alarm: 0.1 };

test('opens with the two commands that work on a fresh clone', () => {
  const [, commands] = /```sh\n([^]*?)```/.exec(readme)!;
  expect(commands.split('\n').map((line) => line.replace(/ *#.*/, '')))
    .toEqual(['npm ci && npm run demo', 'npm ci && npm test', '']);
  expect(readme.indexOf(commands)).toBeLessThan(600);
});

test('names the packages that are built', () => {
  const { python, java, dotnet, go } = manifest.jsii.targets;
  expect(readme).toContain(`npm install ${manifest.name} `);
  expect(readme).toContain(`pip install ${python.distName as string} `);
  expect(readme).toContain(`dotnet add package ${dotnet.packageId as string} `);
  expect(readme).toContain(`go get ${go.moduleName as string}/${go.packageName as string}\n`);
  expect(readme).toContain(`${java.maven.groupId as string}:${java.maven.artifactId as string} `);
  expect(readme).toContain(`\`aws-cdk-lib\` ${manifest.peerDependencies['aws-cdk-lib'].slice(1)} or later`);
});

test.each(['README.md', 'API.md'])('%s has no link that is dead where it is packed', (page) => {
  const relative = linksIn(read(page)).filter((link) => !/^[a-z]+:/.test(link) && !link.startsWith('#'));
  expect(relative).toEqual([]);
});

const absolute = linksIn(readme).filter((link) => link.startsWith(REPOSITORY) || link.startsWith(RAW));

test('links to the repository', () => {
  expect(absolute.length).toBeGreaterThan(10);
});

test.each(absolute)('%s is in the repository', (link) => {
  const [, path, anchor] = /^https:\/\/[^/]+\/[^/]+\/[^/]+\/(?:blob\/)?main\/([^#]+)(?:#(.*))?$/.exec(link)!;
  expect({ path, exists: existsSync(join(ROOT, path)) }).toEqual({ path, exists: true });
  expect(anchor === undefined ? [anchor] : anchorsOf(read(path))).toContain(anchor);
});

test('says what its app costs', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
  try {
    readmeApp(outdir).synth();
    const resources = readCloudAssembly(outdir).flatMap((stack) => Object.entries(stack.resources));
    const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
    const [[, secret]] = ofType('AWS::SecretsManager::Secret').filter(([id]) => id.startsWith('MyCustomAppCreds'));
    const copies = 1 + (secret.Properties!.ReplicaRegions as unknown[]).length;
    const cost = copies * PRICES.secret + ofType('AWS::KMS::Key').length * PRICES.key
      + ofType('AWS::CloudWatch::Alarm').length * PRICES.alarm;
    expect(ofType('AWS::EC2::VPCEndpoint')).toEqual([]);
    expect(readme).toContain(`list prices in us-east-1: ${cost.toFixed(2)} USD a month`);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});

test('the files that a link names are committed', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
  const named = absolute.map((link) => link.replace(/^.*\/main\//, '').replace(/#.*/, ''));
  expect(named.filter((file) => !files.split('\n').includes(file))).toEqual([]);
});
