import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { navigation, partsOf, withLinks, withoutRuleAtEnd } from '../../../scripts/site/layout';

const ROOT = join(__dirname, '../../..');
const REPOSITORY = 'https://github.com/owner/name';
const files = new Set(['README.md', 'API.md', 'docs/README.md', 'docs/cost.md', 'docs/picture.svg', 'docs/rotation/oracle.md']);

test.each([
  ['README.md', `[cost](${REPOSITORY}/blob/main/docs/cost.md#keys)`, '[cost](docs/cost.md#keys)'],
  ['README.md', '![x](https://raw.githubusercontent.com/owner/name/main/docs/picture.svg)', '![x](docs/picture.svg)'],
  ['docs/cost.md', '[the README](../README.md)', '[the README](../index.md)'],
  ['docs/cost.md', '[the index](README.md)', '[the index](README.md)'],
  ['docs/rotation/oracle.md', '[cost](../cost.md), [here](#needs)', '[cost](../cost.md), [here](#needs)'],
  ['docs/cost.md', '[a test](../test/a.ts#L1)', `[a test](${REPOSITORY}/blob/main/test/a.ts#L1)`],
  ['docs/cost.md', '[AWS](https://aws.amazon.com/)', '[AWS](https://aws.amazon.com/)'],
  ['docs/cost.md', '[`Rotation`](../API.md#name.Rotation)', '<a href="../API.html#name.Rotation">`Rotation`</a>'],
  ['docs/cost.md', '```ts\na[0](../README.md)\n```', '```ts\na[0](../README.md)\n```'],
])('on %s %j becomes %j', (page, markdown, expected) => {
  expect(withLinks(page, markdown, { repository: REPOSITORY, files })).toBe(expected);
});

test('the navigation is what the tables of the index lead to, each page once', () => {
  const index = '# Guides\n\n| to begin | read |\n|---|---|\n| a | [x](x.md), [r](../README.md) |\n\n'
    + '| engine | guide |\n|---|---|\n| o | [o](rotation/oracle.md), [x](x.md#y) |\n';
  const parts = partsOf(index);
  expect(parts).toEqual([
    { caption: 'to begin', pages: ['docs/x.md'] },
    { caption: 'engine', pages: ['docs/rotation/oracle.md'] },
  ]);
  expect(navigation(parts)).toContain('```{toctree}\n:hidden:\n:maxdepth: 1\n:caption: To begin\n\ndocs/x\n```');
});

test('the index leads to every guide', () => {
  const guides = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.startsWith('adr') && file !== 'README.md').map((file) => `docs/${file}`);
  const listed = partsOf(readFileSync(join(ROOT, 'docs/README.md'), 'utf8')).flatMap(({ pages }) => pages);
  expect(guides.filter((guide) => !listed.includes(guide))).toEqual([]);
});

test('a page does not end with a rule', () => {
  expect(withoutRuleAtEnd('text\n\n---\n\nmore\n\n---\n\n\n')).toBe('text\n\n---\n\nmore\n\n');
  expect(withoutRuleAtEnd('| a |\n|---|\n')).toBe('| a |\n|---|\n');
});
