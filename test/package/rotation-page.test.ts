import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const TEST = /`([\w./-]+\.ts)`: \*([^*]+)\*/g;

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** A source with its texts in one piece, however many lines they have. */
const textOf = (source: string): string => read(source).replaceAll(/['"`]\s*\+ ['"`]/g, '').replaceAll("\\'", "'");

const pages = ['docs/rotation.md', 'docs/what-goes-wrong-elsewhere.md'];
const named = pages.flatMap((page) => [...read(page).matchAll(TEST)].map(([, file, name]) => ({ file, name })));

test('the pages on rotation name tests', () => {
  expect(named.length).toBeGreaterThan(60);
});

test.each(named)('$file has the test that a page on rotation names: $name', ({ file, name }) => {
  expect(textOf(join('test', file))).toContain(name);
});
