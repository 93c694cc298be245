import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const NAMED = /`((?:[\w-]+\/)*[\w.-]+\.(?:ts|mjs|json|ts-fixture))`/g;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n');
const pages = files.filter((file) => file.endsWith('.md') && !['API.md', 'CHANGELOG.md'].includes(file));
/** Pages name a file by its path, by the end of it, or by its path below `test/`. */
const exists = (named: string) => files.some((file) => `/${file}`.endsWith(`/${named}`));

test.each(pages)('the files that %s names are there', (page) => {
  const named = [...readFileSync(join(ROOT, page), 'utf8').matchAll(NAMED)].map(([, name]) => name);
  expect(named.filter((name) => !exists(name))).toEqual([]);
});
