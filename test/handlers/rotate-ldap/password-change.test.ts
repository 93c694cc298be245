import { encodeMessage } from '../../../handlers/rotate-ldap/ldap-requests';
import { PASSWORD_MODIFY, UNICODE_PWD } from '../../../handlers/rotate-ldap/password-change';
import { Der } from '../../servers/der';

const text = (value: string | Buffer): Buffer => Der.octetString(Buffer.from(value as string));
const change = (operation: number, attribute: string, value: Buffer): Buffer =>
  Der.sequence(Buffer.from([0x0a, 1, operation]), Der.sequence(text(attribute), Der.set(text(value))));
/** The password as Microsoft documents it: in quotation marks, two bytes a character, the lower one first. */
const ab = (letter: string): Buffer => Buffer.from(`"\0${letter}\0"\0`, 'latin1');
const message = (tag: number, ...parts: Buffer[]): Buffer =>
  Der.sequence(Der.integer(Buffer.from([1])), Buffer.concat([Buffer.from([tag]), text(Buffer.concat(parts)).subarray(1)]));

test('Active Directory is told to take the former password away and to add the next one, in one change', () => {
  expect(encodeMessage(1, UNICODE_PWD.own('cn=app', 'a', 'b'))).toEqual(message(
    0x66, text('cn=app'), Der.sequence(change(1, 'unicodePwd', ab('a')), change(0, 'unicodePwd', ab('b'))),
  ));
});

test('by a superuser it is told to replace it', () => {
  expect(encodeMessage(1, UNICODE_PWD.reset('cn=app', 'b'))).toEqual(message(
    0x66, text('cn=app'), Der.sequence(change(2, 'unicodePwd', ab('b'))),
  ));
});

test('others are told by the operation for it, whose password it is and, by the user itself, the former one', () => {
  const operation = Buffer.from('1.3.6.1.4.1.4203.1.11.1');
  const values = (...parts: [tag: number, value: string][]): Buffer => Der.sequence(
    ...parts.map(([tag, value]) => Der.implicit(tag, Buffer.from(value))),
  );
  expect(encodeMessage(1, PASSWORD_MODIFY.own('uid=app', 'former', 'next'))).toEqual(message(
    0x77, Der.implicit(0, operation), Der.implicit(1, values([0, 'uid=app'], [1, 'former'], [2, 'next'])),
  ));
  expect(encodeMessage(1, PASSWORD_MODIFY.reset('uid=app', 'next'))).toEqual(message(
    0x77, Der.implicit(0, operation), Der.implicit(1, values([0, 'uid=app'], [2, 'next'])),
  ));
});
