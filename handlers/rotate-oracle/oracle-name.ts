import { RotationError } from '../core/rotation-error';

const MAXIMUM_BYTES = 128;
/** A name that needs no quotation marks: the database reads it in upper case. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_$#]*$/;
/** One that has them is read as it is written. */
const QUOTED = /^"([^"\0\p{Cs}]+)"$/u;

/**
 * A user's name in the catalogue, from how it is written in a login: `app` is APP, `"App"` is App.
 *
 * @throws for what no client could sign in with.
 */
export function catalogueName(written: string): string {
  const name = PLAIN.test(written) ? written.toUpperCase() : QUOTED.exec(written)?.[1];
  if (name === undefined || Buffer.byteLength(name) > MAXIMUM_BYTES) {
    throw new RotationError('configuration',
      `the user name is longer than ${MAXIMUM_BYTES} bytes, or has characters that need quotation marks`);
  }
  return name;
}

/** How a user signs in: in quotation marks where the name would otherwise be read as another one, or as two. */
export function writtenName(name: string): string {
  return PLAIN.test(name) && name === name.toUpperCase() ? name : quoteIdentifier(name);
}

/** A name of the catalogue as statements write it. */
export function quoteIdentifier(name: string): string {
  return quoted(name, 'a name');
}

/** A password as statements write it. */
export function quotePassword(password: string): string {
  return quoted(password, 'a password');
}

/** Whether a text can be put in quotation marks, in which Oracle has no escape. */
export function canBeQuoted(text: string): boolean {
  return text !== '' && !/["\0\p{Cs}]/u.test(text);
}

function quoted(text: string, what: string): string {
  if (!canBeQuoted(text)) {
    throw new RotationError('configuration', `${what} has a quotation mark or a character that Oracle does not allow in one`);
  }
  return `"${text}"`;
}
