import { expand } from './corpus/corpus';
import { HardcodedCredentialCheck } from '../../src';

const WORD = 'hunter22';
const find = (template: object) => new HardcodedCredentialCheck().findInTemplate(JSON.stringify(template));
const variables = (values: object, others: object = {}) =>
  find({
    Resources: {
      Subject: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: values } } },
      ...others,
    },
  });
const encoded = (text: string, times: number): string =>
  times === 0 ? text : encoded(Buffer.from(text).toString('base64'), times - 1);

describe('what a report says', () => {
  test('of a list of JSON: which of its texts is a credential', () => {
    expect(variables({ LIST: JSON.stringify(['x', expand('ghp_⟦any 36⟧')]) })).toHaveLength(1);
    const escaped = JSON.stringify(['x', expand('ghp_⟦any 36⟧')]).replace('ghp', '\\u0067hp');
    expect(variables({ LIST: escaped })).toMatchObject([
      { rule: 'issuer-token', reason: "in JSON, at '[1]': it has the form of a GitHub token" },
    ]);
  });

  test('of a command that is a list of JSON: the command, as no item of it is the credential alone', () => {
    expect(variables({ CMD: JSON.stringify(['mysql', '-u', 'root', `-p${WORD}`]) })).toMatchObject([
      { property: 'Environment.Variables.CMD', reason: 'a command gives a password' },
    ]);
  });

  test('is no name that is a credential itself', () => {
    const token = expand('ghp_⟦any 36⟧');
    const text = JSON.stringify({ [`${token} password`]: WORD }).replace('ghp', '\\u0067hp');
    const found = variables({ TEXT: text });
    expect(found).toMatchObject([
      { reason: 'in JSON, at a name: a name is the name of a credential, and a literal is its value' },
    ]);
    expect(JSON.stringify(found)).not.toContain(token.slice(4));
  });

  test('is no name that nobody reads to its end', () => {
    const names = ['x'.repeat(91), 'x'.repeat(92)].map((begin) => `${begin}_PASSWORD`);
    const said = names.flatMap((name) => variables({ [name]: WORD })).map(({ reason }) => reason.slice(0, reason.indexOf(' is')));
    expect(said).toEqual([`'${names[0]}'`, 'a name']);
  });
});

describe('how far it looks', () => {
  test('more names than are remembered', () => {
    const many = Object.fromEntries(Array.from({ length: 20_100 }, (_, nth) => [`PASSWORD_${nth}`, { Ref: 'A' }]));
    expect(variables({ ...many, DB_PASSWORD: WORD })).toHaveLength(1);
  });

  test('into base64 in base64, four times', () => {
    const text = `DB_PASSWORD=${WORD} and nothing else`;
    expect([1, 4, 5].map((times) => variables({ TEXT: encoded(text, times) }).length)).toEqual([1, 1, 0]);
    expect(variables({ TEXT: encoded(text, 2) })[0].reason).toBe("in base64: in base64: the text gives 'DB_PASSWORD' a literal");
  });

  test('at names of up to a hundred characters in a text', () => {
    const names = ['x'.repeat(91), 'x'.repeat(92)].map((begin) => `${begin}_PASSWORD`);
    expect(names.map((name) => variables({ TEXT: `export ${name}=${WORD}` }).length)).toEqual([1, 0]);
  });
});

describe('what is in a text', () => {
  test('a bearer without the name of a header', () => {
    expect(variables({ HEADERS: `Accept: x, 'Bearer ${expand('⟦any 40⟧')}'` })).toHaveLength(1);
  });

  test('a key beside one of documentation, which hides it not', () => {
    const key = expand('AKIA⟦upper 16⟧');
    expect(variables({ TEXT: `as AKIAIOSFODNN7EXAMPLE is, ${key}` })).toMatchObject([{ reason: 'it has the form of an AWS access key id' }]);
    expect(variables({ TEXT: 'as AKIAIOSFODNN7EXAMPLE is, AKIAI44QH8DHBEXAMPLE' })).toEqual([]);
  });

  test('a comparison, a list of words and an element that is none are no assignments', () => {
    expect(variables({ TEXT: 'if password > 8 then "secret" , "x" and token>x' })).toEqual([]);
  });

  test.each([
    [`subprocess.run(["tool", "--password", "${WORD}"])`, 1],
    ['subprocess.run(["tool", "--password", password])', 0],
    [`show(["the password", "${WORD}"])`, 0],
    [`os.getenv("DB_PASSWORD", "${WORD}")`, 1],
    ['os.getenv("DB_PASSWORD", fallback)', 0],
  ])('arguments of code: %s', (ZipFile, number) => {
    const template = { Resources: { Subject: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile } } } } };
    expect(find(template)).toHaveLength(number);
  });
});

describe('what a template has', () => {
  test.each<[alternatives: unknown, found: string[]]>([
    [['IsProduction', { Ref: 'A' }, { Ref: 'B' }], []],
    [['IsProduction', { Ref: 'A' }, WORD], ['Fn::If[2]']],
    [['IsProduction', WORD, { 'Fn::If': ['IsTest', 'changeme', { Ref: 'AWS::NoValue' }] }], ['Fn::If[1]', 'Fn::If[2].Fn::If[1]']],
    [{ Odd: { Ref: 'A' } }, []],
  ])('alternatives %j: the name of the condition is none', (alternatives, found) => {
    const template = {
      Resources: { Db: { Type: 'AWS::RDS::DBInstance', Properties: { MasterUserPassword: { 'Fn::If': alternatives } } } },
    };
    expect(find(template).map(({ property }) => property)).toEqual(found.map((path) => `MasterUserPassword.${path}`));
  });

  test('GetAtt in its short form, beside a secret without properties', () => {
    const url = { 'Fn::Join': ['', [`postgres://a:${WORD}@`, { 'Fn::GetAtt': 'Db.Endpoint' }]] };
    expect(variables({ URL: url }, { Bare: { Type: 'AWS::SecretsManager::Secret' } })).toHaveLength(1);
  });

  test('an acknowledgement for what is not there', () => {
    const unused = { 'cdk-secretsmanager-patterns:hardcoded-credentials': [{ logicalId: 'A', property: 'B' }] };
    expect(find({ Metadata: unused })).toMatchObject([{ rule: 'acknowledgement-without-finding', path: 'A', property: 'B' }]);
  });

  test('a key that nobody issues, and an item of no list', () => {
    expect(variables({ API_KEY: 'dummy', DB_PASSWORD: { 'Fn::Select': 'x' } })).toEqual([]);
  });

  test('an output that is made of several values: each by its own name', () => {
    const value = { 'Fn::ToJsonString': { DbPassword: WORD, DbUser: 'app' } };
    expect(find({ Outputs: { Login: { Value: value } } })).toMatchObject([
      { logicalId: 'Login', property: 'Value.Fn::ToJsonString.DbPassword', rule: 'credential-name' },
    ]);
  });
});
