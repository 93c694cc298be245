import { credentialName } from './property-names';
import { isPassword, type TextRule } from './text-rule';
import { isCredential, looksChosen, looksMade } from './values';

/** What stands out in a text for people: as code, or bold. */
const MARKED = String.raw`(?:\x60|\*\*)[^\x60*\n]{1,64}(?:\x60|\*\*)`;
const NOUN = String.raw`\b(?:pass(?:word|phrase|code|wort)?|pw|pwd|kennwort|token|secret|(?:api|access|licen[sc]e)[ -]key)\b`;
const IS = String.raw`(?:\s(?:for|of|on)\s(?:the\s)?[\w.-]{1,30})?(?:\s(?:is|are|ist|lautet|was)\b)?:?\s{1,3}`;
const SAID = String.raw`${NOUN}${IS}(?:\x60|\*\*)([^\x60*\n]{3,128})(?:\x60|\*\*)`;
/** No code, and no expression. */
const WORD = String.raw`([^\s"'\x60<>(){}[\]=|,$\\]{6,128})(?![^\s.,;])`;

const isSaid = (value: string): boolean => isPassword(value) && credentialName(value) === undefined
  && (looksMade(value.replace(/ /g, ''), 6) || (/ /.test(value) && /\d/.test(value)));
/** As nobody spells a word, a version or a name. */
const isOdd = (value: string): boolean => {
  const word = value.replace(/[.,;:?]+$/, '');
  return isPassword(word) && looksChosen(word) && !/\/|^[A-Z]?[a-z]+[-_.]\d+$/.test(word)
    && isCredential({ noun: 'password', last: false, certain: true, encryption: false, several: false }, word);
};

/** What people tell each other: in descriptions, runbooks, messages. */
export const SENTENCES: readonly TextRule[] = [
  {
    why: 'a user is followed by a password',
    form: new RegExp(
      String.raw`\b(?:user(?:name)?|login|account|benutzer)\b["'*]{0,2}[\s:=]{1,3}${MARKED}[\s,;/|&.-]{1,5}(?:and\s|und\s)?${SAID}`, 'gi'),
    holds: isPassword,
  },
  { why: 'a sentence holds a credential', form: new RegExp(SAID, 'gi'), holds: isSaid },
  { why: 'a sentence holds a credential', form: new RegExp(`${NOUN}${IS}${WORD}`, 'gi'), holds: isOdd },
  {
    why: 'a sentence holds a user and a password',
    form: new RegExp(String.raw`\b(?:auth|credentials?|login)\b${IS}[\w.@+-]{1,64}(?::|\s/\s)${WORD}`, 'gi'),
    holds: isOdd,
  },
];
