import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../docs/adr');
const HEAD = /^# (\d+\. .*)\n\nStatus: (accepted|superseded by \[.*\]\(.*\)), \d{4}-\d\d-\d\d\n\n## Context\n/;

const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const records = readdirSync(FOLDER).filter((file) => /^\d{4}-/.test(file));

test.each(records)('%s has a status and a date, and a line in the index', (file) => {
  expect(read(file)).toMatch(HEAD);
  const [, title, status] = HEAD.exec(read(file))!;
  expect(read('README.md')).toContain(`| [${title}](${file}) | ${status} |`);
});
