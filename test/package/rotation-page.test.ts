import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const TEST = /`([\w./-]+\.ts)`: \*([^*]+)\*/g;
const LINK = /\]\(([^)#]*)(?:#([^)]*))?\)/g;
const PAGES = ['README.md', 'docs/rotation.md'];

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** A source with its texts in one piece, however many lines they have. */
const textOf = (source: string): string => read(source).replaceAll(/['"`]\s*\+ ['"`]/g, '').replaceAll("\\'", "'");

/** Anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const named = [...read('docs/rotation.md').matchAll(TEST)].map(([, file, name]) => ({ file, name }));

test('the page on rotation names tests', () => {
  expect(named.length).toBeGreaterThan(60);
});

test.each(named)('$file has the test that the page on rotation names: $name', ({ file, name }) => {
  expect(textOf(join('test', file))).toContain(name);
});

test.each(PAGES)('links of %s lead somewhere', (page) => {
  const links = [...read(page).matchAll(LINK)].filter(([, target]) => !/^[a-z]+:/.test(target));
  expect(links.length).toBeGreaterThan(0);
  for (const [, target, anchor] of links) {
    const path = target === '' ? page : join(dirname(page), target);
    expect({ path, exists: existsSync(join(ROOT, path)) }).toEqual({ path, exists: true });
    if (anchor !== undefined) {
      expect(anchorsOf(path)).toContain(anchor);
    }
  }
});
