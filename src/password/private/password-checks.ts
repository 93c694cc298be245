import type { SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { type CharacterType, includedCharacters, type PasswordRules } from '../../contract/password-rules';
import { ValidationError } from '../../core/errors';
import { requireInteger, requireText } from '../../core/validate';

type CharacterTypeRules = Omit<PasswordRules, 'length' | 'excludeCharacters'>;

/** What an engine, or another system with users, says of passwords. */
export interface PasswordEngine {
  /** What to call it in messages; of a database engine as it is in the secret's `engine` field. */
  readonly name: string;
  /** Rules of the first value: fixed, since a change of them would generate a new one. */
  readonly password: PasswordRules;
  readonly passwordLength: { readonly minimum: number; readonly maximum: number };
  /** Types of characters without which no password is accepted. */
  readonly requiredCharacterTypes?: readonly Exclude<CharacterType, 'space'>[];
  /** How many types of characters, whichever, a password has to have. */
  readonly minimumCharacterTypes?: number;
  /** Characters that no password may have. */
  readonly forbiddenCharacters?: string;
}

/** What a user says of passwords. */
export interface PasswordInput extends CharacterTypeRules {
  readonly passwordLength?: number;
  readonly excludeCharacters?: string;
}

/** Fewer than those of a hexadecimal number make a weak password. */
const MINIMUM_ALPHABET = 16;
const MAXIMUM_EXCLUDED = 4096;
const DEFAULT_LENGTH = 32;

/** The options that leave a type out as a whole. */
const EXCLUDING = {
  lowercase: 'excludeLowercase', uppercase: 'excludeUppercase', numbers: 'excludeNumbers', punctuation: 'excludePunctuation',
} as const satisfies Partial<Record<CharacterType, keyof CharacterTypeRules>>;
type ExcludableType = keyof typeof EXCLUDING;
const TYPES = Object.keys(EXCLUDING) as ExcludableType[];
const SWITCHES = [...Object.values(EXCLUDING), 'includeSpace', 'requireEachIncludedType'] as const;

/** The rules of the passwords that rotations make: the engine's, with what the user said. */
export function passwordRules(
  scope: IConstruct,
  factory: string,
  input: PasswordInput & { readonly engine: PasswordEngine },
): PasswordRules {
  const { engine } = input;
  requireInteger(
    {
      scope,
      property: `${factory}(passwordLength)`,
      remedy: `leave it out for ${engine.password.length}, or give another length`,
    },
    input.passwordLength,
    engine.passwordLength.minimum,
    engine.passwordLength.maximum,
    'characters',
  );
  const rules = rulesOf(input, engine.password);
  const left = lettersIn(leftOf(rules));
  if (left < MINIMUM_ALPHABET) {
    throw new ValidationError({
      scope,
      property: `${factory}(excludeCharacters)`,
      got: rules.excludeCharacters,
      allowed: `characters that leave at least ${MINIMUM_ALPHABET} of the 94 printable ASCII characters`,
      remedy: `passwords from ${left} characters are guessed too easily; exclude fewer`,
    });
  }
  requireWhatEngineTakes(scope, factory, engine, rules);
  return rules;
}

/** The rules of values that a rotation function makes for no database. */
export function valueRules(scope: IConstruct, property: string, input: PasswordInput): PasswordRules {
  requireInteger(
    { scope, property: `${property}(passwordLength)`, remedy: 'choose another length' },
    input.passwordLength,
    4,
    4096,
    'characters',
  );
  requireText({ scope, property: `${property}(excludeCharacters)`, remedy: 'exclude fewer characters' },
    input.excludeCharacters, { maximum: MAXIMUM_EXCLUDED, allowed: 'at most 4,096 characters' });
  const rules = rulesOf(input, { length: DEFAULT_LENGTH, excludeCharacters: '' });
  const left = leftOf(rules);
  if (lettersIn(left) === 0) {
    throw new ValidationError({
      scope,
      property: `${property}(excludeCharacters)`,
      got: rules.excludeCharacters,
      allowed: 'characters that leave some of the printable ASCII characters',
      remedy: TYPES.some((type) => rules[EXCLUDING[type]])
        ? 'exclude fewer characters, or fewer types of them'
        : 'exclude fewer characters',
    });
  }
  const required = rules.requireEachIncludedType === false ? [] : [...left.keys()].filter((type) => left.get(type) !== '');
  if (!Token.isUnresolved(rules.length) && rules.length < required.length) {
    throw new ValidationError({
      scope,
      property: `${property}(passwordLength)`,
      got: rules.length,
      allowed: `at least ${required.length} characters, one of each type: ${required.join(', ')}`,
      remedy: 'give a greater length, or `requireEachIncludedType: false`',
    });
  }
  return rules;
}

/**
 * The rules of values that Secrets Manager makes: it does not document what it does where a required type has no characters left.
 */
export function generatedValueRules(scope: IConstruct, property: string, input: PasswordInput): PasswordRules {
  const rules = valueRules(scope, property, input);
  const left = leftOf(rules);
  const empty = TYPES.filter((type) => left.get(type) === '');
  if (rules.requireEachIncludedType !== false && empty.length > 0) {
    throw new ValidationError({
      scope,
      property: `${property}(excludeCharacters)`,
      got: rules.excludeCharacters,
      allowed: 'exclusions that leave at least one character of each required type',
      remedy: `say ${empty.map((type) => `\`${EXCLUDING[type]}: true\``).join(', ')} instead`,
    });
  }
  return rules;
}

/** The rules in the form in which Secrets Manager takes them. */
export function generatorOf({ length, excludeCharacters, ...types }: PasswordRules): SecretStringGenerator {
  return { passwordLength: length, ...(excludeCharacters && { excludeCharacters }), ...types };
}

/** The bits of entropy in a password. */
export function entropyOf(rules: PasswordRules): number {
  return rules.length * Math.log2([...leftOf(rules).values()].join('').length);
}

function rulesOf(input: PasswordInput, defaults: PasswordRules): PasswordRules {
  const given = SWITCHES.map((name) => [name, input[name] ?? defaults[name]] as const).filter(([, value]) => value !== undefined);
  return {
    length: input.passwordLength ?? defaults.length,
    excludeCharacters: input.excludeCharacters ?? defaults.excludeCharacters,
    ...Object.fromEntries(given),
  };
}

/** Refuses rules whose passwords the engine would not take. */
function requireWhatEngineTakes(scope: IConstruct, factory: string, engine: PasswordEngine, rules: PasswordRules): void {
  const refuse = (option: keyof PasswordRules, allowed: string, remedy: string): never => {
    throw new ValidationError({
      scope,
      property: `${factory}(${option})`,
      got: rules[option],
      allowed: `${allowed} with the engine '${engine.name}'`,
      remedy,
    });
  };
  const { requiredCharacterTypes = [], minimumCharacterTypes = 0, forbiddenCharacters = '' } = engine;
  const left = leftOf(rules);
  const missing = requiredCharacterTypes.find((type) => !left.get(type));
  if (missing) {
    refuse(
      left.has(missing) ? 'excludeCharacters' : EXCLUDING[missing],
      `passwords with ${requiredCharacterTypes.join(', ')}`,
      `leave some ${missing} in`,
    );
  }
  const types = TYPES.filter((type) => left.get(type));
  if (types.length < minimumCharacterTypes) {
    const switchedOff = TYPES.find((type) => rules[EXCLUDING[type]]);
    refuse(
      switchedOff ? EXCLUDING[switchedOff] : 'excludeCharacters',
      `passwords with ${minimumCharacterTypes} of ${TYPES.join(', ')}`,
      `only ${types.join(', ')} are left; exclude fewer`,
    );
  }
  if (rules.requireEachIncludedType === false && requiredCharacterTypes.length + minimumCharacterTypes > 0) {
    refuse(
      'requireEachIncludedType',
      'true',
      'leave it out: by chance a password would have too few types, and the server refuse it',
    );
  }
  const taken = Token.isUnresolved(rules.excludeCharacters)
    ? []
    : [...forbiddenCharacters].filter((character) => [...left.values()].join('').includes(character));
  if (taken.length > 0) {
    refuse(
      'excludeCharacters',
      `characters with ${forbiddenCharacters} among them`,
      `the server takes no ${taken.join(' ')} in a password: add what is missing`,
    );
  }
}

/** What is left of each type; characters that only the deployment knows do not count as excluded. */
function leftOf(rules: PasswordRules): Map<CharacterType, string> {
  return includedCharacters(Token.isUnresolved(rules.excludeCharacters) ? { ...rules, excludeCharacters: '' } : rules);
}

/** How many characters are left, the space apart. */
function lettersIn(left: ReadonlyMap<CharacterType, string>): number {
  return TYPES.reduce((sum, type) => sum + (left.get(type)?.length ?? 0), 0);
}
