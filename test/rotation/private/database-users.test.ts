import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, SecretContent } from '../../../src';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from '../../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };

function setup() {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const superuser = new Secret(stack, 'Superuser');
  const database = DatabaseTarget.of({
    engine: DatabaseEngine.POSTGRES,
    host: 'db.example.com',
    targetName: 'personnel',
    superuser,
  });
  const user = (id: string, username: string, rotation: Rotation, of = database) =>
    new HardenedSecret(stack, id, { content: SecretContent.databaseCredentials({ username, database: of }), rotation });
  return { stack, superuser, user };
}

const { alternatingUsers, singleUserWithSuperuser } = Rotation;
const admin = (stack: Stack) =>
  new HardenedSecret(stack, 'Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });

describe('two secrets of one user are refused', () => {
  test.each<[string, () => Rotation, string, () => Rotation, string]>([
    ['app', alternatingUsers, 'app', alternatingUsers, 'app'],
    ['app', singleUserWithSuperuser, 'app', alternatingUsers, 'app'],
    ['app', alternatingUsers, 'app_clone', singleUserWithSuperuser, 'app_clone'],
    ['app_clone', alternatingUsers, 'app', alternatingUsers, 'app_clone'],
  ])('%s and %s', (first, firstRotation, second, secondRotation, twice) => {
    const { user } = setup();
    user('First', first, firstRotation());
    expect(() => user('Second', second, secondRotation())).toThrow(
      "[Stack/Second] 'Stack/First' already is the secret of the "
        + `user '${twice}' of the database `
        + "'postgres-personnel' of this account and Region; use one secret for each user, and mind that alternating "
        + 'users are two',
    );
  });

  test('in functions of two superusers as well', () => {
    const { stack, user } = setup();
    user('First', 'app', alternatingUsers());
    expect(() => user('Second', 'app', alternatingUsers({ superuser: new Secret(stack, 'Other') })))
      .toThrow('already is the secret of the user \'app\'');
  });

  test('but equal names in two databases, and other names in one, are users of their own', () => {
    const { superuser, user } = setup();
    user('First', 'app', alternatingUsers());
    user('Second', 'other', alternatingUsers());
    const elsewhere = DatabaseTarget.of({
      engine: DatabaseEngine.POSTGRES,
      host: 'orders.example.com',
      targetName: 'orders',
      superuser,
    });
    expect(() => user('Third', 'app', alternatingUsers(), elsewhere)).not.toThrow();
  });

  test('the admin is one of them', () => {
    const { stack, user } = setup();
    const secret = admin(stack);
    const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack), secret.secret));
    secret.addRotation(Rotation.singleUser({ database }));
    expect(messageOf(() => user('Second', 'postgres', alternatingUsers({ superuser: new Secret(stack, 'Other') }), database)))
      .toMatch(/^\[Stack\/Second\] 'Stack\/Admin' already is the secret of the user 'postgres'/);
  });
});

describe('a superuser', () => {
  const SAME = "'postgres' is the superuser itself, which has a secret already; rotate that with Rotation.singleUser(), or name "
    + 'another user';

  test('whose name is known from its secret is no other user', () => {
    const { stack, user } = setup();
    const database = DatabaseTarget.of({
      engine: DatabaseEngine.POSTGRES,
      host: 'db.example.com',
      superuser: admin(stack).secret,
    });
    expect(() => user('Creds', 'postgres', singleUserWithSuperuser(), database)).toThrow(`[Stack/Creds] ${SAME}`);
  });

  test('whose name is known from the database is no other user', () => {
    const { stack, user } = setup();
    const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack), new Secret(stack, 'Admin')));
    expect(() => user('Creds', 'postgres', alternatingUsers(), database)).toThrow(`[Stack/Creds] ${SAME}`);
    expect(() => user('Other', 'app', alternatingUsers(), database)).not.toThrow();
  });

  test('is not the secret that rotates', () => {
    const { stack } = setup();
    const database = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com' });
    const secret = new HardenedSecret(stack, 'Creds', {
      content: SecretContent.databaseCredentials({ username: 'app', database }),
    });
    expect(() => secret.addRotation(alternatingUsers({ superuser: secret.secret })))
      .toThrow('[Stack/Creds] `superuser` is the secret that is to rotate; give the secret of another user, or use '
        + 'Rotation.singleUser()');
  });

  test('is in the Region of the function', () => {
    const { stack, user } = setup();
    const imported = (region: string) =>
      Secret.fromSecretCompleteArn(
        stack,
        `Imported-${region}`,
        `arn:aws:secretsmanager:${region}:111111111111:secret:admin-abcdef`,
      );
    expect(() => user('Far', 'app', alternatingUsers({ superuser: imported('eu-west-1') }))).toThrow(
      '[Stack/Far] `superuser` is "eu-west-1", allowed: '
        + 'a secret in the Region of the rotation function, us-east-1; replicate it to that Region and give the replica',
    );
    expect(() => user('Near', 'app', alternatingUsers({ superuser: imported('us-east-1') }))).not.toThrow();
  });
});

test.each([[''], ['x'.repeat(64)], ['ä'.repeat(32)], ['rds_superuser'], ['reader', 'writer', 'reader']])(
  'roles of a new user are refused: %s',
  (...createWithRoles) => {
    const { user } = setup();
    expect(() => user('Creds', 'app', alternatingUsers({ createWithRoles }))).toThrow('[Stack/Creds] `createWithRoles` is '
      + `${JSON.stringify(createWithRoles.at(-1))}, `
      + 'allowed: different roles of 1 to 63 bytes, none of them rds_superuser; name roles of the application that the '
      + 'superuser may grant');
  },
);

test.each<[string, string[]]>([
  ['none', []],
  ['some', ['x'.repeat(63), 'reader']],
  ['tokens', [Lazy.string({ produce: () => 'reader' })]],
])('roles of a new user: %s', (_, createWithRoles) => {
  const { user } = setup();
  expect(() => user('Creds', 'app', alternatingUsers({ createWithRoles }))).not.toThrow();
});
