import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const page = read('docs/operations.md');
const sources = readdirSync(join(ROOT, 'handlers'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => read(join('handlers', file)))
  .join('\n');

/** The members of the union of error classes, as the source has them. */
const union = /export type ErrorClass =(.*?);\n\n/s.exec(read('handlers/core/rotation-error.ts'))![1];
const classes = [...union.matchAll(/\| '(\w+)'/g)].map(([, name]) => name);

/** The section of a heading, up to the next one. */
function sectionOf(heading: string): string {
  const [, section = ''] = page.split(`\n### ${heading}\n`);
  return section.split(/\n##+ /)[0].trim();
}

test('finds the classes', () => {
  expect(classes).toEqual(expect.arrayContaining(['authentication', 'audit', 'internal']));
  expect(classes.length).toBeGreaterThanOrEqual(15);
});

test.each(classes)('has a section on the class %s', (name) => {
  expect(sectionOf(`\`${name}\``).length).toBeGreaterThan(80);
});

test('has no section on a class that does not exist', () => {
  const named = [...page.matchAll(/^### `(\w+)`$/gm)].map(([, name]) => name);
  expect(named.filter((name) => !classes.includes(name))).toEqual([]);
});

/** What stands for a system or a service, not in a table of ours. */
const FOREIGN = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', '53300'];

test('codes that it names are known to the functions', () => {
  const byClass = page.slice(page.indexOf('## By class'), page.indexOf('## Commands'));
  const codes = [...byClass.matchAll(/`(\d[\dA-Z]{1,4}|[A-Z]\w+(?:Exception|Failure)|E[A-Z]+|\d{4,5})`/g)]
    .map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(15);
  const unknown = codes.filter((code) => !FOREIGN.includes(code) && !new RegExp(`^\\s*'?${code}'?: `, 'm').test(sources));
  expect(unknown).toEqual([]);
});

test('has every finding of the audit', () => {
  const audit = read('handlers/core/audit.ts');
  const rows = [...sectionOf('`audit`').matchAll(/^\| (?!finding|-)([^|]+?) \|/gm)].map(([, finding]) => finding);
  expect(rows.filter((finding) => !audit.includes(finding))).toEqual([]);
  const findings = [...audit.matchAll(/(?:findings\.push\(|[?:=] \[?|return \[)['`]([a-z][^'`$]{8,})/g)]
    .map(([, text]) => text)
    // The last is a part of the finding on replicas.
    .filter((text) => text.includes(' ') && text !== 'not in sync');
  expect(findings.length).toBeGreaterThan(6);
  expect(findings.filter((finding) => !rows.some((row) => finding.includes(row)))).toEqual([]);
});
