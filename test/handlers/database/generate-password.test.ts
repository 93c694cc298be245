import * as fc from 'fast-check';
import { generatePassword, satisfiesRules } from '../../../handlers/database/generate-password';

const PRINTABLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('');
const CLASSES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9 ]/, / /];

test('satisfies its rules: length, nothing left out, each type that is left', () => {
  const excluded = fc.subarray([...PRINTABLE, ' '], { maxLength: 80 }).map((characters) => characters.join(''));
  const switches = fc.record({
    excludeLowercase: fc.boolean(),
    excludeUppercase: fc.boolean(),
    excludeNumbers: fc.boolean(),
    excludePunctuation: fc.boolean(),
    includeSpace: fc.boolean(),
    requireEachIncludedType: fc.boolean(),
  }, { requiredKeys: [] });
  fc.assert(fc.property(fc.integer({ min: 5, max: 64 }), excluded, switches, (length, excludeCharacters, types) => {
    const rules = { length, excludeCharacters, ...types };
    const leftOut = [
      types.excludeLowercase,
      types.excludeUppercase,
      types.excludeNumbers,
      types.excludePunctuation,
      !types.includeSpace,
    ];
    const left = [...PRINTABLE, ' '].filter(
      (character) =>
        !excludeCharacters.includes(character) && !CLASSES.some((pattern, type) => leftOut[type] && pattern.test(character)),
    );
    fc.pre(left.length > 0);
    const password = generatePassword(rules);
    expect(password).toHaveLength(length);
    expect([...password].every((character) => left.includes(character))).toBe(true);
    expect(
      types.requireEachIncludedType === false
        ? []
        : CLASSES.filter((pattern) => pattern.test(left.join('')) && !pattern.test(password)),
    ).toEqual([]);
    expect(satisfiesRules(password, rules)).toBe(true);
  }));
});

test('ends where next to no password satisfies the rules', () => {
  const rules = {
    length: 5,
    excludeCharacters: 'bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ123456789',
    includeSpace: true,
  };
  const password = generatePassword(rules);
  expect([...password].sort().join('').replace(/[^aA0 ]/, '')).toBe(' 0Aa');
});

test('a type may be missing by chance where none is required', () => {
  const rules = { length: 4, excludeCharacters: '', requireEachIncludedType: false };
  const missing = Array.from({ length: 500 }, () => generatePassword(rules)).filter((password) => !/[0-9]/.test(password));
  expect(missing.length).toBeGreaterThan(100);
  expect(
    missing.every(
      (password) => satisfiesRules(password, rules) && !satisfiesRules(password, { length: 4, excludeCharacters: '' }),
    ),
  ).toBe(true);
  expect(generatePassword({ ...rules, length: 1 })).toHaveLength(1);
});

test('every character of the alphabet is about equally frequent', () => {
  const counts = new Map<string, number>();
  for (let password = 0; password < 300; password++) {
    for (const character of generatePassword({ length: 94, excludeCharacters: '' })) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  expect(counts.size).toBe(94);
  expect(Math.min(...counts.values())).toBeGreaterThan(200);
  expect(Math.max(...counts.values())).toBeLessThan(410);
});

test('no two are alike', () => {
  expect(new Set(Array.from({ length: 200 }, () => generatePassword({ length: 16, excludeCharacters: '' }))).size).toBe(200);
});

test.each([
  { length: 3, excludeCharacters: '' }, { length: 4097, excludeCharacters: '' }, { length: 10.5, excludeCharacters: '' },
  { length: NaN, excludeCharacters: '' },
  { length: 32, excludeCharacters: PRINTABLE }, { length: 0, excludeCharacters: '', requireEachIncludedType: false },
  { length: 32, excludeCharacters: PRINTABLE, includeSpace: false }, { length: 4, excludeCharacters: '', includeSpace: true },
])('refuses rules that nothing satisfies: %j', (rules) => {
  expect(() => generatePassword(rules)).toThrow('configuration: no password can be made: with ');
});

test('the longest password, and the error for a longer one', () => {
  expect(generatePassword({ length: 4096, excludeCharacters: '' })).toHaveLength(4096);
  expect(() => generatePassword({ length: 4097, excludeCharacters: '' })).toThrow(
    'no password can be made: with 4 types of characters left, the length has to be between that and 4096',
  );
});

test.each([
  ['short', 'Aa1!'], ['longer', 'Aa1!Aa1!A'], ['without a class', 'AAAAAAA1'], ['excluded', 'Aa1!/aaa'], ['excluded', 'Aa1!Saaa'],
  ['not ASCII', 'Aa1!üaaa'],
])('knows what it would not have made: %s', (_, value) => {
  expect(satisfiesRules(value, { length: 8, excludeCharacters: '/S' })).toBe(false);
});
