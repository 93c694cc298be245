/** What a generated password looks like, in the terms of `GetRandomPassword`. */
export interface PasswordRules {
  /** Characters. */
  readonly length: number;
  readonly excludeCharacters: string;
  readonly excludeLowercase?: boolean;
  readonly excludeUppercase?: boolean;
  readonly excludeNumbers?: boolean;
  readonly excludePunctuation?: boolean;
  readonly includeSpace?: boolean;
  /** Whether each type that still has characters occurs at least once; absent for yes. */
  readonly requireEachIncludedType?: boolean;
}

/** The characters of each type that passwords are made of. */
const CHARACTERS = {
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  space: ' ',
};

export type CharacterType = keyof typeof CHARACTERS;

/**
 * What the rules leave of each type of characters that they do not leave out as a whole: empty where it is excluded one by one.
 */
export function includedCharacters(rules: PasswordRules): Map<CharacterType, string> {
  const leftOut: Record<CharacterType, boolean | undefined> = {
    lowercase: rules.excludeLowercase,
    uppercase: rules.excludeUppercase,
    numbers: rules.excludeNumbers,
    punctuation: rules.excludePunctuation,
    space: !rules.includeSpace,
  };
  const types = (Object.keys(CHARACTERS) as CharacterType[]).filter((type) => !leftOut[type]);
  return new Map(
    types.map((type) => [
      type,
      [...CHARACTERS[type]].filter((character) => !rules.excludeCharacters.includes(character)).join(''),
    ]),
  );
}
