import { encode, encodeInteger, Tag } from './ber';

/**
 * Operations of LDAP, as they are asked for.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4511
 */
export interface LdapRequest {
  readonly operation: Buffer;
  /** Tags of what a server may answer. */
  readonly answeredBy: readonly number[];
  /** Object identifiers of controls without a value, which a server may ignore. */
  readonly controls?: readonly string[];
}

/** One change of an entry's attribute. */
export interface AttributeChange {
  readonly change: 'add' | 'delete' | 'replace';
  readonly attribute: string;
  /** Absent where a replacement leaves none. */
  readonly value?: Buffer;
}

/** Whose password is changed with the operation that leaves it to the server how it is stored. */
export interface PasswordModification {
  readonly user: string;
  readonly former?: string;
  readonly next: string;
}

/** Has a server say why it lets nobody in, and what it asks of who is let in. */
export const PASSWORD_POLICY = '1.3.6.1.4.1.42.2.27.8.5.1';
const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1';
const VERSION = 3;
const CHANGES = { add: 0, delete: 1, replace: 2 } as const;
const CONTROLS = 0xa0;
/** Ends of operations, and what a search finds before its own. */
export const ANSWER = { bind: 0x61, entry: 0x64, searchDone: 0x65, modify: 0x67, reference: 0x73, extended: 0x78 } as const;
const OPERATION = { bind: 0x60, search: 0x63, modify: 0x66, extended: 0x77 } as const;
const BASE_OBJECT = 0;
const NEVER_DEREFERENCE = 0;
const NO_LIMIT = 0;
const EQUALITY = 0xa3;
const PRESENCE = 0x87;

export function encodeMessage(id: number, { operation, controls = [] }: LdapRequest): Buffer {
  const encoded = controls.map((oid) => encode(Tag.sequence, encode(Tag.octets, oid)));
  return encode(Tag.sequence, encodeInteger(id), operation, ...encoded.length > 0 ? [encode(CONTROLS, ...encoded)] : []);
}

export function bindRequest(name: string, password: string): LdapRequest {
  const operation = encode(OPERATION.bind, encodeInteger(VERSION), encode(Tag.octets, name), encode(0x80, password));
  return { operation, answeredBy: [ANSWER.bind], controls: [PASSWORD_POLICY] };
}

/** @see https://www.rfc-editor.org/rfc/rfc3062 */
export function passwordModifyRequest({ user, former, next }: PasswordModification): LdapRequest {
  const value = encode(
    Tag.sequence, encode(0x80, user), ...former === undefined ? [] : [encode(0x81, former)], encode(0x82, next),
  );
  const operation = encode(OPERATION.extended, encode(0x80, PASSWORD_MODIFY), encode(0x81, value));
  return { operation, answeredBy: [ANSWER.extended] };
}

export function modifyRequest(entry: string, changes: readonly AttributeChange[]): LdapRequest {
  const encoded = changes.map(({ change, attribute, value }) => encode(
    Tag.sequence,
    encodeInteger(CHANGES[change], Tag.enumerated),
    encode(Tag.sequence, encode(Tag.octets, attribute), encode(Tag.set, ...value ? [encode(Tag.octets, value)] : [])),
  ));
  const operation = encode(OPERATION.modify, encode(Tag.octets, entry), encode(Tag.sequence, ...encoded));
  return { operation, answeredBy: [ANSWER.modify] };
}

/** Reads one entry, where an attribute of it has a value. */
export function readRequest(entry: string, attribute: string, where?: { attribute: string; value: string }): LdapRequest {
  const filter = where
    ? encode(EQUALITY, encode(Tag.octets, where.attribute), encode(Tag.octets, where.value))
    : encode(PRESENCE, 'objectClass');
  return {
    answeredBy: [ANSWER.entry, ANSWER.reference, ANSWER.searchDone],
    operation: encode(
      OPERATION.search,
      encode(Tag.octets, entry),
      encodeInteger(BASE_OBJECT, Tag.enumerated),
      encodeInteger(NEVER_DEREFERENCE, Tag.enumerated),
      encodeInteger(NO_LIMIT),
      encodeInteger(NO_LIMIT),
      encode(Tag.boolean, Buffer.from([0])),
      filter,
      encode(Tag.sequence, encode(Tag.octets, attribute)),
    ),
  };
}
