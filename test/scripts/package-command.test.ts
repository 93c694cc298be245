import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(__dirname, '../..');
const MODULE = pathToFileURL(join(ROOT, 'scripts/package-command.mjs')).href;

/** What the module says of a command, or the message of its error. */
function commandOf(root: string, ...names: string[]): string {
  const source = `import { packageCommand } from ${JSON.stringify(MODULE)};
    try { console.log(packageCommand(...${JSON.stringify([root, ...names])})); } catch ({ message }) { console.log(message); }`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', source], { encoding: 'utf8' }).stdout.trim();
}

describe('a command of a package', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'a folder with blanks '));
    const installed = (name: string, bin: unknown): void => {
      const directory = join(folder, 'node_modules', name);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, bin }));
    };
    installed('one', './dist/cli.mjs');
    installed('many', { first: 'bin/first', second: './bin/second.js' });
    installed('@scope/tool', 'tool.js');
    installed('none', undefined);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each<[string[], string[]]>([
    [['one'], ['one', 'dist', 'cli.mjs']],
    [['many', 'first'], ['many', 'bin', 'first']],
    [['many', 'second'], ['many', 'bin', 'second.js']],
    [['@scope/tool', 'tool'], ['@scope', 'tool', 'tool.js']],
  ])('%j is the file that npm links to', (names, parts) => {
    expect(commandOf(folder, ...names)).toBe(join(folder, 'node_modules', ...parts));
  });

  test.each([[['many', 'third'], 'many', 'third'], [['one', 'other'], 'one', 'other'], [['none'], 'none', 'none']])(
    '%j is refused by its name', (names, name, command) => {
      expect(commandOf(folder, ...names)).toBe(`the package ${name} has no command '${command}'`);
    },
  );

  test.each([['tsx'], ['aws-cdk', 'cdk']])('%s is a program for Node.js, which needs no shell', (...names) => {
    const file = commandOf(ROOT, ...names);
    expect(isAbsolute(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});

test('the demonstration starts nothing but Node.js, and joins paths by the rules of the system', () => {
  const sources = ['demo', 'synthesise-example', 'package-command']
    .map((name) => readFileSync(join(ROOT, 'scripts', `${name}.mjs`), 'utf8'));
  const started = sources.flatMap((source) => [...source.matchAll(/\b(?:spawn|exec|execFile|fork)(?:Sync)?\((.*?),/g)]);
  expect(started.map(([, command]) => command)).toEqual(['process.execPath']);
  expect(sources.join('')).not.toMatch(/shell: true|\.bin['/]|\/bin\/sh/);
});
