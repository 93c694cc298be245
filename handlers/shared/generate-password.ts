import { randomInt } from 'node:crypto';
import { RotationError } from './rotation-error';
import type { PasswordRules } from '../../src/private/handler-contract';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const LONGEST = 4096;

/** A random password: every one that satisfies the rules is equally likely. */
export function generatePassword(rules: PasswordRules): string {
  const classes = characterClasses(rules);
  const alphabet = classes.join('');
  if (classes.length === 0 || !Number.isInteger(rules.length) || rules.length < classes.length || rules.length > LONGEST) {
    throw new RotationError('configuration', `no password can be made: ${classes.length} classes of characters are left, the length has to be between that and ${LONGEST}`);
  }
  for (;;) {
    const password = Array.from({ length: rules.length }, () => alphabet[randomInt(alphabet.length)]).join('');
    if (holdsEach(password, classes)) {
      return password;
    }
  }
}

/** Whether a value is one that {@link generatePassword} could have made. */
export function satisfiesRules(value: string, rules: PasswordRules): boolean {
  const classes = characterClasses(rules);
  const alphabet = classes.join('');
  return value.length === rules.length && [...value].every((character) => alphabet.includes(character)) && holdsEach(value, classes);
}

function characterClasses({ excludeCharacters, excludePunctuation }: PasswordRules): string[] {
  return [LETTERS, LETTERS.toUpperCase(), '0123456789', excludePunctuation ? '' : PUNCTUATION]
    .map((characters) => [...characters].filter((character) => !excludeCharacters.includes(character)).join(''))
    .filter((characters) => characters !== '');
}

function holdsEach(value: string, classes: string[]): boolean {
  return classes.every((characters) => [...value].some((character) => characters.includes(character)));
}
