import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicTypes } from './assembly';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
const reference = readFileSync(join(ROOT, 'API.md'), 'utf8');
const types = publicTypes();
const ROW = /^\| .* \| \[`(\w+)`\]\(\.\.\/API\.md#([^)]+)\) \| (.*) \|$/gm;
const rows = [...page.matchAll(ROW)].map(([, name, anchor, uses]) => ({ name, anchor, uses }));

test('the map has rows', () => {
  expect(rows.length).toBeGreaterThan(50);
});

test.each(rows)('$name has what the map says: $uses', ({ name, anchor, uses }) => {
  const type = types.find((one) => one.name === name);
  const members = [...type?.methods ?? [], ...type?.properties ?? []].map((member) => member.name);
  const named = [...uses.matchAll(/`([^`]+)`/g)].map(([, text]) => text).filter((text) => !text.startsWith('new '));
  expect(members).toEqual(expect.arrayContaining(named.map((text) => text.replace('()', ''))));
  expect(reference).toContain(`id="${anchor}"`);
});

test('the map leads to every class that users make or call', () => {
  const classes = types.filter(({ kind, abstract }) => kind === 'class' && !abstract).map(({ name }) => name);
  expect(classes.filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
});
