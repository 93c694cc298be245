import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CREDENTIAL_PROPERTIES, isCredentialProperty } from '../../src/hardcoded-credentials/private/credential-properties';

interface Type {
  readonly fqn: string;
  readonly kind: string;
  readonly docs?: { readonly custom?: { readonly cloudformationResource?: string } };
  readonly properties?: readonly { readonly name: string; readonly type: unknown }[];
}

/** What a property of a text is called that may be a credential. */
const LIKE_A_CREDENTIAL = new RegExp(
  '(?:pass(?:word|phrase|code)|secret|token|(?:api|app|application|nwk|access|secret|private|auth|shared|ssh|apps|nwks|int|enc)'
  + 'key|connectionstring|keytab|statickeyvalue|keybody)s?$', 'i',
);
/** Looked at, and found to be something else: ids of requests, settings, ARNs, names of parameters, paths, keys of KMS. */
const SOMETHING_ELSE = new Set([
  'ClientToken', 'ServiceToken', 'HttpTokens', 'AccessTokenValidity', 'ApiKeySecretSource', 'DomainJoinServiceAccountSecret',
  'CdnIdentifierSecret',
  'EventSourceToken', 'ActorToken', 'IncludeToken', 'ManageMasterPassword',
  'Ec2SshKey',
]);
const SOMETHING_ELSE_OF = new Set([
  'AWS::AppMesh::VirtualGateway PrivateKey', 'AWS::AppMesh::VirtualNode PrivateKey', 'AWS::Cognito::UserPoolClient AccessToken',
  'AWS::Cognito::UserPoolClient IdToken', 'AWS::Cognito::UserPoolClient RefreshToken',
  'AWS::WorkSpaces::ConnectionAlias ConnectionString',
  'AWS::Bedrock::KnowledgeBase ConnectionString', 'AWS::DataSync::LocationObjectStorage AccessKey',
  'AWS::IAM::SAMLProvider RemovePrivateKey',
]);

/** Properties that are texts, of all resources of the AWS CDK that the tests run with: by type and path. */
function properties(): [type: string, path: string[]][] {
  const root = dirname(require.resolve('aws-cdk-lib/package.json'));
  const { types } = JSON.parse(gunzipSync(readFileSync(join(root, '.jsii.gz'))).toString('utf8')) as {
    types: Record<string,
      Type>;
  };
  const found: [string, string[]][] = [];
  for (const { fqn, kind, docs } of Object.values(types)) {
    const type = docs?.custom?.cloudformationResource;
    if (kind === 'class' && type !== undefined) {
      collect(types, `${fqn}Props`, [], (path) => found.push([type, path]));
    }
  }
  return found;
}

function collect(types: Record<string, Type>, fqn: string, path: string[], add: (path: string[]) => void,
  around: readonly string[] = []): void {
  if (around.includes(fqn) || path.length > 7) {
    return;
  }
  for (const { name, type } of types[fqn]?.properties ?? []) {
    const [text, inner] = [JSON.stringify(type), [...path, name.charAt(0).toUpperCase() + name.slice(1)]];
    if (text.includes('"primitive":"string"')) {
      add(inner);
    }
    for (const [, property] of text.matchAll(/"fqn":"([^"]+Property)"/g)) {
      collect(types, property, inner, add, [...around, fqn]);
    }
  }
}

const all = properties();
/** The AWS CDK writes some letters otherwise than CloudFormation. */
const lower = (texts: readonly string[] = []) => texts.map((text) => text.toLowerCase());
const known = (type: string, path: readonly string[]) => isCredentialProperty(lower(CREDENTIAL_PROPERTIES[type]), lower(path));

test('every property of the AWS CDK that is called like a credential is decided on', () => {
  const undecided = all.filter(([type, path]) => {
    const name = path[path.length - 1];
    return LIKE_A_CREDENTIAL.test(name) && !known(type,
      path) && !SOMETHING_ELSE.has(name) && !SOMETHING_ELSE_OF.has(`${type} ${name}`);
  });
  expect([...new Set(undecided.map(([type, path]) => `${type} ${path.join('.')}`))]).toEqual([]);
});

test('ends of paths are compared, without positions in lists', () => {
  const ends = ['Users.Password', 'CredentialsMap.*'];
  expect([['Users', 'Password'], ['A', 'Users', 'Password'],
    ['CredentialsMap', 'x']].map((path) => isCredentialProperty(ends, path)))
    .toEqual([true, true, true]);
  expect([['Password'], ['Users', 'Name'],
    ['CredentialsMap']].map((path) => isCredentialProperty(ends, path))).toEqual([false, false, false]);
});
