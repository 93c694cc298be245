import { decode, type Element, elementsOf, expectTag, NotBer, numberIn, Tag } from './ber';
import { ANSWER, PASSWORD_POLICY } from './ldap-requests';

/** What a server says of a login beside its code. */
export type PolicyError = 'passwordExpired' | 'accountLocked' | 'changeAfterReset';

/** A message of a server. */
export interface LdapAnswer {
  readonly id: number;
  /** The tag of what it says, which tells to what kind of request it is an answer. */
  readonly operation: number;
  /** How an operation ended; absent where it has not. */
  readonly result?: LdapResult;
  /** The values of the attribute that was asked for, of an entry that was found. */
  readonly values?: readonly string[];
}

export interface LdapResult {
  readonly code: number;
  /** Of Active Directory: why it refuses a login, in hexadecimal digits. */
  readonly subCode?: string;
  readonly policyError?: PolicyError;
}

const RESULTS: readonly number[] = [ANSWER.bind, ANSWER.searchDone, ANSWER.modify, ANSWER.extended];
const CONTROLS = 0xa0;
const POLICY_ERROR = 0x81;
const POLICY_ERRORS: readonly PolicyError[] = ['passwordExpired', 'accountLocked', 'changeAfterReset'];
/** All that may leave the process of a text in which a server can write anything. */
const SUB_CODE = /\bdata (525|52e|53[0-3]|568|701|773|775)\b/;

/** The message that the bytes begin with, and where it ends; nothing while it is not all there. Throws {@link NotBer}. */
export function decodeAnswer(bytes: Buffer): { answer: LdapAnswer; end: number } | undefined {
  if (bytes.length > 0 && bytes[0] !== Tag.sequence) {
    throw new NotBer();
  }
  const message = decode(bytes);
  if (!message) {
    return undefined;
  }
  const [id, operation, controls] = elementsOf(message.content);
  return { answer: { id: numberIn(expectTag(id, Tag.integer)), ...readOperation(operation, controls) }, end: message.end };
}

function readOperation(operation: Element | undefined, controls: Element | undefined): Omit<LdapAnswer, 'id'> {
  switch (operation?.tag) {
    case ANSWER.entry:
      return { operation: operation.tag, values: valuesIn(operation) };
    case ANSWER.reference:
      return { operation: operation.tag };
    default:
      if (!operation || !RESULTS.includes(operation.tag)) {
        throw new NotBer();
      }
      return { operation: operation.tag, result: readResult(operation, controls) };
  }
}

function readResult(operation: Element, controls: Element | undefined): LdapResult {
  const [code, matched, text] = elementsOf(operation.content);
  expectTag(matched, Tag.octets);
  const [, subCode] = SUB_CODE.exec(expectTag(text, Tag.octets).content.toString('latin1')) ?? [];
  return {
    code: numberIn(expectTag(code, Tag.enumerated)),
    ...subCode !== undefined && { subCode },
    ...controls?.tag === CONTROLS && { policyError: policyErrorIn(controls) },
  };
}

/** @see https://datatracker.ietf.org/doc/html/draft-behera-ldap-password-policy */
function policyErrorIn(controls: Element): PolicyError | undefined {
  for (const control of elementsOf(controls.content)) {
    const [oid, ...more] = elementsOf(expectTag(control, Tag.sequence).content);
    const value = more.find(({ tag }) => tag === Tag.octets);
    if (expectTag(oid, Tag.octets).content.toString('latin1') === PASSWORD_POLICY && value) {
      const [policy] = elementsOf(value.content);
      const error = elementsOf(expectTag(policy, Tag.sequence).content).find(({ tag }) => tag === POLICY_ERROR);
      return error && POLICY_ERRORS[numberIn(error)];
    }
  }
  return undefined;
}

function valuesIn(entry: Element): string[] {
  const [, attributes] = elementsOf(entry.content);
  return elementsOf(expectTag(attributes, Tag.sequence).content).flatMap((attribute) => {
    const [, values] = elementsOf(expectTag(attribute, Tag.sequence).content);
    return elementsOf(expectTag(values, Tag.set).content).map(({ content }) => content.toString('utf8'));
  });
}
