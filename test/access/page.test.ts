import { readFileSync } from 'node:fs';
import { accessPage, PAGE } from './page';
import { TABLE } from './table';

const page = readFileSync(PAGE, 'utf8');

// Else: npx tsx --tsconfig test/tsconfig.json test/access/write-page.ts
test('the page shows the policies and verdicts of now', () => {
  expect(page).toBe(accessPage());
});

test.each(TABLE)('the page has the verdicts on $about', ({ about, rows }) => {
  const [, part] = page.split(`<!-- table: ${about} -->\n`);
  const [table] = part.split('<!-- end -->');
  expect(table.split('\n').filter((line) => /(allowed|refused) \|$/.test(line))).toHaveLength(rows.length);
});
