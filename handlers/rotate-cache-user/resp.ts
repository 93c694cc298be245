/** An answer in RESP, the protocol of Redis and Valkey. */
export type RespReply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'error'; readonly code: string };

/** A reply that is not one of those that these commands have. */
export class NoReply extends Error {}

const LONGEST = 64 * 1024;
const LINE_END = '\r\n';
/** The beginnings of errors that may leave the process: a server can write anything there, the password too. */
const CODES = ['WRONGPASS', 'NOAUTH', 'NOPERM', 'LOADING', 'BUSY', 'CLUSTERDOWN', 'MASTERDOWN', 'MOVED', 'ERR'];

/** A command in bytes: an array of strings whose lengths come first, so that nothing in them ends one early. */
export function encodeCommand(...words: string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}${LINE_END}${word}${LINE_END}`);
  return Buffer.from(`*${words.length}${LINE_END}${parts.join('')}`);
}

/** The reply that the bytes are; nothing while they are not all there. Throws {@link NoReply} for any other bytes. */
export function decodeReply(bytes: Buffer): RespReply | undefined {
  if (bytes.length > LONGEST) {
    throw new NoReply();
  }
  const end = bytes.indexOf(LINE_END);
  if (end < 0) {
    return undefined;
  }
  const line = bytes.toString('utf8', 1, end);
  const rest = bytes.subarray(end + LINE_END.length);
  switch (String.fromCharCode(bytes[0])) {
    case '+':
      return only(rest, 0, { kind: 'text', text: line });
    case '-':
      return only(rest, 0, { kind: 'error', code: CODES.find((code) => line.split(' ')[0] === code) ?? 'UNKNOWN' });
    case '$':
      return bulk(line, rest);
    default:
      throw new NoReply();
  }
}

function bulk(length: string, rest: Buffer): RespReply | undefined {
  if (!/^\d{1,5}$/.test(length)) {
    throw new NoReply();
  }
  const size = Number(length);
  if (rest.length < size + LINE_END.length) {
    return undefined;
  }
  if (rest.toString('latin1', size, size + LINE_END.length) !== LINE_END) {
    throw new NoReply();
  }
  return only(rest, size + LINE_END.length, { kind: 'text', text: rest.toString('utf8', 0, size) });
}

/** One command has one reply: what follows it was not asked for. */
function only(rest: Buffer, length: number, reply: RespReply): RespReply {
  if (rest.length > length) {
    throw new NoReply();
  }
  return reply;
}
