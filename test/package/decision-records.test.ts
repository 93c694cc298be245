import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../docs/adr');
const LINK = String.raw`\[.*\]\(.*\)`;
const HEAD = new RegExp(String.raw`^# (\d+\. .*)\n\nStatus: (accepted(?:, in part superseded by ${LINK})?|superseded by ${LINK}), `
  + String.raw`\d{4}-\d\d-\d\d\n\n## Context\n`);

const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const records = readdirSync(FOLDER).filter((file) => /^\d{4}-/.test(file));

test.each(records)('%s has a status and a date, and a line in the index', (file) => {
  expect(read(file)).toMatch(HEAD);
  const [, title, status] = HEAD.exec(read(file))!;
  expect(read('README.md')).toContain(`| [${title}](${file}) | ${status} |`);
});
