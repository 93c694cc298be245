import * as fc from 'fast-check';
import { entryKey, LDAP_NAMES } from '../../src/contract/distinguished-name';
import { fits } from '../../src/contract/name-rules';

interface Attribute {
  readonly type: (typeof TYPES)[number];
  readonly value: string;
}
type Entry = Attribute[][];

/** What some types are called. */
const TYPES = [
  ['cn', 'commonName', '2.5.4.3'], ['sn', 'surname', '2.5.4.4'], ['ou', 'organizationalUnitName', '2.5.4.11'],
  ['uid', 'userId', '0.9.2342.19200300.100.1.1'], ['dc', 'domainComponent', '0.9.2342.19200300.100.1.25'], ['ours'],
] as const;

/** A value as RFC 4518 prepares it for comparison, of the characters that are in these tests. */
function prepared(value: string): string {
  const folded = value.replace(/\s/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '').normalize('NFKC').toUpperCase().normalize('NFKC');
  return folded.replace(/ +/g, ' ').trim();
}

const entries: fc.Arbitrary<Entry> = fc.array(fc.uniqueArray(
  fc.record({ type: fc.constantFrom(...TYPES), value: fc.constantFrom('a', 'B b', ',', '#', ' x', 'ü', '=+', '\\2c', 'ß') }),
  { minLength: 1, maxLength: 3, selector: ({ type }) => type },
), { minLength: 1, maxLength: 3 });

/** A way to write a name: each type and each character in one of theirs, parts in any order, spaces where they mean nothing. */
function spelled(entry: Entry): fc.Arbitrary<string> {
  const spaces = fc.constantFrom('', ' ', '  ');
  const ofCharacter = (character: string): fc.Arbitrary<string> => fc.constantFrom(
    ...[character, character.toUpperCase()].map((one) => ',\\ #=+'.includes(one) ? `\\${one}` : one),
    Buffer.from(character).toString('hex').replace(/../g, '\\$&'),
  );
  const ofAttribute = ({ type, value }: Attribute): fc.Arbitrary<string> => fc.tuple(
    fc.constantFrom(...type, type[0].toUpperCase()), spaces, spaces, fc.tuple(...[...value].map(ofCharacter)), spaces,
  ).map(([name, before, after, characters, end]) => `${name}${before}=${after}${characters.join('')}${end}`);
  const ofPart = (part: Attribute[]): fc.Arbitrary<string> =>
    fc.tuple(fc.shuffledSubarray(part, { minLength: part.length }), spaces).chain(([ordered, space]) =>
      fc.tuple(...ordered.map(ofAttribute)).map((attributes) => attributes.join(`+${space}`)));
  return fc.tuple(spaces, fc.tuple(...entry.map(ofPart))).map(([space, parts]) => parts.join(`,${space}`));
}

/** As an administrator writes what has a meaning in a name. */
const escaped = (value: string): string => value.replace(/["+,;<>\\]|^[ #]| $/g, '\\$&').replaceAll('\0', '\\00');

test.each([
  'uid=app,ou=people,dc=example,dc=com', 'CN=App User,OU=Service Accounts,DC=corp,DC=example,DC=com', 'cn=a+uid=b,dc=x',
  'cn = a, dc=x', '2.5.4.3=app,dc=x', 'cn=Smith\\, Jane,dc=x', 'cn=\\23 one,dc=x', 'cn=\\#04,dc=x', 'cn=ü😀,dc=x',
  'cn=a=b,dc=x', '0.9.2342.19200300.100.1.1=app,dc=x', 'a-type-of-ours=a,dc=x',
  'cn=\\c3\\bc,dc=x',
])('%s names an entry', (name) => {
  expect(fits(name, LDAP_NAMES.user)).toBe(true);
});

test.each([
  '', 'app', 'app@corp.example.com', 'CORP\\app', 'cn=', 'cn=a,', ',cn=a', 'cn=a,,dc=x', 'cn=a;dc=x', 'cn=a"b",dc=x',
  'cn=<a>,dc=x',
  'cn=a\\', 'cn=a\\xy,dc=x', '=a,dc=x', '1.=a', 'cn_=a', 'cn=a\0,dc=x', 'cn=\ud800,dc=x', `cn=${'a'.repeat(1022)}`,
  `cn=${'ü'.repeat(511)}`, 'cn=a,b,dc=x', 'cn=a+,dc=x',
  // Nobody knows what else these are called: types without a name, and values in BER, which OpenLDAP does not take either.
  '1.2.3.4=a,dc=x', '2.5.4.03=a,dc=x', '2.5.4.99=a,dc=x', '2x5x4x3=a', 'OID.2.5.4.3=a,dc=x', 'cn=#04024869,dc=x', 'cn= #0c0161',
])('%j names none', (name) => {
  expect(fits(name, LDAP_NAMES.user)).toBe(false);
});

test('whatever the value is, its escaped form is in a name, and other values make other entries', () => {
  const values = fc.string({ minLength: 1, unit: 'grapheme', maxLength: 20 });
  fc.assert(fc.property(values, values, (one, other) => {
    const [first, second] = [one, other].map((value) => `cn=${escaped(value)},dc=x`);
    expect([fits(first, LDAP_NAMES.user), fits(second, LDAP_NAMES.user)]).toEqual([true, true]);
    expect(entryKey(first) === entryKey(second)).toBe(prepared(one) === prepared(other));
  }));
});

describe('one entry', () => {
  test('by any spelling of its parts is one', () => {
    fc.assert(fc.property(entries.chain((entry) => fc.tuple(spelled(entry), spelled(entry))), ([one, other]) => {
      expect([one, other].filter((name) => !fits(name, LDAP_NAMES.user))).toEqual([]);
      expect(entryKey(one)).toBe(entryKey(other));
    }), { numRuns: 500 });
  });

  test('is another than one of whose parts the attributes or values differ', () => {
    const normal = (entry: Entry): string => JSON.stringify(entry.map((part) =>
      part.map(({ type, value }) => [TYPES.indexOf(type), prepared(value)].join(' ')).sort()));
    const two = fc.tuple(entries, entries).chain(([one, other]) =>
      fc.tuple(fc.constant([one, other] as const), spelled(one), spelled(other)));
    fc.assert(fc.property(two, ([[one, other], first, second]) => {
      expect(entryKey(first) === entryKey(second)).toBe(normal(one) === normal(other));
    }), { numRuns: 500 });
  });
});

test.each([
  ['uid=app,ou=people,dc=x', 'UID=App, OU=People, DC=X'], ['cn=a+uid=b,dc=x', 'uid=b + cn=a,dc=x'],
  ['cn=a\\,b,dc=x', 'cn=a\\2Cb,dc=x'],
  ['cn=ü,dc=x', 'cn=\\C3\\BC,dc=x'], ['cn=a  b,dc=x', 'cn= a b ,dc=x'], ['cn=a\\=b,dc=x', 'cn = a=b,dc=x'],
  ['cn=a,dc=x', 'commonName=a,domainComponent=x'],
  ['cn=a,ou=b', '2.5.4.3=a,2.5.4.11=b'], ['uid=a', '0.9.2342.19200300.100.1.1=a'],
  ['email=a', 'emailAddress=a'], ['mail=a', 'RFC822Mailbox=a'], ['gn=a', 'givenName=a'], ['st=a', 'stateOrProvinceName=a'],
  ['cn=ﬁne', 'cn=FINE'], ['cn=ａｐｐ', 'cn=app'], ['cn=a\u00a0\tb', 'cn=a b'], ['cn=a\\00pp\\c2\\ad', 'cn=app'], ['cn=İ', 'cn=i'],
  ['cn=straße', 'cn=STRASSE'], ['cn=ας', 'cn=ΑΣ'], ['cn=e\u0301', 'cn=É'],
])('%s and %s are one entry', (one, other) => {
  expect(entryKey(one)).toBe(entryKey(other));
});

test.each([
  ['uid=app,ou=people,dc=x', 'uid=app,ou=others,dc=x'], ['cn=a,cn=b', 'cn=a\\,cn=b'], ['cn=a+uid=b', 'cn=a\\+uid=b'],
  ['cn=a,dc=x', 'uid=a,dc=x'], ['cn=a', 'cn=a,dc=x'], ['', 'cn=a'], ['cn=a,cn=b', 'cn=b,cn=a'],
  ['sn=a', 'cn=a'], ['title=a', 'description=a'], ['cn=José', 'cn=Jose'], ['cn=a', 'cn=a+cn=b'], ['cn=a=b', 'cn=a'],
])('%s and %s are two', (one, other) => {
  expect(entryKey(one)).not.toBe(entryKey(other));
});
