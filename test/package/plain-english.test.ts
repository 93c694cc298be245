import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** Files, and folders whose Markdown and TypeScript is read. */
const ROOTS = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'AGENTS.md', 'docs', 'src', 'handlers', 'ARCHITECTURE.md'];

/** Phrases that readers stumbled on, each with what to write. */
const PHRASES: readonly [phrase: RegExp, instead: string][] = [
  [/\b(?:is|are|be|been|was|were) told of\b/i, 'knows, or is notified of'],
  [/\blet at\b/i, 'granted access to'],
  [/\bstands? (?:in|on|with|between|outside|there)\b/i, 'is in, or appears in'],
  [/(?<!\b(?:there|that) )\bis none\b/i, 'is not one, or does not exist'],
  [/\bin words\b/i, 'literal'],
  [/\bof which one\b/i, 'of each required'],
  [/\btakes? amiss\b/i, 'misreads'],
  [/\bbits of chance\b/i, 'entropy'],
  [/(?:^|[.:;|*] )who (?:may|can|must|has|wants|needs|sets|writes|deploys)\b/i, 'anybody who'],
  [/\b(?:by|for|of|to|is|has) who (?:may|can|must|has|wants|needs)\b/i, 'somebody who'],
];

const files = ROOTS.flatMap((root) => statSync(join(ROOT, root)).isFile()
  ? [root]
  : readdirSync(join(ROOT, root), { recursive: true, encoding: 'utf8' }).map((file) => join(root, file)))
  .filter((file) => /\.(?:md|ts)$/.test(file));

/** The phrases in a text whose lines, in comments too, were joined. */
function stumblingIn(text: string): string[] {
  const joined = text.replace(/\s*\n\s*(?:\*|\/\/)?\s*/g, ' ');
  return PHRASES.flatMap(([phrase, instead]) => joined.match(phrase)?.map((found) => `'${found}': write '${instead}'`) ?? []);
}

test.each(files)('%s is in plain English', (file) => {
  expect(stumblingIn(readFileSync(join(ROOT, file), 'utf8'))).toEqual([]);
});

test.each([
  'The audit is told of it.', 'It cannot be let at the secret.', 'What it says\n * stands in the log.', 'The superuser is none.',
  'ARN, in words.',
  'Each type of which one is to occur.', 'Whoever reads. Who may invoke it can keep it busy.', 'a trail for who has none',
])('notices %j', (text) => {
  expect(stumblingIn(text)).toHaveLength(1);
});
