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

test('a list of JSON may hold a text that is a credential itself', () => {
  expect(variables({ LIST: JSON.stringify([expand('ghp_⟦any 36⟧'), 'x']) })).toHaveLength(1);
});

test('names that are themselves credentials, or placeholders, are not said', () => {
  const name = expand('ghp_⟦any 36⟧');
  const [finding] = variables({ TEXT: `x\n${name}-password=${WORD}` });
  expect(finding.reason).not.toContain(name);
});

test('more names than are remembered', () => {
  const many = Object.fromEntries(Array.from({ length: 20_100 }, (_, nth) => [`PASSWORD_${nth}`, { Ref: 'A' }]));
  expect(variables({ ...many, DB_PASSWORD: WORD })).toHaveLength(1);
});

test('a bearer in a text of another name, an element that is no element, a header without a scheme', () => {
  expect(variables({ HEADERS: `Accept: x, 'Bearer ${expand('⟦any 40⟧')}'` })).toHaveLength(1);
  expect(variables({ TEXT: 'if password > 8 then "secret" , "x" and token>x' })).toEqual([]);
});

test('GetAtt in its short form, a secret without properties, an output in parts, a name without letters', () => {
  const bare = { Type: 'AWS::SecretsManager::Secret' };
  const url = { 'Fn::Join': ['', [`postgres://a:${WORD}@`, { 'Fn::GetAtt': 'Db.Endpoint' }]] };
  expect(variables({ URL: url }, { Bare: bare })).toHaveLength(1);
  const [unused] = find({
    Metadata: { 'cdk-secretsmanager-patterns:hardcoded-credentials': [{ logicalId: 'A', property: 'B' }] },
  });
  expect(unused.rule).toBe('acknowledgement-without-finding');
  expect(find({
    Metadata: {
      'cdk-secretsmanager-patterns:hardcoded-credentials': [{
        logicalId: 'A',
        property: 'B',
      }],
    },
  })).toHaveLength(1);
});

test('a default that is read from a variable, words that nobody issues, an item of no list', () => {
  expect(variables({ CODE: 'os.getenv("DB_PASSWORD", fallback)' })).toEqual([]);
  expect(variables({ API_KEY: 'dummy', DB_PASSWORD: { 'Fn::Select': 'x' } })).toEqual([]);
});

test('an attached secret has a field for the password, whatever made it', () => {
  const [finding] = variables({ MAIL_PASSWORD: WORD }, {
    Mail: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'mail' } },
    Attachment: {
      Type: 'AWS::SecretsManager::SecretTargetAttachment',
      Properties: { SecretId: { Ref: 'Mail' }, TargetId: { Ref: 'Db' } },
    },
  });
  expect(finding.secretPath).toBe('Mail');
});
