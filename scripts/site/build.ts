/**
 * Makes the site in dist/site from the README, the guides and the API reference, which stay as GitHub shows them.
 *
 * They are laid out for Sphinx with links that hold there, and with the guides' index as the navigation. A warning fails, such as
 * one of a page that the index does not name; so does a link in what was made that leads nowhere. With `--languages` the API
 * reference is there for each language; that needs the constructs compiled, and takes some minutes.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deadLinks } from './dead-links';
import { navigation, partsOf, withLinks, withoutRuleAtEnd } from './layout';

const ROOT = join(__dirname, '../..');
const SOURCE = join(ROOT, '.servers/site/source');
const DOCTREES = join(ROOT, '.servers/site/doctrees');
const OUTPUT = join(ROOT, 'dist/site');
const PYTHON = join(ROOT, '.servers/sphinx/bin/python');
const API = join(ROOT, '.servers/site/API');
/** Languages that the API reference can be had in, beside TypeScript, as jsii-docgen and as readers name them. */
const LANGUAGES = { python: 'Python', java: 'Java', csharp: 'C#', go: 'Go' };
/** Pages beside the guides. */
const PROJECT = ['CHANGELOG.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'SECURITY.md', 'AGENTS.md'];

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Writes the API reference for each other language, and says which pages that are. */
function layOutApis(): string[] {
  const languages = Object.entries(LANGUAGES);
  run('jsii-docgen', ['--output', API, ...languages.flatMap(([language]) => ['--language', language])]);
  return languages.map(([language, name]) => {
    const page = `API.${language}.md`;
    const reference = withoutRuleAtEnd(readFileSync(`${API}.${language}.md`, 'utf8'));
    writeFileSync(join(SOURCE, page), reference.replace(/^# API Reference\b/m, `# API reference for ${name}`));
    return page;
  });
}

function layOut(): number {
  const { repository } = JSON.parse(read('package.json')) as { repository: { url: string } };
  const guides = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.\w+$/.test(file)).map((file) => `docs/${file.replaceAll('\\', '/')}`);
  const files = new Set(['README.md', 'API.md', ...PROJECT, ...guides]);
  rmSync(SOURCE, { recursive: true, force: true });
  mkdirSync(SOURCE, { recursive: true });
  const apis = process.argv.includes('--languages') ? [{ caption: 'the API in', pages: layOutApis() }] : [];
  const parts = [
    { caption: 'contents', pages: ['docs/README.md'] }, ...partsOf(read('docs/README.md')), ...apis,
    { caption: 'the project', pages: PROJECT },
    { caption: 'decisions', pages: guides.filter((page) => /^docs\/adr\/\d/.test(page)).sort() },
  ];
  for (const file of files) {
    const target = join(SOURCE, file === 'README.md' ? 'index.md' : file);
    mkdirSync(dirname(target), { recursive: true });
    if (file.endsWith('.md')) {
      const page = withLinks(file, withoutRuleAtEnd(read(file)), { repository: repository.url.replace(/\.git$/, ''), files });
      writeFileSync(target, file === 'README.md' ? page + navigation(parts) : page);
    } else {
      cpSync(join(ROOT, file), target);
    }
  }
  return files.size;
}

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: ROOT });
  if (error || status !== 0) {
    throw new Error(`the site was not made: ${error?.message ?? `${command} failed, see above`}`);
  }
}

function main(): void {
  const files = layOut();
  rmSync(OUTPUT, { recursive: true, force: true });
  run(PYTHON, [
    '-m', 'sphinx', '--quiet', '--fail-on-warning', '--keep-going', '-b', 'html', '-d', DOCTREES, '-c', join(ROOT, 'site'),
    SOURCE, OUTPUT,
  ]);
  const dead = deadLinks(OUTPUT);
  if (dead.length > 0) {
    throw new Error(`links of the site that lead nowhere:\n${dead.join('\n')}`);
  }
  console.log(`dist/site/index.html, from ${files} files`);
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
