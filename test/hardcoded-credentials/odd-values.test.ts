import { expand } from './corpus/corpus';
import { HardcodedCredentialCheck } from '../../src';

const WORD = 'hunter22';

function found(properties: object, type = 'AWS::Lambda::Function', sections: object = {}): string[] {
  const template = { Resources: { Subject: { Type: type, Properties: properties } }, ...sections };
  return new HardcodedCredentialCheck().findInTemplate(JSON.stringify(template)).map(({ property }) => property);
}

const variables = (Variables: object) => found({ Environment: { Variables } });

test.each<[what: string, value: unknown, number: number]>([
  ['a literal of a list', { 'Fn::Select': [1, ['a', WORD]] }, 1],
  ['a reference of a list', { 'Fn::Select': ['0', [{ Ref: 'A' }]] }, 0],
  ['an item of a list that is a function', { 'Fn::Select': [0, { Ref: 'List' }] }, 0],
  ['an item that is not in the list', { 'Fn::Select': [3, ['a']] }, 0],
  ['a join of nothing', { 'Fn::Join': 'x' }, 0],
  ['a join of a function', { 'Fn::Join': ['', { Ref: 'List' }] }, 0],
  ['a join of something else', { 'Fn::Join': ['', [{ a: 1 }, WORD]] }, 0],
  ['a substitution of a literal', { 'Fn::Sub': ['${Word}', { Word: WORD }] }, 1],
  ['a substitution of something else', { 'Fn::Sub': ['${Word}', { Word: {} }] }, 0],
  ['a dollar that is kept', { 'Fn::Sub': '${!PASSWORD}' }, 0],
  ['text in base64', { 'Fn::Base64': WORD }, 1],
  ['a number', 47114711, 1],
  ['a long sentence', 'is written on a note below the keyboard', 0],
  ['a text that is longer than any password', 'ab12'.repeat(5000), 1],
])('%s as a password', (_, value, number) => {
  expect(variables({ DB_PASSWORD: value })).toHaveLength(number);
});

test.each<[name: string, value: string, number: number]>([
  ['SIGNED_URL', expand('https://a.blob.core.windows.net/x?sv=1&sig=⟦any 43⟧%3D'), 1],
  ['OPAQUE_TOKEN', expand('⟦letters 24⟧'), 1],
  ['ENCRYPTION_KEY', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', 0],
  ['API_KEY', 'changeme', 0],
  ['API_KEY', 'my-super-secret', 1],
  ['API_TOKEN', '12345678', 0],
  ['API_TOKEN', '1.2.3', 0],
  ['API_TOKEN', '111122223333', 0],
  ['API_TOKEN', '92714058361120493', 1],
  ['API_KEY', 'deadbeefcafe', 1],
  ['API_KEY', 'facade', 0],
  ['BASIC_AUTH', expand('⟦base64 user:hunter22⟧'), 1],
  ['LOOKUP_KEY', 'orders/1234567890abcdefG', 0],
  ['LOOKUP_THING_KEY', expand('⟦any 24⟧'), 1],
  ['PASSWORD_OF_SOMEBODY', expand('⟦any 16⟧#'), 1],
  [`${'x'.repeat(200)}_PASSWORD`, WORD, 0],
  ['XML', `<add name="Password" value="${WORD}"/>`, 1],
  ['XML', '<add name="Password" value="${PASSWORD}"/>', 0],
  ['DEEP', '{"a":"{\\"b\\":\\"{}\\"}"}', 0],
  ['BROKEN', `{"password":"${WORD}",}`, 1],
  ['ENCODED', expand('⟦base64 nothing of interest is in here⟧'), 0],
  ['PORTED', '{"password":"x","port":}', 0],
])('%s as %j', (name, value, number) => {
  expect(variables({ [name]: value })).toHaveLength(number);
});

test('what is nested more than a hundred times is left', () => {
  const nest = (depth: number): object => depth === 0 ? { DB_PASSWORD: WORD } : { a: nest(depth - 1) };
  expect([nest(50), nest(200)].map((value) => found(value).length)).toEqual([1, 0]);
});

test('outputs, mappings and globals are read, in whatever they are', () => {
  const sections = {
    Outputs: { Login: { Value: { 'Fn::Sub': `mysql -u root -p${WORD}` } } },
    Mappings: { Stages: { prod: { DbPassword: WORD } } },
    Globals: { Function: { Environment: { Variables: { DB_PASSWORD: WORD } } } },
    Parameters: { Hidden: { NoEcho: true, Default: WORD }, Key: { Type: 'AWS::SSM::Parameter::Value<String>', Default: WORD } },
  };
  expect(found({}, 'A::B::C', sections)).toEqual([
    'Value', 'prod.DbPassword', 'Environment.Variables.DB_PASSWORD', 'Default',
  ]);
});
