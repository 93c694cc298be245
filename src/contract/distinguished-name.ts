import type { NameRules } from './name-rules';

/**
 * Attribute types that names of users have, by their object identifiers, which under 2.5.4 are those of X.500, and all that each
 * is called.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4519
 */
const TYPES = [
  '3 cn commonName', '4 sn surname', '5 serialNumber', '6 c countryName', '7 l localityName', '8 st stateOrProvinceName',
  '9 street streetAddress', '10 o organizationName', '11 ou organizationalUnitName', '12 title', '13 description',
  '17 postalCode', '20 telephoneNumber', '23 facsimileTelephoneNumber fax', '41 name', '42 givenName gn', '43 initials',
  '44 generationQualifier', '45 x500UniqueIdentifier', '46 dnQualifier', '51 houseIdentifier',
  '0.9.2342.19200300.100.1.1 uid userid', '0.9.2342.19200300.100.1.3 mail rfc822Mailbox',
  '0.9.2342.19200300.100.1.25 dc domainComponent', '1.2.840.113549.1.9.1 email emailAddress pkcs9email',
].map((type) => type.toLowerCase().split(' ').map((name) => name.replace(/^\d+$/, '2.5.4.$&')));
const TYPE_NAMES = new Map(TYPES.flatMap((names) => names.map((name) => [name, names[1]] as const)));

/** A name; or an object identifier, where it is known what else that is called. */
const ATTRIBUTE_TYPE = `(?:[A-Za-z][A-Za-z0-9-]*|${TYPES.map(([oid]) => oid.replaceAll('.', '\\.')).join('|')})`;
const CHARACTER = String.raw`(?:[^\\"+,;<>\0\p{Cs}]|\\(?:[0-9A-Fa-f]{2}|[ "#+,;<=>\\]))`;
/** A value that begins with # is in BER, which no server that has been seen takes for this kind of attribute. */
const PART = String.raw`${ATTRIBUTE_TYPE} *=(?! *#)${CHARACTER}+`;

const SPACES = /[\t-\r\x85\p{Z}]/gu;
const UNSEEN = /[\p{Cc}\p{Cf}\u034f\u180b-\u180d\ufe00-\ufe0f\ufffc]/gu;

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

/**
 * Equal for all ways to write the name of one entry. Parts are divided by NUL, attributes of a part by U+0001, which are in no
 * value: `cn=APP USER`, NUL, `dc=EXAMPLE`.
 */
export function entryKey(name: string): string {
  const tokens = name.match(/\\[0-9A-Fa-f]{2}|\\?[^]/gu) ?? [];
  return splitAt(tokens, ',').map((relative) => splitAt(relative, '+').map(partKey).sort().join('\x01')).join('\0');
}

/** Of an attribute and its value. */
function partKey(tokens: readonly string[]): string {
  const equals = tokens.indexOf('=');
  const type = tokens.slice(0, equals).join('').trim().toLowerCase();
  return `${TYPE_NAMES.get(type) ?? type}=${valueKey(Buffer.concat(tokens.slice(equals + 1).map(bytesOf)).toString('utf8'))}`;
}

/**
 * A value as directories compare it, or more loosely: spaces that mean nothing, characters that nobody sees, other forms of a
 * character, upper and lower case.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4518
 */
function valueKey(value: string): string {
  const visible = value.replace(SPACES, ' ').replace(UNSEEN, '');
  const folded = visible.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC');
  // OpenLDAP takes the dotted capital I for an i.
  return folded.replaceAll('\u0130', 'I').replace(/ +/g, ' ').trim();
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
