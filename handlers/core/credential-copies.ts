import type { JsonObject } from './json-object';
import { RotationError } from './rotation-error';

export interface CredentialPair {
  readonly username: string;
  readonly password: string;
}

/** What a secret says of its database and its user: parts of credentials, never copies of them. */
const OWN_FIELDS: readonly string[] = [
  'username', 'password', 'user_arn', 'engine', 'host', 'port', 'dbname', 'masterarn', 'dbInstanceIdentifier',
  'dbClusterIdentifier',
];
/** Names of fields for the same user: others may be for another one that happens to have the same. */
const HOLDS_USERNAME =
  /^((pg|mysql|mariadb|db|database|mongo|redis|ldap|(ldap[_-]?)?bind|jdbc|app)[_-]?)?(user|user[_-]?name|login|uid|dn)$/i;
const HOLDS_PASSWORD =
  /^((pg|mysql|mariadb|db|database|mongo|redis|ldap|(ldap[_-]?)?bind|jdbc|app|user)[_-]?)?(pass|password|passwd|pwd)$/i;
const URL_WITH_CREDENTIALS = /^(?<scheme>[a-z][a-z0-9+.:-]*:\/\/)(?<credentials>[^/?#]*)@(?<rest>.*)$/is;
/** A shorter password, or one that is a name as well, may be part of a text that has nothing to do with it. */
const TELLING_LENGTH = 8;
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

/**
 * The fields beside `username` and `password` that hold the same credentials, with the next ones.
 *
 * Whoever reads such a field would be locked out by a rotation that leaves it as it is. A field for a password or a user name
 * and a URL are rewritten; any other text with the password in it is refused.
 */
export function renewedCopies(
  json: JsonObject, former: CredentialPair, next: CredentialPair, name: string,
): Record<string, string> {
  const [own, others] = [true, false].map((isOwn) => json.entries().filter(([field]) => OWN_FIELDS.includes(field) === isOwn));
  const isName = own.some(([field, value]) => field !== 'password' && value === former.password);
  const holds = isName || former.password.length < TELLING_LENGTH ? holdsAssignment : holdsPassword;
  const renewed: Record<string, string> = {};
  for (const [field, value] of others) {
    const { text, left } = typeof value === 'string' ? renewal(field, value, former, next) : { text: undefined, left: value };
    if (textsIn(left).some((part) => holds(part, former.password))) {
      throw new RotationError('configuration', `${name} holds its password in ${quoted(field)} as well, where this `
        + 'function cannot replace it, and whatever reads that would be locked out: take it out, or put it into a URL');
    }
    if (text !== undefined) {
      renewed[field] = text;
    }
  }
  return renewed;
}

interface Renewal {
  /** The new text, where it is another one. */
  readonly text?: string;
  /** What has been left as it was. */
  readonly left: unknown;
}

function renewal(field: string, value: string, former: CredentialPair, next: CredentialPair): Renewal {
  if (value === former.password && HOLDS_PASSWORD.test(field)) {
    return { text: next.password, left: '' };
  }
  if (value === former.username && HOLDS_USERNAME.test(field)) {
    return { text: next.username, left: '' };
  }
  const { scheme, credentials, rest } = URL_WITH_CREDENTIALS.exec(value)?.groups ?? {};
  const [username, ...password] = credentials?.split(':') ?? [];
  if (decoded(password.join(':')) !== former.password || !['', former.username].includes(decoded(username))) {
    return { left: value };
  }
  const nextName = username === '' ? '' : encoded(next.username);
  return { text: `${scheme}${nextName}:${encoded(next.password)}@${rest}`, left: `${scheme}${rest}` };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).flatMap(textsIn);
  }
  return typeof value === 'string' ? formsOf(value) : [];
}

/** A text as it is written, and as what reads URLs, strings of programs and of SQL, or Base64, after `Basic` too, reads it. */
function formsOf(text: string): string[] {
  return [
    text, decoded(text), decoded(text.replaceAll('+', ' ')), text.replace(/\\(.)/g, '$1'), text.replace(/(['"}])\1/g, '$1'),
    ...[text, ...text.split(/\s+/)].map((part) => Buffer.from(part, 'base64').toString('utf8')),
  ];
}

function holdsPassword(text: string, password: string): boolean {
  return text.includes(password);
}

/** Whether a text assigns the password to something that is named like one, or has it in a URL. */
function holdsAssignment(text: string, password: string): boolean {
  const literal = password.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return new RegExp(`(?:(?:pass|pwd|secret)\\w*["'\\s]*[=:]\\s*["'{]?|://[^/:@]*:)${literal}(?![A-Za-z0-9])`, 'iu').test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Also what a shell or a connection string would take for the end of a text. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A field is named where it has the form of a name. */
function quoted(field: string): string {
  return PLAIN_NAME.test(field) ? `its field ${field}` : 'another field';
}
