import { RotationError } from '../core/rotation-error';
import { quoteIdentifier } from '../postgresql-protocol/quoting';

/** A right of one user on one object, in the words of the statement that gives it. */
export interface Right {
  /** `SELECT`, or `SELECT ("column")`. */
  readonly privilege: string;
  /** `ON TABLE "schema"."table"`. */
  readonly on: string;
  readonly withGrantOption: boolean;
  /** Whether the object is another cluster's, so that its statement runs alone, outside of transactions. */
  readonly alone?: boolean;
}

/** What PostgreSQL 8.0 keeps beside the privileges that can be granted. */
const NOT_GRANTABLE: readonly string[] = ['RULE', 'TRIGGER'];
/** Words of the catalogue that go into statements as they are. */
const WORDS = /^[A-Z]+( [A-Z]+)*$/;
/** Types of arguments: no quotation marks, for Amazon Redshift has no user-defined types. */
const TYPES = /^[a-z0-9_ ,()[\]]*$/;

/** Statements after which a user has exactly the wanted rights: one for each object, so that none fails because of another. */
export function rightChanges(
  username: string,
  own: readonly Right[],
  wanted: readonly Right[],
): { together: string[]; alone: string[] } {
  const name = quoteIdentifier(username);
  const [former, next] = [byKey(own), byKey(wanted)];
  const revoked = [...former].filter(([key]) => !next.has(key))
    .map(([, right]) => ({ right, text: `REVOKE ${right.privilege} ${right.on} FROM ${name}` }));
  const narrowed = [...former].filter(([key, { withGrantOption }]) => withGrantOption && next.get(key)?.withGrantOption === false)
    .map(([, right]) => ({ right, text: `REVOKE GRANT OPTION FOR ${right.privilege} ${right.on} FROM ${name}` }));
  const granted = [...next]
    .filter(([key, { withGrantOption }]) => !former.has(key) || (withGrantOption && !former.get(key)!.withGrantOption))
    .map(([, right]) => ({
      right,
      text: `GRANT ${right.privilege} ${right.on} TO ${name}${right.withGrantOption ? ' WITH GRANT OPTION' : ''}`,
    }));
  const all = [...revoked, ...narrowed, ...granted];
  const texts = (alone: boolean): string[] => all.filter(({ right }) => (right.alone === true) === alone).map(({ text }) => text);
  return { together: texts(false), alone: texts(true) };
}

export function isGrantable(privilege: string): boolean {
  return !NOT_GRANTABLE.includes(privilege);
}

/** A word of the catalogue for a statement. */
export function word(text: string): string {
  return checked(text.toUpperCase(), WORDS);
}

/** The types of a function's arguments for a statement. */
export function types(text: string): string {
  return checked(text, TYPES);
}

function checked(text: string, pattern: RegExp): string {
  if (!pattern.test(text)) {
    throw new RotationError('configuration', 'the base has a right that this function cannot name: give it to a role or a group');
  }
  return text;
}

function byKey(rights: readonly Right[]): Map<string, Right> {
  return new Map(rights.map((right) => [`${right.privilege} ${right.on}`, right]));
}
