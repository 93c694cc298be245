import { RotationError } from '../core/rotation-error';

/** RFC 3454 C.1.2: spaces other than the ASCII one. */
const OTHER_SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** RFC 3454 B.1: characters that are commonly mapped to nothing. */
const MAPPED_TO_NOTHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;
/** What RFC 4013 prohibits, and right-to-left text, whose rules it restricts: drivers and servers differ there. */
const PROHIBITED = new RegExp([
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\u0340\u0341\u2ff0-\u2ffb\ufff9-\ufffd]/u,
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u,
].map((part) => part.source).join('|'), 'u');

/** SASLprep (RFC 4013): the form of a password from which SCRAM derives its keys. */
export function preparePassword(password: string): string {
  const prepared = password.replace(OTHER_SPACES, ' ').replace(MAPPED_TO_NOTHING, '').normalize('NFKC');
  if (prepared === '' || PROHIBITED.test(prepared)) {
    throw new RotationError(
      'configuration',
      'the password has characters that PostgreSQL clients do not treat alike: the password rules must exclude them',
    );
  }
  return prepared;
}
