import * as fc from 'fast-check';
import { entryKey, LDAP_NAMES } from '../../src/contract/distinguished-name';
import { fits } from '../../src/contract/name-rules';

/** As an administrator writes what has a meaning in a name. */
const escaped = (value: string): string => value.replace(/["+,;<>\\]|^[ #]| $/g, '\\$&').replaceAll('\0', '\\00');

test.each([
  'uid=app,ou=people,dc=example,dc=com', 'CN=App User,OU=Service Accounts,DC=corp,DC=example,DC=com', 'cn=a+uid=b,dc=x',
  'cn = a, dc=x', '2.5.4.3=app,dc=x', 'cn=Smith\\, Jane,dc=x', 'cn=\\23 one,dc=x', 'cn=#04024869,dc=x', 'cn=ü😀,dc=x',
  'cn=a=b,dc=x',
  'cn=\\c3\\bc,dc=x',
])('%s names an entry', (name) => {
  expect(fits(name, LDAP_NAMES.user)).toBe(true);
});

test.each([
  '', 'app', 'app@corp.example.com', 'CORP\\app', 'cn=', 'cn=a,', ',cn=a', 'cn=a,,dc=x', 'cn=a;dc=x', 'cn=a"b",dc=x',
  'cn=<a>,dc=x',
  'cn=a\\', 'cn=a\\xy,dc=x', '=a,dc=x', '1.=a', 'cn_=a', 'cn=a\0,dc=x', 'cn=\ud800,dc=x', `cn=${'a'.repeat(1022)}`,
  `cn=${'ü'.repeat(511)}`, 'cn=a,b,dc=x', 'cn=a+,dc=x',
])('%j names none', (name) => {
  expect(fits(name, LDAP_NAMES.user)).toBe(false);
});

test('whatever the value is, its escaped form is in a name, and other values make other entries', () => {
  const values = fc.string({ minLength: 1, unit: 'grapheme', maxLength: 20 });
  fc.assert(fc.property(values, values, (one, other) => {
    const [first, second] = [one, other].map((value) => `cn=${escaped(value)},dc=x`);
    expect([fits(first, LDAP_NAMES.user), fits(second, LDAP_NAMES.user)]).toEqual([true, true]);
    const normal = (value: string): string => value.toLowerCase().replace(/\s+/g, ' ').trim();
    expect(entryKey(first) === entryKey(second)).toBe(normal(one) === normal(other));
  }));
});

test.each([
  ['uid=app,ou=people,dc=x', 'UID=App, OU=People, DC=X'], ['cn=a+uid=b,dc=x', 'uid=b + cn=a,dc=x'],
  ['cn=a\\,b,dc=x', 'cn=a\\2Cb,dc=x'],
  ['cn=ü,dc=x', 'cn=\\C3\\BC,dc=x'], ['cn=a  b,dc=x', 'cn= a b ,dc=x'], ['cn=a\\=b,dc=x', 'cn = a=b,dc=x'],
])('%s and %s are one entry', (one, other) => {
  expect(entryKey(one)).toBe(entryKey(other));
});

test.each([
  ['uid=app,ou=people,dc=x', 'uid=app,ou=others,dc=x'], ['cn=a,cn=b', 'cn=a\\,cn=b'], ['cn=a+uid=b', 'cn=a\\+uid=b'],
  ['cn=a,dc=x', 'uid=a,dc=x'], ['cn=a', 'cn=a,dc=x'], ['', 'cn=a'],
])('%s and %s are two', (one, other) => {
  expect(entryKey(one)).not.toBe(entryKey(other));
});
