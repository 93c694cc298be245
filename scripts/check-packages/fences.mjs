/** Examples in packages: whether what is labelled as another language's is TypeScript. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const LABELS = { 'python': 'python', 'java': 'java', 'go': 'go', 'csharp': 'csharp', 'c#': 'csharp' };
const FENCE = /^(?<margin>.*?)```(?<label>[a-z#]+).*\n(?<code>[^]*?)^\k<margin>```/gm;
const TEXTS = new Set(['.cs', '.go', '.java', '.md', '.py', '.pyi', '']);
/** Strings in single quotes, which only Python has besides: what is written so in the others is one character, or a comment. */
const STRINGS_OF_TYPESCRIPT = /'[^'\n]{2,}'/;
const TYPESCRIPT = /^\s*(const|let|import \{|import \* as|export) |\bimport .* from ['"]|\bnew \w+\([^)]*\{$|===|\bawait /m;
const NOT_PYTHON = /\bnew [A-Z]\w*\(|;$|^\s*\}|\{ \w+: /m;

/** Fences of a text that hold TypeScript under another label: what is found has the label and the first line. */
export function foreignFences(text) {
  return [...text.matchAll(FENCE)]
    .map(({ groups }) => ({ label: LABELS[groups.label], code: withoutMargin(groups.code, groups.margin) }))
    .filter(({ label, code }) => label !== undefined && isTypeScript(label, code))
    .map(({ label, code }) => `${label}: ${code.trim().split('\n')[0]}`);
}

const withoutMargin = (code, margin) => code.split('\n').map((line) => line.replace(margin, '')).join('\n');

function isTypeScript(label, code) {
  const bare = code.replace(/(\/\/|#).*$/gm, '');
  if (label === 'python') return TYPESCRIPT.test(bare) || NOT_PYTHON.test(bare);
  return TYPESCRIPT.test(bare) || STRINGS_OF_TYPESCRIPT.test(bare);
}

/** All fences of a folder: how many there are of each language, and which hold TypeScript. */
export function examplesIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && TEXTS.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const texts = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const labels = texts.flatMap(({ text }) => [...text.matchAll(FENCE)].map(({ groups }) => LABELS[groups.label]));
  return {
    labels: labels.filter((label) => label !== undefined),
    foreign: texts.flatMap(({ file, text }) => foreignFences(text).map((found) => `${file}: ${found}`)),
  };
}
