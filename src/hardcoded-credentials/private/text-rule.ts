import { hasReference, isFilledIn, looksMade } from './values';

/** A form in which text holds a credential: the first group is the credential. */
export interface TextRule {
  readonly why: string;
  readonly form: RegExp;
  /** Whether what the group holds is a literal. */
  readonly holds: (value: string) => boolean;
}

/** Quotes, or none, around what a command is given. */
const VALUE = String.raw`["'\\]{0,4}([^\s"'\\;|<>]{2,256})`;
/** A rule of commands: `VALUE` is what they are given. */
export const command = (what: string, form: string): TextRule =>
  ({ why: `a command gives a ${what}`, form: new RegExp(form.replace('VALUE', VALUE), 'gi'), holds: isWord });

/** What a command reads elsewhere, and words that are no value. */
const NO_WORD = new RegExp(`^(?:${[
  '[-$/%&(]', 'file:', 'env:',
  '(?:stdin|prompt|password|null|true|false|yes|no|expire|never|policy|hash|random|required|default)$',
].join('|')})`, 'i');
const NO_PASSWORD = /^(?:\$.*|x-oauth-basic|password|pass|pwd|\d{1,5}|[^\p{L}\d]*|\{\w*\})$/iu;

export function isWord(value: string): boolean {
  return !hasReference(value) && !isFilledIn(value) && !NO_WORD.test(value);
}

export function isPassword(value: string): boolean {
  return !hasReference(value) && !isFilledIn(value) && !NO_PASSWORD.test(value);
}

export function isToken(value: string): boolean {
  return isWord(value) && !/[(){}]/.test(value) && looksMade(value, 6);
}

export function isBearer(value: string): boolean {
  return isToken(value) && looksMade(value, 16);
}

/** Where a name of a user may be as well: letters and digits as no user, organization or id has them. */
export function isTokenAlone(value: string): boolean {
  return isBearer(value) && value.split(/[._~+-]/).some((part) => part.length >= 16 && /\d/.test(part)
    && (part.length >= LONGER_THAN_NAMES || [...part.matchAll(CHANGE)].length * 4 >= part.length));
}

const LONGER_THAN_NAMES = 40;
/** Of capitals, small letters and digits into each other. */
const CHANGE = /[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z])|\d(?=[A-Za-z])|[A-Za-z](?=\d)/g;
