import { byFirstLetter } from './by-first-letter';
import { type CredentialName, credentialName, FOREIGN_NOUNS } from './property-names';
import { isCredential, looksMade } from './values';

/** A credential in a text, by the name that is given to it there. */
export interface Assignment {
  readonly name: string;
}

/** Where a name of a credential may end: what is around it is read by hand, so that no text takes long. */
const NOUN = new RegExp(byFirstLetter([
  'passw(?:or)?d', 'passphrase', 'passcode', 'passwort', 'pass(?![a-z])', 'pwd', '(?:^|[^a-z])pw(?![a-z])', 'secret', 'token',
  'key', 'credential', 'creds',
  'auth(?!or|ent)', 'authorization', 'psk', 'salt', '(?<![a-z])p(?:in|uk)(?![a-z])', 'mnemonic', 'login',
  ...FOREIGN_NOUNS,
]), 'gi');
const OF_NAME = /[\w.\-/\u00c0-\u024f\u0300-\u052f\u3040-\ud7af\uE000]/;
const NAME_AT_MOST = 100;
const VALUE_AT_MOST = 4096;
const MESSAGE_AT_MOST = 256;
/** Of one without quotes. */
const WORD_AT_MOST = 512;
/** What code has in the place of a literal: a variable, a member, a call, a type. */
const CODE = /^(?:[A-Za-z_$][\w$]*(?:\.[A-Za-z_$]|\?\.|\(|\[|::)|new |await |lambda|\(|\[|\{|&|\*|@)/;
/** What a variable, or a call, is replaced by where it is not there. */
const OTHERWISE = new RegExp(String.raw`^[\w$][\w$.?!:]{0,80}(?:[([]["'\x60]?[\w.\- ]{0,80}["'\x60]?[)\]])?\s{0,3}(?:\|\||\?\?|\bor\b|\?:)\s{0,3}`
  + String.raw`(["'\x60])([^"'\x60\n]{1,256})\1`);
/**
 * What code has in place of a variable that is not set: `process.env.DB_PASSWORD || '…'`, `getenv("DB_PASSWORD") or "…"`,
 * `getenv("DB_PASSWORD", default="…")`, `fetch("DB_PASSWORD") { "…" }`.
 */
const FALLBACK = new RegExp(String.raw`^(?:\\{0,3}["'\x60])?[\])]?(?:\s{0,3}(?:\|\||\?\?|\?:)=?|(?<=[\])])\s{1,3}or\b`
  + String.raw`|(?<=["'\x60]),\s{0,3}default\s{0,3}=|(?<=["'\x60]\))\s{1,3}\{)\s{0,3}(?=\\{0,3}["'\x60])`);
const LOOKS_UP = new RegExp(`(?:${[
  'get|set|env|environ|define|put|fetch|header|append|add|param|prop|send|with|arg|pair|entry|option|config|fill',
].join('|')})\\w{0,40}\\s{0,3}\\(\\s{0,10}$`, 'i');

/** The first credential that a text assigns to a name: in a shell, code, YAML, JSON, XML, a connection string, a query. */
export function assignmentIn(text: string, prose: boolean): Assignment | undefined {
  let read = -1;
  for (const { index } of text.matchAll(NOUN)) {
    if (index < read) {
      continue;
    }
    const [start, end] = nameAround(text, index);
    read = end;
    const name = text.slice(start, end);
    const kind = name.length <= NAME_AT_MOST ? credentialName(name) : undefined;
    const value = kind && !isInArn(text, start) && !isInPlaceholder(text, start) ? valueAfter(text, start, end) : undefined;
    // A parameter of an address is one in a sentence, too.
    const said = kind && { ...kind, last: kind.last && (!prose || /[?&]/.test(text[start - 1] ?? '')) };
    if (said && value !== undefined && !(said.noun === 'secret' && OPTION.test(value))
      && (isCredential(said, value) || beginsWithOne(said, value))) {
      return { name };
    }
  }
  return undefined;
}

/** `arn:aws:secretsmanager:*:*:secret:name`. */
const isInArn = (text: string, start: number): boolean =>
  text[start - 1] === ':' && /\barn:[^\s"']*$/.test(text.slice(Math.max(0, start - 80), start));

/** `${NAME:}`, `${file:/run/secrets/password}`: whether there is a value, and which, is looked at elsewhere. */
const isInPlaceholder = (text: string, start: number): boolean =>
  /\$\{[\w:./-]{0,40}$/.test(text.slice(Math.max(0, start - 42), start));

/** `id=npm,src=.npmrc`, as builders are told which secret they may read. */
const OPTION = /^[A-Za-z_]\w*=(?!=?$)/;

/** A sentence goes on after the credential. */
function beginsWithOne(kind: CredentialName, value: string): boolean {
  const [word, more] = value.split(/[\s,;]+/, 2);
  return more !== undefined && looksMade(word, 16) && isCredential({ ...kind, last: false }, word);
}

function nameAround(text: string, index: number): [start: number, end: number] {
  let start = index;
  while (start > 0 && index - start < NAME_AT_MOST && OF_NAME.test(text[start - 1])) {
    start--;
  }
  let end = index;
  do {
    end++;
  } while (end < text.length && end - index < NAME_AT_MOST && OF_NAME.test(text[end]));
  return [start, end];
}

const skipBlanks = (text: string, from: number): number => {
  let end = from;
  while (text[end] === ' ' || text[end] === '\t') {
    end++;
  }
  return end;
};

/** What follows a name: after quotes, brackets and a sign that assigns. */
function valueAfter(text: string, start: number, end: number): string | undefined {
  const closing = /^\\{0,3}["'`]?\]?/.exec(text.slice(end, end + 6))![0];
  const quoted = closing !== '';
  const opened = /["'`]/.exec(text[start - 1] ?? '')?.[0];
  let position = skipBlanks(text, end + closing.length);
  const fallback = FALLBACK.exec(text.slice(end, end + 40))?.[0];
  if (fallback !== undefined) {
    const value = valueAt(text, end + fallback.length, 'quoted');
    // A message takes the place of another message.
    return value !== undefined && /\s/.test(value) ? undefined : value;
  }
  const sign = /^(?::=|=>|={1,3}|!==?|:(?!\/\/|:)|,|>)?/.exec(text.slice(position, position + 3))![0];
  const before = text.slice(Math.max(0, start - 2), start);
  const flag = /^--?[A-Za-z]/.test(text.slice(start, start + 3)) || /(?:[\s"']\/|(?:^|\s)\+)$/.test(before);
  if (sign === '') {
    const sum = text[start - 1] === '+' && !/[\w"'\\]/.test(text[position] ?? '');
    return flag && position > end && !sum ? valueAt(text, position, 'flag') : undefined;
  }
  if (sign === ',' && !(quoted && LOOKS_UP.test(text.slice(Math.max(0, start - 60), start - 1).replace(/\\+$/, '')))) {
    return quoted && flag ? valueAt(text, skipBlanks(text, position + 1), 'quoted') : undefined;
  }
  const element = sign === '>';
  if (element && (text[start - 1] !== '<' || text[position + 1] === '>')) {
    return undefined;
  }
  const blank = text[position + sign.length] === ' ';
  position = skipBlanks(text, position + sign.length);
  if (element) {
    return text.slice(position, position + VALUE_AT_MOST).split('<', 1)[0];
  }
  if (sign === ',') {
    return valueAt(text, position, 'quoted');
  }
  if (!quoted && (text[position] === opened || (sign === ':' && endsMessage(text, start, position)))) {
    // The end of what somebody is asked: 'Password: ', "Enter the password: ".
    return undefined;
  }
  if (sign === ':' || sign === ':=') {
    if (!quoted && position > end && /^:['"]/.test(text.slice(position - sign.length, position + 1)) && !blank) {
      // A variable of a statement: PASSWORD :'word'.
      return undefined;
    }
    const begins = atLineStart(text, start);
    const value = valueAt(text, position, quoted && !begins ? 'quoted' : 'line');
    // Several words are a value where the name begins a line, and a sentence elsewhere.
    return value === undefined || begins || quoted || /^\\{0,3}["'`]/.test(text.slice(position, position + 4))
      ? value
      : value.replace(/^(\S+)\s.*[a-z].*$/s, (words, word: string) => looksMade(word) ? words : '');
  }
  // A shell knows no blank beside the sign, and writes variables of the environment in capitals; what an option has is no code.
  const shell = sign === '=' && !blank && (flag || /[;&?,\s"'(\\]/.test(text[start - 1] ?? ' '));
  const capitals = /^[A-Z][A-Z0-9_]*$/.test(text.slice(start, end));
  return valueAt(text, position, shell ? capitals || flag ? 'variable' : 'shell' : 'code');
}

/** Whether the quote at a position closes what began before a name, in the same line. */
function endsMessage(text: string, start: number, position: number): boolean {
  return /^"(?:[\s;,)&|]|$)/.test(text.slice(position, position + 2))
    && text.slice(Math.max(0, start - MESSAGE_AT_MOST), start).split('\n').pop()!.split('"').length % 2 === 0;
}

function atLineStart(text: string, start: number): boolean {
  return /(?:^|\n|\\n)[\s"'-]{0,40}$/.test(text.slice(Math.max(0, start - 41), start));
}

/** How a value is written where it has no quotes around it. */
type Manner = 'flag' | 'quoted' | 'line' | 'shell' | 'variable' | 'code';

const WORD_END = /[\s"'`;&|<>),\\]/;
const END: Readonly<Record<Exclude<Manner, 'quoted'>, RegExp>> = {
  flag: /[\s"'`;|<>)\\]/,
  shell: WORD_END,
  variable: WORD_END,
  line: /[\n\r]|\\n|\\r|\s#|\s\/\/|["'`)]|[,;]\s|[,;]$/,
  code: /[\s;,)}\]]/,
};

function valueAt(text: string, from: number, manner: Manner): string | undefined {
  const prefix = /^(?:[rbfuLN@]|new String\(|String\(|\()?(?=\\{0,3}["'`])/.exec(text.slice(from, from + 16))?.[0] ?? '';
  const opening = /^\\{0,3}["'`]/.exec(text.slice(from + prefix.length, from + prefix.length + 4))?.[0];
  if (opening !== undefined) {
    const start = from + prefix.length + opening.length;
    const end = text.indexOf(opening, start);
    if (opening === '`' && /\s/.test(text.slice(start, end))) {
      // A shell puts there what a command says.
      return undefined;
    }
    const open = end < 0 || end - start > VALUE_AT_MOST;
    const value = open ? text.slice(start, start + VALUE_AT_MOST).split('\n', 1)[0] : text.slice(start, end);
    return value.replace(/^(?:Bearer|Basic|Token|token|ApiKey|Bot|GenieKey)\s+/, '');
  }
  if (manner === 'quoted') {
    return undefined;
  }
  const rest = text.slice(from, from + WORD_AT_MOST);
  const otherwise = OTHERWISE.exec(rest);
  if (otherwise) {
    return otherwise[2];
  }
  // A type, and then the value.
  const typed = manner === 'line' ? /^[A-Za-z_][\w.[\] |]{0,60}\s?=\s?/.exec(rest)?.[0] : undefined;
  if (typed !== undefined) {
    return valueAt(text, from + typed.length, 'code');
  }
  const end = rest.search(END[manner]);
  const value = (end < 0 ? rest : rest.slice(0, end)).replace(/\s+[})\]]+\s*$/, '').trim();
  return isLiteralWithoutQuotes(value, rest, end, manner) ? value : undefined;
}

function isLiteralWithoutQuotes(value: string, rest: string, end: number, manner: Manner): boolean {
  const dotted = manner === 'variable' && /^\w+(?:\.\w+)+$/.test(value) && /\d/.test(value);
  if (value === '' || (CODE.test(value) && !dotted) || value.startsWith('$') || value.startsWith('-')) {
    return false;
  }
  if (manner === 'code' || (manner === 'line' && /^[,;)}]|^\s*[({]/.test(rest.slice(end)))) {
    // A word alone is a variable or a type.
    return /\d/.test(value) && !/[(){}[\]]/.test(value) && !/^\w+\.\w+/.test(value);
  }
  // Code has an argument here.
  const argument = (manner === 'shell' || manner === 'variable') && /^[A-Za-z_]+$/.test(value) && /^[),]/.test(rest.slice(end));
  return !argument && !/[({[:]$/.test(value);
}
