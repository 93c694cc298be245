/** An answer in RESP, the protocol of Redis and Valkey. */
export type RespReply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly RespReply[] }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'error'; readonly code: string };

/** A reply that is not one of those that these commands have. */
export class NoReply extends Error {}

const LINE_END = '\r\n';
/** As many digits as a length may have. */
const LENGTH = /^\d{1,5}$/;
const DEEPEST = 8;
/**
 * What an error means, by its beginning. It is all that may leave the process: a server can write anything there, the password
 * too.
 */
const MEANINGS: readonly (readonly [beginning: string, code: string])[] = [
  ['ERR max number of clients reached', 'MAXCLIENTS'],
  ...['WRONGPASS', 'NOAUTH', 'NOPERM', 'LOADING', 'BUSY', 'CLUSTERDOWN', 'MASTERDOWN', 'MOVED', 'DENIED', 'ERR'].map(
    (code) => [code, code] as const,
  ),
];
/** Of a server whose users are not in a file of their own; Redis and Valkey name themselves before it. */
const NO_ACL_FILE = /^ERR This \w+ instance is not configured to use an ACL file/;

/** A command in bytes: an array of strings whose lengths come first, so that nothing in them ends one early. */
export function encodeCommand(...words: string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}${LINE_END}${word}${LINE_END}`);
  return Buffer.from(`*${words.length}${LINE_END}${parts.join('')}`);
}

/** The reply that the bytes are; nothing while they are not all there. Throws {@link NoReply} for any other bytes. */
export function decodeReply(bytes: Buffer): RespReply | undefined {
  const read = readReply(bytes, 0, 0);
  if (read && read.end < bytes.length) {
    // One command has one reply: what follows it was not asked for.
    throw new NoReply();
  }
  return read?.reply;
}

/** A reply, and where it ends. */
interface Read {
  readonly reply: RespReply;
  readonly end: number;
}

function readReply(bytes: Buffer, start: number, depth: number): Read | undefined {
  const lineEnd = bytes.indexOf(LINE_END, start);
  if (lineEnd < 0) {
    return undefined;
  }
  const line = bytes.toString('utf8', start + 1, lineEnd);
  const end = lineEnd + LINE_END.length;
  switch (String.fromCharCode(bytes[start])) {
    case '+':
      return { reply: { kind: 'text', text: line }, end };
    case '-':
      return { reply: { kind: 'error', code: codeOf(line) }, end };
    case '$':
      return line === '-1' ? { reply: { kind: 'nothing' }, end } : readText(bytes, end, lengthOf(line));
    case '*':
      return line === '-1' ? { reply: { kind: 'nothing' }, end } : readList(bytes, end, lengthOf(line), depth);
    default:
      throw new NoReply();
  }
}

function readText(bytes: Buffer, start: number, length: number): Read | undefined {
  const end = start + length + LINE_END.length;
  if (bytes.length < end) {
    return undefined;
  }
  if (bytes.toString('latin1', start + length, end) !== LINE_END) {
    throw new NoReply();
  }
  return { reply: { kind: 'text', text: bytes.toString('utf8', start, start + length) }, end };
}

function readList(bytes: Buffer, start: number, length: number, depth: number): Read | undefined {
  if (depth === DEEPEST) {
    throw new NoReply();
  }
  const items: RespReply[] = [];
  let end = start;
  while (items.length < length) {
    const item = readReply(bytes, end, depth + 1);
    if (!item) {
      return undefined;
    }
    items.push(item.reply);
    ({ end } = item);
  }
  return { reply: { kind: 'list', items }, end };
}

function lengthOf(line: string): number {
  if (!LENGTH.test(line)) {
    throw new NoReply();
  }
  return Number(line);
}

function codeOf(line: string): string {
  if (NO_ACL_FILE.test(line)) {
    return 'NOACLFILE';
  }
  const [, code = 'UNKNOWN'] = MEANINGS.find(([beginning]) => line === beginning || line.startsWith(`${beginning} `)) ?? [];
  return code;
}
