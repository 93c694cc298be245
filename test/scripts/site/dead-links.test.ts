import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadLinks } from '../../../scripts/site/dead-links';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'index.html'), '<h1 id="top &amp; more">x</h1><a name="named"></a>');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  '../index.html', '../index.html#top%20%26%20more', '../index.html#named', '#here', '', '../docs/page.html?q=1',
  'mailto:a@example.com', 'https://example.com/nowhere',
])('a link to %j is not dead', (target) => {
  writeFileSync(join(folder, 'docs/page.html'), `<p id="here"><a class="x" href="${target}">x</a></p>`);
  expect(deadLinks(folder)).toEqual([]);
});

test.each([
  ['a page that is not there', 'other.html'],
  ['a heading that is not there', '../index.html#other'],
  ['the root of a server', '/index.html'],
  ['what is above the site', '../../index.html'],
])('a link to %s is dead', (_, target) => {
  writeFileSync(join(folder, 'docs/page.html'), `<img src="${target}">`);
  expect(deadLinks(folder)).toEqual([`${join('docs', 'page.html')}: ${target}`]);
});
