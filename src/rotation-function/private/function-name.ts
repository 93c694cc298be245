import { Token } from 'aws-cdk-lib/core';
import { shortHash } from '../../core/inner-path';

/** Lambda allows 64 characters; the role's name is the function's with the Region appended, and has 64 as well. */
const MAXIMUM_NAME_LENGTH = 48;

/** What the longest name of a platform leaves of it, beside a hyphen. */
const BESIDE_PLATFORM = 15;

/** A hyphen, and what makes a name that is cut different from others. */
const HASH_LENGTH = 9;

/** The name of a function, of which `own` is the part that distinguishes it in the platform. */
export function functionNameOf(platformName: string, own: string): string {
  const name = `${platformName}-${own}`;
  if (Token.isUnresolved(platformName)) {
    // The text of a token is another one when more tokens are made before it: it must not decide what is cut.
    return own.length <= BESIDE_PLATFORM ? name : `${platformName}-${cut(own, BESIDE_PLATFORM)}`;
  }
  return name.length <= MAXIMUM_NAME_LENGTH ? name : cut(name, MAXIMUM_NAME_LENGTH);
}

function cut(name: string, length: number): string {
  return `${name.slice(0, length - HASH_LENGTH)}-${shortHash(name)}`;
}
