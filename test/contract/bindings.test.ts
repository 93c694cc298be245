import { encodeText, type PackedBindings, unpackBindings } from '../../src/contract/bindings';

const arns = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret';
const group = (each: Record<string, string>, all: Record<string, unknown> = {}): PackedBindings => ({ groups: [{ each, all }] });

test('several secrets have properties of their own, and some that are the same', () => {
  expect(unpackBindings({
    arns,
    groups: [
      { each: { end: 'a-AbCdEf b-AbCdEf', username: 'first second%20one' }, all: { strategy: 'single' } },
      { each: { secret: 'c' }, all: { uuid: true } },
      { each: {}, all: { secret: 'd' } },
    ],
  })).toEqual([
    { secret: `${arns}:a-AbCdEf`, username: 'first', strategy: 'single' },
    { secret: `${arns}:b-AbCdEf`, username: 'second one', strategy: 'single' },
    { secret: 'c', uuid: true },
    { secret: 'd' },
  ]);
});

test.each([' ', '%', '%20', '%25', '% 20 %', ''])('the text %j is read as it was written', (text) => {
  const [binding] = unpackBindings(group({ username: encodeText(text) }));
  expect(binding).toEqual({ username: text });
});

test.each<[string, unknown]>([
  ['no object', null],
  ['the list of a former version', [{ secret: 's' }]],
  ['no groups', {}],
  ['a group that is a text', { groups: ['x'] }],
  ['a group without properties of its own', { groups: [{ all: {} }] }],
  ['a group without the same properties', { groups: [{ each: { secret: 's' } }] }],
  ['a property that is no text', group({ secret: 7 as never })],
  ['a property that is the same for all', group({ strategy: 'single' })],
  ['a property twice', group({ secret: 's' }, { secret: 't' })],
  ['fewer users than secrets', group({ secret: 's t', username: 'u' })],
  ['more users than secrets', group({ secret: 's', username: 'u v' })],
  ['the end of an ARN without its beginning', group({ end: 's-AbCdEf' })],
  ['the end of an ARN and a name', { arns, ...group({ end: 's-AbCdEf', secret: 's' }) }],
  ['the end of an ARN and a name for all', { arns, ...group({ end: 's-AbCdEf' }, { secret: 's' }) }],
  ['the end of an ARN of something else', { arns: arns.replace('secretsmanager', 'lambda'), ...group({ end: 's-AbCdEf' }) }],
  ['the end of an ARN with a name', { arns: `${arns}:s`, ...group({ end: 's-AbCdEf' }) }],
])('refuses %s', (_, packed) => {
  expect(() => unpackBindings(packed as PackedBindings)).toThrow(TypeError);
});
