import { randomInt } from 'node:crypto';
import { includedCharacters, type PasswordRules } from '../../src/contract/password-rules';
import { RotationError } from '../core/rotation-error';

const LONGEST = 4096;

/** A random password: every one that satisfies the rules is equally likely. */
export function generatePassword(rules: PasswordRules): string {
  const types = typesOf(rules);
  const alphabet = types.join('');
  const shortest = Math.max(1, requiredOf(rules, types).length);
  if (types.length === 0 || !Number.isInteger(rules.length) || rules.length < shortest || rules.length > LONGEST) {
    throw new RotationError('configuration',
      `no password can be made: with ${types.length} types of characters left, the length has to be between that and ${LONGEST}`);
  }
  // The worst rules, five characters of five types that have 32, 1, 1, 1 and 1, take 16,000 attempts on average: some
  // milliseconds.
  for (;;) {
    const password = Array.from({ length: rules.length }, () => alphabet[randomInt(alphabet.length)]).join('');
    if (holdsEach(password, requiredOf(rules, types))) {
      return password;
    }
  }
}

/** Whether a value is one that {@link generatePassword} could have made. */
export function satisfiesRules(value: string, rules: PasswordRules): boolean {
  const types = typesOf(rules);
  const alphabet = types.join('');
  return (
    value.length === rules.length
    && [...value].every((character) => alphabet.includes(character))
    && holdsEach(value, requiredOf(rules, types))
  );
}

/** The characters that are left of each type, where there are any. */
function typesOf(rules: PasswordRules): string[] {
  return [...includedCharacters(rules).values()].filter((characters) => characters !== '');
}

function requiredOf({ requireEachIncludedType = true }: PasswordRules, types: string[]): string[] {
  return requireEachIncludedType ? types : [];
}

function holdsEach(value: string, types: string[]): boolean {
  return types.every((characters) => [...value].some((character) => characters.includes(character)));
}
