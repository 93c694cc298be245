/**
 * Which types of characters a generated value has, as Secrets Manager names them.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export interface CharacterTypeOptions {
  /**
   * Whether lower-case letters, a to z, are left out.
   *
   * @default false
   */
  readonly excludeLowercase?: boolean;

  /**
   * Whether upper-case letters, A to Z, are left out.
   *
   * @default false
   */
  readonly excludeUppercase?: boolean;

  /**
   * Whether digits, 0 to 9, are left out.
   *
   * @default false
   */
  readonly excludeNumbers?: boolean;

  /**
   * Whether the 32 punctuation characters of ASCII are left out.
   *
   * @default false
   */
  readonly excludePunctuation?: boolean;

  /**
   * Whether the space is among the characters.
   *
   * @default false
   */
  readonly includeSpace?: boolean;

  /**
   * Whether each type that is not left out occurs at least once. Without it a value may have none of a type by chance.
   *
   * @default true
   */
  readonly requireEachIncludedType?: boolean;
}
