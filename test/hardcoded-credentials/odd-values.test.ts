import { expand } from './corpus/corpus';
import { HardcodedCredentialCheck } from '../../src';

const WORD = 'hunter22';
const CHOICE = { 'Fn::If': ['A', { Ref: 'A' }, { Ref: 'B' }] };

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
  ['a join of an object', { 'Fn::Join': ['', [{ a: 1, b: 2 }, WORD]] }, 0],
  ['a substitution of a literal', { 'Fn::Sub': ['${Word}', { Word: WORD }] }, 1],
  ['a substitution of something else', { 'Fn::Sub': ['${Word}', { Word: {} }] }, 0],
  ['a dollar that is kept', { 'Fn::Sub': '${!PASSWORD}' }, 0],
  ['a choice of nothing in a join', { 'Fn::Join': ['', [{ 'Fn::If': 'x' }, WORD]] }, 0],
  ['a choice of references in a join', { 'Fn::Join': ['', [{ 'Fn::If': ['A', { Ref: 'A' }, { 'Fn::ToJsonString': {} }] }]] }, 0],
  ['a split of nothing', { 'Fn::Select': [0, { 'Fn::Split': 'x' }] }, 0],
  ['a split at nothing', { 'Fn::Select': [0, { 'Fn::Split': ['', WORD] }] }, 0],
  ['a choice beside what is looked up', { 'Fn::Join': ['', [CHOICE, { 'Fn::FindInMap': ['A', 'b', 'c'] }]] }, 0],
  ['a choice beside a map of nothing', { 'Fn::Join': ['', [CHOICE, { 'Fn::FindInMap': 'x' }]] }, 0],
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
  ['\u0301', WORD, 0],
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

test.each<[what: string, value: unknown, number: number]>([
  ['without a type', { d: 'x7Fq-2mZ9pL0vB3nT6yR8wK1' }, 0],
  ['of another type', { kty: 'EC', crv: 'P-256', d: { Ref: 'D' } }, 0],
  ['with what only its owner knows', { kty: 'EC', crv: 'P-256', d: expand('⟦any 43⟧') }, 1],
])('a JSON Web Key %s', (_, value, number) => {
  expect(found({ Payload: value }, 'AWS::StepFunctions::StateMachine')).toHaveLength(number);
});

test.each<[what: string, field: unknown, number: number]>([
  ['a header', { SingleHeader: { Name: 'x-api-key' } }, 1],
  ['a header in small letters', { SingleHeader: { name: 'x-api-key' } }, 1],
  ['an argument', { SingleQueryArgument: { Name: 'api_key' } }, 1],
  ['the body', { Body: {} }, 0],
  ['what only the deployment knows', [], 0],
])('a rule of a firewall that compares %s', (_, FieldToMatch, number) => {
  const SearchString = expand('⟦any 32⟧');
  const rules = [{ Name: 'Rule', Statement: { ByteMatchStatement: { FieldToMatch, SearchString } } }];
  expect(found({ Rules: rules }, 'AWS::WAFv2::WebACL')).toHaveLength(number);
});

test.each<[what: string, command: unknown, number: number]>([
  ['what a shell takes where a variable is not set', 'export DB_PASSWORD=${DB_PASSWORD:-hunter22x}', 1],
  ['a key in an address, in digits', 'curl https://api.example.com/x?code=deadbeef01deadbeef23deadbeef4567', 1],
  ['a file with a key in the form of a UUID', 'interval 10\napi_key c0ffee00-4f89-41d3-9a0c-0305e82c3301\nretries 3\n', 1],
])('user data with %s', (_, text, number) => {
  expect(found({ UserData: { 'Fn::Base64': text } }, 'AWS::EC2::Instance')).toHaveLength(number);
});

test('a join of an object as a property that is a password', () => {
  expect(found({ MasterUserPassword: { 'Fn::Join': ['', [{ a: 1, b: 2 }, WORD]] } }, 'AWS::RDS::DBInstance')).toEqual([]);
});

test('a condition that compares nothing', () => {
  expect(found({}, undefined, { Conditions: { HasPassword: { 'Fn::Equals': 'x' } } })).toEqual([]);
});

test('a text is what it is called in each place, whatever it is in the places before', () => {
  const places = { NOTE: WORD, DB_PASSWORD: WORD, LABEL: WORD, ADMIN_PASSWORD: WORD, A: 'D_PASSWORDhunter22', AD_PASSWORD: WORD };
  const names = ['DB_PASSWORD', 'ADMIN_PASSWORD', 'AD_PASSWORD'].map((name) => `Environment.Variables.${name}`);
  expect(variables(places)).toEqual(names);
  expect(variables(Object.fromEntries(Object.entries(places).reverse()))).toEqual([...names].reverse());
  expect(found({ Policy: { [`${WORD} password`]: WORD }, Environment: { Variables: { [`${WORD} password`]: WORD } } })).toHaveLength(1);
  expect(found({ Command: ['mysql', `-p${WORD}`], Args: `mysql -p${WORD}` })).toEqual(['Command', 'Args']);
});

test.each<[how: string, value: unknown]>([
  ['itself', { Ref: 'Pool' }],
  ['base64', { 'Fn::Base64': { Ref: 'Pool' } }],
  ['a text that it fills in', { 'Fn::Sub': ['${Word}', { Word: { Ref: 'Pool' } }] }],
])('the default of a parameter that becomes a password as %s', (_, value) => {
  const Parameters = { Pool: { Type: 'String', Default: WORD } };
  expect(found({ Environment: { Variables: { DB_PASSWORD: value } } }, undefined, { Parameters })).toEqual(['Default']);
});

test('an attribute of a resource is no parameter', () => {
  const Parameters = { 'Pool': { Type: 'String', Default: WORD }, 'Pool.Key': { Type: 'String', Default: WORD } };
  const DB_PASSWORD = { 'Fn::Sub': '${Pool.Key}' };
  expect(found({ Environment: { Variables: { DB_PASSWORD } } }, undefined, { Parameters })).toEqual([]);
});
