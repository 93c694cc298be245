import * as fc from 'fast-check';
import { NotBer } from '../../../handlers/rotate-ldap/ber';
import { decodeAnswer } from '../../../handlers/rotate-ldap/ldap-answers';
import { Der } from '../../servers/der';
import { LdapAnswer } from '../../servers/ldap-answers';

const read = (bytes: Buffer): unknown => decodeAnswer(bytes)?.answer;

test.each([
  ['a success', LdapAnswer.result(1, LdapAnswer.bind, 0), { code: 0 }],
  ['a refusal', LdapAnswer.result(1, LdapAnswer.extended, 53, 'unwilling: hunter2'), { code: 53 }],
  ['one of Active Directory', LdapAnswer.result(
    1, LdapAnswer.bind, 49, '80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v4563\0',
  ), { code: 49, subCode: '52e' }],
  ['one with another word in its place', LdapAnswer.result(1, LdapAnswer.bind, 49, 'data hunter2, v4563'), { code: 49 }],
  ['one with the reason', LdapAnswer.result(1, LdapAnswer.bind, 49, '', LdapAnswer.policy(1)),
    { code: 49, policyError: 'accountLocked' }],
  ['one with another control', LdapAnswer.result(1, LdapAnswer.bind, 0, '', LdapAnswer.control(), LdapAnswer.policy(2)),
    { code: 0, policyError: 'changeAfterReset' }],
  ['a warning', LdapAnswer.result(1, LdapAnswer.bind, 0, '', LdapAnswer.policy()), { code: 0 }],
  ['an error that is none of a login', LdapAnswer.result(1, LdapAnswer.bind, 0, '', LdapAnswer.policy(8)), { code: 0 }],
  ['other controls alone', LdapAnswer.result(1, LdapAnswer.bind, 0, '', LdapAnswer.control()), { code: 0 }],
])('the end of an operation: %s', (_, bytes, result) => {
  expect(read(bytes)).toEqual({ id: 1, operation: bytes[5], result });
});

test('an entry has the values of the attribute, and a reference has none', () => {
  const values = ['cn=one', 'cn=zwei ü'];
  expect(read(LdapAnswer.entry(2, 'memberOf', ...values))).toEqual({ id: 2, operation: 0x64, values });
  expect(read(LdapAnswer.entry(2, 'memberOf'))).toEqual({ id: 2, operation: 0x64, values: [] });
  expect(read(LdapAnswer.reference(2))).toEqual({ id: 2, operation: 0x73 });
});

test('messages are read one after the other, each when it is there', () => {
  const [one, two] = [LdapAnswer.entry(2, 'memberOf', 'cn=one'), LdapAnswer.result(2, LdapAnswer.search, 0)];
  expect(decodeAnswer(Buffer.concat([one, two]))!.end).toBe(one.length);
  expect(read(one.subarray(0, -1))).toBeUndefined();
});

test.each([
  ['no message', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ['a message of nothing', Der.sequence()],
  ['one without an operation', Der.sequence(Der.integer(Buffer.from([1])))],
  ['a request', LdapAnswer.result(1, 0x60, 0)],
  ['a result without its texts', Der.sequence(Der.integer(Buffer.from([1])), Buffer.from([LdapAnswer.bind, 3, 0x0a, 1, 0]))],
  ['a code that is none', Der.sequence(Der.integer(Buffer.from([1])), Buffer.from([LdapAnswer.bind, 6, 0x0a, 0, 4, 0, 4, 0]))],
])('%s is none of an LDAP server', (_, bytes) => {
  expect(() => decodeAnswer(bytes)).toThrow(NotBer);
});

test('whatever the bytes of a message are, nothing else is thrown', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 60 }), (bytes, at) => {
    const answer = LdapAnswer.result(1, LdapAnswer.bind, 49, 'data 52e', LdapAnswer.policy(1));
    const changed = Buffer.concat([answer.subarray(0, at), Buffer.from(bytes), answer.subarray(at + bytes.length)]);
    for (const some of [changed, Der.sequence(Buffer.from(bytes))]) {
      try {
        decodeAnswer(some);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(NotBer);
      }
    }
  }));
});
