import type { NameRules } from './name-rules';

const ATTRIBUTE_TYPE = String.raw`(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)`;
const CHARACTER = String.raw`(?:[^\\"+,;<>\0\p{Cs}]|\\(?:[0-9A-Fa-f]{2}|[ "#+,;<=>\\]))`;
const PART = String.raw`${ATTRIBUTE_TYPE} *=${CHARACTER}+`;

/**
 * The names of entries in an LDAP directory: distinguished names, in which `, + " \ < > ;` are escaped with a backslash.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4514
 */
export const LDAP_NAMES: NameRules = {
  user: { unfit: new RegExp(String.raw`^(?!${PART}(?:[,+] *${PART})*$)`, 'u'), maximum: 1024, inBytes: true },
  // A directory has none: users are those of the server.
  database: { unfit: /^/, maximum: 0 },
};

/** Equal for all ways to write the name of one entry: upper and lower case, spaces and escapes make no other one. */
export function entryKey(name: string): string {
  const tokens = name.match(/\\[0-9A-Fa-f]{2}|\\?[^]/gu) ?? [];
  return splitAt(tokens, ',').map((relative) => splitAt(relative, '+').map(partKey).sort().join('\0+')).join('\0,');
}

/** Of an attribute and its value. */
function partKey(tokens: readonly string[]): string {
  const equals = tokens.indexOf('=');
  const value = Buffer.concat(tokens.slice(equals + 1).map(bytesOf)).toString('utf8');
  return `${tokens.slice(0, equals).join('')}=${value}`.toLowerCase().replace(/\s+/g, ' ').replace(/ ?(=) ?/, '$1').trim();
}

function bytesOf(token: string): Buffer {
  return /^\\[0-9A-Fa-f]{2}$/.test(token) ? Buffer.from(token.slice(1), 'hex') : Buffer.from(token.replace(/^\\(?=.)/s, ''));
}

function splitAt(tokens: readonly string[], separator: string): string[][] {
  return tokens.reduce<string[][]>((parts, token) => {
    if (token === separator) {
      parts.push([]);
    } else {
      parts.at(-1)!.push(token);
    }
    return parts;
  }, [[]]);
}
