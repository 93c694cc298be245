import { App, CfnParameter, Stack, Token } from 'aws-cdk-lib/core';
import { generatePassword, satisfiesRules } from '../../../handlers/database/generate-password';
import { DatabaseEngine } from '../../../src/database/database-engine';
import type { EngineFacts } from '../../../src/database/private/database-facts';
import {
  entropyOf,
  generatedValueRules,
  generatorOf,
  type PasswordInput,
  passwordRules,
  valueRules,
} from '../../../src/password/private/password-checks';

const stack = new Stack(new App(), 'Stack');
const ENGINES = DatabaseEngine._ALL.map(({ _facts }) => [_facts.name, _facts] as const);
const token = Token.asString(new CfnParameter(stack, 'Text').value);
const postgres = DatabaseEngine.POSTGRES._facts;
const passwords = (input: PasswordInput, engine: Partial<EngineFacts> = {}) =>
  passwordRules(stack, 'DatabaseTarget.of', { engine: { ...postgres, ...engine }, ...input });
const values = (input: PasswordInput) => valueRules(stack, 'Value', input);
const firstValues = (input: PasswordInput) => generatedValueRules(stack, 'Value', input);
const PRINTABLE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
const allBut = (left: string) => PRINTABLE.filter((character) => !left.includes(character)).join('');
const EVERY_SWITCH = {
  excludeLowercase: false,
  excludeUppercase: false,
  excludeNumbers: false,
  excludePunctuation: true,
  includeSpace: true,
  requireEachIncludedType: false,
};

describe('passwords', () => {
  test('are the engine\'s where nothing is said', () => {
    expect(passwords({})).toEqual({ length: 32, excludeCharacters: ':/@"\'\\' });
    expect(Object.keys(passwords({ excludeLowercase: undefined }))).toEqual(['length', 'excludeCharacters']);
  });

  test('are what the user says', () => {
    expect(passwords({ passwordLength: 8, excludeCharacters: '' })).toEqual({ length: 8, excludeCharacters: '' });
    expect(passwords({ passwordLength: 128, excludeCharacters: token })).toEqual({ length: 128, excludeCharacters: token });
    expect(passwords(EVERY_SWITCH)).toEqual({ length: 32, excludeCharacters: ':/@"\'\\', ...EVERY_SWITCH });
  });

  test('keep what the engine leaves out, unless the user says otherwise', () => {
    const engine = { password: { length: 30, excludeCharacters: '"', excludePunctuation: true } };
    expect(passwords({}, engine)).toEqual(engine.password);
    expect(passwords({ excludePunctuation: false }, engine)).toEqual({ ...engine.password, excludePunctuation: false });
  });

  test('may be of hexadecimal digits', () => {
    expect(passwords({ excludeCharacters: allBut('0123456789abcdef') }).excludeCharacters).toHaveLength(78);
  });

  test.each<[PasswordInput, string]>([
    [
      { passwordLength: 7 },
      '[Stack] `DatabaseTarget.of(passwordLength)` is 7, allowed: a whole number from 8 to 128 characters; leave it out for 32',
    ],
    [{ passwordLength: 129 }, 'is 129, allowed: a whole number from 8 to 128 characters'],
    [{ passwordLength: 12.5 }, 'is 12.5, allowed: a whole number'],
    [
      { excludeCharacters: allBut('0123456789') },
      'allowed: characters that leave at least 16 of the 94 printable ASCII characters; passwords from 10 characters are guessed '
        + 'too easily; exclude fewer',
    ],
    [
      { excludeLowercase: true, excludeUppercase: true, excludePunctuation: true, includeSpace: true },
      'passwords from 10 characters are guessed too easily',
    ],
    [
      { excludeLowercase: true, excludeUppercase: true, excludePunctuation: true, excludeNumbers: true },
      'passwords from 0 characters',
    ],
  ])('%j is refused', (input, message) => {
    expect(() => passwords(input)).toThrow(message);
  });
});

describe('what an engine takes', () => {
  const demanding = {
    name: 'demanding',
    requiredCharacterTypes: ['lowercase', 'uppercase', 'numbers'],
    forbiddenCharacters: '/@ ',
  } as const;
  const threeTypes = { name: 'three', minimumCharacterTypes: 3 } as const;

  test.each<[PasswordInput, Partial<EngineFacts>, string]>([
    [{ excludeNumbers: true }, demanding, '`DatabaseTarget.of(excludeNumbers)` is true, allowed: passwords with lowercase, '
      + "uppercase, numbers with the engine 'demanding'; leave some numbers in"],
    [
      { excludeCharacters: '/@0123456789' },
      demanding,
      '`DatabaseTarget.of(excludeCharacters)` is "/@0123456789", allowed: passwords with lowercase, uppercase, numbers',
    ],
    [
      { requireEachIncludedType: false },
      demanding,
      "`DatabaseTarget.of(requireEachIncludedType)` is false, allowed: true with the engine 'demanding'; leave it out",
    ],
    [{ excludeCharacters: '@' }, demanding, '`DatabaseTarget.of(excludeCharacters)` is "@", allowed: characters with /@  among '
      + "them with the engine 'demanding'; the server takes no / in"],
    [{ includeSpace: true }, demanding, 'the server takes no   in a password'],
    [{ excludeNumbers: true, excludePunctuation: true }, threeTypes,
      '`DatabaseTarget.of(excludeNumbers)` is true, allowed: passwords with 3 of lowercase, uppercase, numbers, punctuation with '
        + "the engine 'three'; only lowercase, uppercase are left"],
    [{ excludeCharacters: allBut('abcdefghijklmnopqrstuvwxyz1') }, threeTypes, '`DatabaseTarget.of(excludeCharacters)` is "'],
    [{ requireEachIncludedType: false }, threeTypes, '`DatabaseTarget.of(requireEachIncludedType)` is false'],
  ])('%j is refused', (input, engine, message) => {
    expect(() => passwords(input, engine)).toThrow(message);
  });

  test.each<[PasswordInput, Partial<EngineFacts>]>([
    [{ excludePunctuation: true, excludeCharacters: '/@' }, demanding],
    [{ excludePunctuation: true, excludeCharacters: '' }, demanding],
    [{ excludeCharacters: token }, demanding],
    [{ excludePunctuation: true }, threeTypes],
  ])('%j passes', (input, engine) => {
    expect(() => passwords(input, engine)).not.toThrow();
  });

  test.each(ENGINES)('%s: its own rules are among them', (_, engine) => {
    expect(passwordRules(stack, 'DatabaseTarget.of', { engine })).toEqual(engine.password);
  });

  test.each(ENGINES)('%s: 10,000 passwords of the first value and of rotations satisfy it', (_, engine) => {
    const { minimum, maximum } = engine.passwordLength;
    const patterns = { lowercase: /[a-z]/, uppercase: /[A-Z]/, numbers: /[0-9]/, punctuation: /[!-/:-@[-`{-~]/ };
    const forbidden = [...engine.forbiddenCharacters ?? ''];
    const excluded = [...engine.password.excludeCharacters];
    const broken: string[] = [];
    for (const passwordLength of [engine.password.length, minimum, maximum]) {
      const rules = passwords({ passwordLength }, engine);
      for (let made = 0; made < 10_000 / 3; made++) {
        const password = generatePassword(rules);
        const types = Object.values(patterns).filter((pattern) => pattern.test(password)).length;
        const fits =
          password.length === passwordLength
          && !/[^!-~]/.test(password)
          && ![...forbidden, ...excluded].some((character) => password.includes(character))
          && types >= (engine.minimumCharacterTypes ?? 0)
          && (engine.requiredCharacterTypes ?? []).every((type) => patterns[type].test(password));
        if (!fits || !satisfiesRules(password, rules)) {
          broken.push(password);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  test.each(ENGINES.filter(([, { rdsEngineTypes }]) => rdsEngineTypes.length > 0))(
    '%s: the first value is one that Amazon RDS takes for a master user', (_, { password }) => {
      expect([...'/"@'].filter((character) => !password.excludeCharacters.includes(character))).toEqual([]);
      expect(password.includeSpace).not.toBe(true);
    });
});

describe('values', () => {
  test('are of 32 characters of four types, or as the user says', () => {
    expect(values({})).toEqual({ length: 32, excludeCharacters: '' });
    const given = { excludeCharacters: token, ...EVERY_SWITCH };
    expect(values({ passwordLength: 5, ...given })).toEqual({ length: 5, ...given });
    expect(values({ passwordLength: Token.asNumber({ Ref: 'Length' }), includeSpace: true }).includeSpace).toBe(true);
  });

  test.each<[PasswordInput, string]>([
    [
      { passwordLength: 3 },
      '[Stack] `Value(passwordLength)` is 3, allowed: a whole number from 4 to 4096 characters; choose another length',
    ],
    [
      { passwordLength: 4, includeSpace: true },
      '`Value(passwordLength)` is 4, allowed: at least 5 characters, one of each type: lowercase, uppercase, numbers, '
        + 'punctuation, space; give a greater length, or `requireEachIncludedType: false`',
    ],
    [{ excludeLowercase: true, excludeUppercase: true, excludeNumbers: true, excludePunctuation: true, includeSpace: true },
      '`Value(excludeCharacters)` is "", allowed: characters that leave some of the printable ASCII characters; exclude fewer '
        + 'characters, or fewer types of them'],
    [
      { excludeCharacters: allBut('') },
      'allowed: characters that leave some of the printable ASCII characters; exclude fewer characters',
    ],
    [{ excludeCharacters: 'x'.repeat(4097) }, 'allowed: at most 4,096 characters'],
  ])('%j is refused', (input, message) => {
    expect(() => values(input)).toThrow(message);
  });

  test.each<[PasswordInput, boolean]>([
    [{ excludeCharacters: '0123456789' }, false],
    [{ excludeCharacters: '0123456789', excludeNumbers: true }, true],
    [{ excludeCharacters: '0123456789', requireEachIncludedType: false }, true],
  ])('that Secrets Manager makes have some left of each type that is to occur: %j', (input, passes) => {
    expect(() => values(input)).not.toThrow();
    const act = () => firstValues(input);
    if (passes) {
      expect(act).not.toThrow();
    } else {
      expect(act).toThrow('[Stack] `Value(excludeCharacters)` is "0123456789", allowed: exclusions that leave at least one '
        + 'character of each required type; say `excludeNumbers: true` instead');
    }
  });
});

test('Secrets Manager is told the same', () => {
  expect(generatorOf({ length: 8, excludeCharacters: '' })).toEqual({ passwordLength: 8 });
  expect(generatorOf({ length: 8, excludeCharacters: '"', ...EVERY_SWITCH }))
    .toEqual({ passwordLength: 8, excludeCharacters: '"', ...EVERY_SWITCH });
});

test('the bits of entropy', () => {
  expect(entropyOf({ length: 10, excludeCharacters: allBut('0123456789abcdef') })).toBe(40);
  expect(entropyOf({ length: 10, excludeCharacters: token, excludePunctuation: true, includeSpace: true }))
    .toBeCloseTo(10 * Math.log2(63));
});
