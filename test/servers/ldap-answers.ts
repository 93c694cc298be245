import { Der } from './der';

const application = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), Der.octetString(content).subarray(1)]);
};
const enumerated = (value: number): Buffer => Buffer.from([0x0a, 0x01, value]);
const text = (value: string): Buffer => Der.octetString(Buffer.from(value));
const integer = (value: number): Buffer => Der.integer(Buffer.from([value]));

/** What LDAP servers say, as bytes: for servers of tests that say what OpenLDAP would not. */
export const LdapAnswer = {
  bind: 0x61,
  search: 0x65,
  modify: 0x67,
  extended: 0x78,

  /** The end of an operation. */
  result(id: number, operation: number, code: number, diagnostic = '', ...controls: Buffer[]): Buffer {
    const result = application(operation, enumerated(code), text(''), text(diagnostic));
    return Der.sequence(integer(id), result, ...controls.length > 0 ? [application(0xa0, ...controls)] : []);
  },

  /** An entry that was found, with the values of one attribute. */
  entry(id: number, attribute: string, ...values: string[]): Buffer {
    const attributes = Der.sequence(Der.sequence(text(attribute), Der.set(...values.map(text))));
    return Der.sequence(integer(id), application(0x64, text('uid=app'), attributes));
  },

  /** A hint that another server has more. */
  reference(id: number): Buffer {
    return Der.sequence(integer(id), application(0x73, text('ldap://elsewhere.example/')));
  },

  /** The end of an operation for which another server is to be asked. */
  referral(id: number, operation: number, url: string): Buffer {
    return Der.sequence(integer(id), application(operation, enumerated(10), text(''), text(''), application(0xa3, text(url))));
  },

  /** What the control for password policies says: with an error, or with a warning alone. */
  policy(error?: number): Buffer {
    const value = error === undefined ? application(0xa0, Buffer.from([0x80, 1, 5])) : Buffer.from([0x81, 1, error]);
    return Der.sequence(text('1.3.6.1.4.1.42.2.27.8.5.1'), Der.octetString(Der.sequence(value)));
  },

  /** Another control, of which nobody has asked. */
  control(): Buffer {
    return Der.sequence(text('1.2.3.4'));
  },
};
