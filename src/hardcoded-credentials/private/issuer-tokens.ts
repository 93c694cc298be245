import { byFirstLetter } from './by-first-letter';
import type { IssuerToken } from './issuer-token';
import { PLATFORM_TOKENS } from './issuers-of-platforms';
import { SERVICE_TOKENS } from './issuers-of-services';
import { KEYS_AND_WEB_TOKENS } from './keys-and-web-tokens';

/** All forms, by which texts are searched. */
export const ISSUER_TOKENS: readonly IssuerToken[] = [...PLATFORM_TOKENS, ...SERVICE_TOKENS, ...KEYS_AND_WEB_TOKENS];

const ANY = new RegExp(byFirstLetter(ISSUER_TOKENS.flatMap(({ hint }) => hint.split(/(?<!\\)\|(?![^(]*\))/))));
const SHORTEST = 16;
/** What is in every one of them, and in one text of four: found faster than any of their beginnings. */
const RUN = /[\w-]{10}|zapier/;
/** What is made for documentation and tests: the word, or one character again and again. */
const FOR_DOCUMENTATION = /EXAMPLE|(.)\1{7}/;

/** Whose credential a text holds. */
export function issuerOf(text: string): string | undefined {
  if (text.length < SHORTEST || !RUN.test(text) || !ANY.test(text)) {
    return undefined;
  }
  const isReal = ([found]: RegExpMatchArray): boolean => !FOR_DOCUMENTATION.test(found);
  return ISSUER_TOKENS.find(({ form }) => Array.from(text.matchAll(form)).some(isReal))?.issuer;
}
