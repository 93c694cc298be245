import * as fc from 'fast-check';
import { JsonObject, keepNumbers } from '../../../handlers/core/json-object';

const record = fc.dictionary(fc.string(), fc.jsonValue());

test('keeps every other field', () => {
  fc.assert(fc.property(record, fc.string(), fc.string(), (fields, field, value) => {
    const text = JSON.stringify(fields);
    expect(JSON.parse(JsonObject.parse(text, 'x').with({ [field]: value })))
      .toEqual(JSON.parse(JSON.stringify({ ...JSON.parse(text), [field]: value })));
  }));
});

test('keeps a field named __proto__ and finds no inherited ones', () => {
  const object = JsonObject.parse('{"__proto__":{"username":"x"},"a":1}', 'x');
  expect(object.with({ b: 2 })).toBe('{"__proto__":{"username":"x"},"a":1,"b":2}');
  expect([object.field('username'), object.field('toString'), object.field('a')]).toEqual([undefined, undefined, 1]);
});

describe('numbers', () => {
  const { rawJSON } = JSON as { rawJSON?: unknown };

  afterEach(() => Object.assign(JSON, { rawJSON }));

  test.each([
    [1e20, '12345678901234567890', 'raw 12345678901234567890'], [5432, '5432', 5432], [1, '1.0', 'raw 1.0'], [7, undefined, 7],
    ['7', '"7"', '7'],
  ])('%j written as %j is kept as %j', (value, source, kept) => {
    Object.assign(JSON, { rawJSON: (text: string) => `raw ${text}` });
    expect(keepNumbers('', value, { source })).toBe(kept);
  });

  test('are as they can be where Node.js does not tell how they were written', () => {
    expect(keepNumbers('', 1)).toBe(1);
    Object.assign(JSON, { rawJSON: undefined });
    expect(keepNumbers('', 1, { source: '1.0' })).toBe(1);
  });
});

test('keeps numbers as they are written', () => {
  const written = '{"big":12345678901234567890,"port":5432,"exact":1.0}';
  // Node.js 20, which no function runs on, does not tell how they were written.
  const kept = (JSON as { rawJSON?: unknown }).rawJSON ? written : '{"big":12345678901234567000,"port":5432,"exact":1}';
  expect(JsonObject.parse(written, 'x').with({})).toBe(kept);
});

test('fills what is missing, overlays what differs', () => {
  const object = JsonObject.parse('{"a":1,"b":2}', 'x');
  expect(object.withDefaults({ b: 3, c: 4 }).with({})).toBe('{"b":2,"c":4,"a":1}');
  expect(object.overlaidWith(JsonObject.parse('{"b":5}', 'y')).with({})).toBe('{"a":1,"b":5}');
});

test.each([
  '', 'text', '[1]', 'null', '"text"', '7', '12345678901234567890', '1.0', ' 1e400', '{"password":"canary"', '{"canary":}',
])('refuses %j without a word of it', (text) => {
  const error = ((): unknown => {
    try {
      return JsonObject.parse(text, 'AWSCURRENT');
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ errorClass: 'configuration', message: 'configuration: AWSCURRENT is not a JSON object' });
  expect((error as Error).cause).toBeUndefined();
  expect((error as Error).stack).not.toContain('canary');
});
