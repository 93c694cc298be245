import { App, CfnParameter, Duration, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  DatabaseEngine, DatabaseTarget, HardenedSecret, LdapDirectory, type LdapDirectoryOptions, type LdapUserOptions, Rotation,
  RotationNetwork, RotationTiming, SecretContent, SecretsManagerEndpoint,
} from '../../src/index';
import { bindingsIn } from '../support/bindings-in';
import { only } from '../support/scenario';

const APP = 'uid=app,ou=people,dc=example,dc=com';
const SECOND = 'uid=app2,ou=people,dc=example,dc=com';

const newStack = (): Stack => new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
const directoryOf = (options: Partial<LdapDirectoryOptions> = {}): LdapDirectory =>
  LdapDirectory.of({ host: 'ldap.example.com', ...options });
const superuserOf = (stack: Stack): ISecret => new Secret(stack, 'Superuser');
const secretIn = (
  stack: Stack,
  rotation: LdapUserOptions,
  { username = APP, directory = directoryOf(), id = 'Creds' }: { username?: string; directory?: LdapDirectory; id?: string } = {},
): HardenedSecret => new HardenedSecret(stack, id, {
  content: SecretContent.ldapCredentials({ username, directory }), rotation: Rotation.ldapUser(rotation),
});

interface Variables {
  readonly ROTATION_MODE: string;
  readonly ROTATION_DATABASE: string;
  readonly ROTATION_PASSWORD: string;
  readonly ROTATION_BINDINGS: unknown;
}

const variablesOf = (stack: Stack): Variables => {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')) as {
    Properties: { Environment: { Variables: Variables } };
  }[];
  return Properties.Environment.Variables;
};
const bindingsOf = (stack: Stack): unknown => bindingsIn(variablesOf(stack).ROTATION_BINDINGS);
const idOf = (stack: Stack): string => only(Template.fromStack(stack), 'AWS::SecretsManager::Secret', 'Creds').id;

test('the secret holds the user and a password, and the address once it does not rotate', () => {
  const stack = newStack();
  secretIn(stack, { superuser: superuserOf(stack) });
  new HardenedSecret(stack, 'Static', {
    content: SecretContent.ldapCredentials({ username: SECOND, directory: directoryOf(), fields: { baseDn: 'dc=example' } }),
    rotation: Rotation.none('the directory rotates it'),
  });
  const contents = Object.values(Template.fromStack(stack).findResources('AWS::SecretsManager::Secret'))
    .map(({ Properties }) => (Properties as { GenerateSecretString: Record<string, string> }).GenerateSecretString)
    .map(({ SecretStringTemplate, ...rest }) => ({ ...rest, ...JSON.parse(SecretStringTemplate ?? '{}') as object }));
  expect(contents).toContainEqual({
    engine: 'ldap', username: APP, GenerateStringKey: 'password', PasswordLength: 32, ExcludeCharacters: ':/@"\'\\',
  });
  expect(contents).toContainEqual(expect.objectContaining({
    engine: 'ldap', username: SECOND, host: 'ldap.example.com', port: 636, baseDn: 'dc=example',
  }));
});

test('a superuser changes the user, and no other', () => {
  const stack = newStack();
  secretIn(stack, { superuser: superuserOf(stack) });
  expect(variablesOf(stack).ROTATION_MODE).toBe('superuser');
  expect(JSON.parse(variablesOf(stack).ROTATION_DATABASE)).toEqual({ engine: 'ldap', host: 'ldap.example.com', port: 636 });
  expect(bindingsOf(stack)).toEqual([{ secret: idOf(stack), username: APP, strategy: 'single' }]);
});

test('two users take turns, for as long as is said', () => {
  const stack = newStack();
  secretIn(stack, {
    superuser: superuserOf(stack),
    alternateUsername: SECOND,
    formerWorksFor: Duration.days(2),
    timing: RotationTiming.every(Duration.days(7)),
  });
  expect(bindingsOf(stack)).toEqual([
    { secret: idOf(stack), username: APP, alternateUsername: SECOND, strategy: 'alternating', formerWorksForHours: 48 },
  ]);
});

test('a user changes itself whose password the directory knows', () => {
  const stack = newStack();
  new HardenedSecret(stack, 'Creds', {
    content: SecretContent.fromSecretValue(SecretValue.cfnParameter(new CfnParameter(stack, 'Value', { noEcho: true }))),
    rotation: Rotation.ldapUser({ directory: directoryOf() }),
  });
  expect(variablesOf(stack).ROTATION_MODE).toBe('prove');
});

test('Active Directory has the engine and the rules of its own', () => {
  const stack = newStack();
  const directory = LdapDirectory.activeDirectory({ host: 'corp.example.com', passwordLength: 127 });
  secretIn(stack, { superuser: superuserOf(stack) }, { directory });
  expect(JSON.parse(variablesOf(stack).ROTATION_DATABASE)).toMatchObject({ engine: 'activedirectory', port: 636 });
  expect(JSON.parse(variablesOf(stack).ROTATION_PASSWORD)).toMatchObject({ length: 127 });
  expect(() => LdapDirectory.activeDirectory({ host: 'x.example', excludePunctuation: true, excludeNumbers: true }))
    .toThrow('passwords with 3 of');
});

test('the functions are let in by the security groups of the directory, at its port', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  const securityGroup = new SecurityGroup(stack, 'Directory', { vpc, allowAllOutbound: false });
  const network = RotationNetwork.of({ vpc, endpoint: SecretsManagerEndpoint.natOrProxy() });
  secretIn(stack, { superuser: superuserOf(stack) }, { directory: directoryOf({ securityGroups: [securityGroup], network }) });
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    FromPort: 636, ToPort: 636, GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Directory'), 'GroupId'] },
  });
  Annotations.fromStack(stack).hasNoError('*', '*');
});

test('the password of the superuser is read, and nothing of the user\'s is in the template', () => {
  const stack = newStack();
  secretIn(stack, { superuser: superuserOf(stack) });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({
        Action: Match.anyValue(), Resource: { Ref: Match.stringLikeRegexp('^Superuser') },
      })]),
    },
  });
});

describe('what cannot be is refused', () => {
  const content = SecretContent.ldapCredentials({ username: APP, directory: directoryOf() });
  const given = SecretContent.fromSecretValue(SecretValue.unsafePlainText('{}'));
  const database = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com' });

  test.each<[string, (stack: Stack) => unknown, string]>([
    ['no directory', (stack) => new HardenedSecret(stack, 'Creds', { content: given, rotation: Rotation.ldapUser() }),
      'needs to know the directory; use SecretContent.ldapCredentials'],
    ['a database', (stack) => new HardenedSecret(stack, 'Creds', {
      content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.ldapUser(),
    }), 'needs to know the directory'],
    ['another directory', (stack) => new HardenedSecret(stack, 'Creds', {
      content, rotation: Rotation.ldapUser({ directory: directoryOf({ host: 'other.example' }), superuser: superuserOf(stack) }),
    }), 'leave out the `database` of the rotation'],
    ['a rotation of databases', (stack) => new HardenedSecret(stack, 'Creds', {
      content, rotation: Rotation.alternatingUsers({ superuser: superuserOf(stack) }),
    }), 'is a directory, in which users are made and known otherwise; use Rotation.ldapUser()'],
    ['a generated password that nobody sets', (stack) => secretIn(stack, {}), 'the directory does not know the generated'],
    ['two users without a superuser', (stack) => secretIn(stack, { alternateUsername: SECOND }), 'by the hands of a superuser'],
    ['a superuser without a user', (stack) => new HardenedSecret(stack, 'Creds', {
      content: given, rotation: Rotation.ldapUser({ directory: directoryOf(), superuser: superuserOf(stack) }),
    }), 'a superuser acts on users that are named at deployment'],
    ['a former password of one user', (stack) =>
      secretIn(stack, { superuser: superuserOf(stack), formerWorksFor: Duration.days(1) }), 'or give an `alternateUsername`'],
    ['a former password that outlives the next', (stack) => secretIn(stack, {
      superuser: superuserOf(stack), alternateUsername: SECOND, formerWorksFor: Duration.days(30),
    }), '`Rotation.ldapUser(formerWorksFor)`'],
    ['one user twice', (stack) => secretIn(stack, {
      superuser: superuserOf(stack), alternateUsername: 'UID=App, OU=People, DC=Example, DC=com',
    }), '`Rotation.ldapUser(alternateUsername)`'],
    ['a second user that is no entry', (stack) => secretIn(stack, { superuser: superuserOf(stack), alternateUsername: 'app2' }),
      'a distinguished name such as'],
    ['a user that is no entry', (stack) => secretIn(stack, { superuser: superuserOf(stack) }, { username: 'app@example.com' }),
      '`SecretContent.ldapCredentials(username)` is "app@example.com"'],
    ['a user of the directory itself', (stack) =>
      secretIn(stack, { superuser: superuserOf(stack) }, { username: 'CN=krbtgt,CN=Users,DC=corp' }), 'a user of your own'],
    ['a user of the directory itself, by another name', (stack) =>
      secretIn(stack, { superuser: superuserOf(stack) }, { username: '2.5.4.3=\\6brbtgt,DC=corp' }), 'a user of your own'],
    ['one user twice, by other names of its attributes', (stack) => secretIn(stack, {
      superuser: superuserOf(stack),
      alternateUsername: 'userid=\\41pp,2.5.4.11=people,domainComponent=example,0.9.2342.19200300.100.1.25=com',
    }), '`Rotation.ldapUser(alternateUsername)`'],
    ['a value in BER', (stack) => secretIn(stack, { superuser: superuserOf(stack) }, { username: 'cn=#0c03617070,dc=x' }),
      'values that do not begin with #'],
    ['a user that has a secret', (stack) => {
      secretIn(stack, { superuser: superuserOf(stack) });
      secretIn(stack, { superuser: new Secret(stack, 'Another') }, { username: APP.toUpperCase(), id: 'Second' });
    }, 'use one secret for each user'],
    ['a superuser by another spelling', (stack) => {
      const superuser = new HardenedSecret(stack, 'Root', {
        content: SecretContent.ldapCredentials({ username: APP.replaceAll(',', ', '), directory: directoryOf() }),
        rotation: Rotation.none('by hand'),
      });
      secretIn(stack, { superuser: superuser.secret });
    }, 'is the superuser itself'],
    ['a field that a rotation writes', (stack) => new HardenedSecret(stack, 'Creds', {
      content: SecretContent.ldapCredentials({ username: APP, directory: directoryOf(), fields: { host: 'x' } }),
      rotation: Rotation.none('by hand'),
    }), '`SecretContent.ldapCredentials(fields)`'],
    ['an address without a name', () => directoryOf({ host: '10.0.0.1' }), '`LdapDirectory.of(host)`'],
    ['a short password', () => directoryOf({ passwordLength: 7 }), '`LdapDirectory.of(passwordLength)`'],
    ['a name that is none', () => directoryOf({ targetName: 'a b' }), '`LdapDirectory.of(targetName)`'],
    ['a port that is none', () => LdapDirectory.activeDirectory({ host: 'x.example', port: 0 }), '.activeDirectory(port)`'],
  ])('%s', (_, make, message) => {
    expect(() => make(newStack())).toThrow(message);
  });
});
