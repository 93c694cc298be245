import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  type DatabaseConnectionOptions,
  DatabaseEngine,
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  SecretContent,
  SecretHardening,
} from '../../src';
import { bindingsIn } from '../support/bindings-in';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from '../support/scenario';

function setup() {
  const stack = new Stack(testApp(), 'Stack');
  const of = (options: DatabaseConnectionOptions = {}) =>
    DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', ...options });
  const user = (rotation: Rotation, username = 'app', database: DatabaseTarget | undefined = of()) =>
    new HardenedSecret(stack, 'Creds', { content: SecretContent.databaseCredentials({ username, database }), rotation });
  return { stack, of, user };
}

function environments(stack: Stack): Record<string, unknown>[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment.Variables);
}

const DATABASE = '[Stack/Creds] a database rotation needs to know the database; '
  + 'use SecretContent.databaseCredentials({ username, database }), or give the rotation its `database`';

test.each([Rotation.singleUser(), Rotation.singleUserWithSuperuser(), Rotation.alternatingUsers()])(
  'without a database nothing can rotate',
  (rotation) => {
    const { stack } = setup();
    expect(
      () => new HardenedSecret(stack, 'Creds', { content: SecretContent.databaseCredentials({ username: 'app' }), rotation }),
    ).toThrow(DATABASE);
  },
);

test('a generated password that no database knows cannot prove anything', () => {
  const { user } = setup();
  expect(() => user(Rotation.singleUser())).toThrow('[Stack/Creds] the database does not know the generated password, and a user '
    + 'that cannot sign in cannot change it; '
    + 'use Rotation.singleUserWithSuperuser() or Rotation.alternatingUsers(), or give the value that the database knows: with '
    + 'SecretContent.fromSecretValue(), by hand after SecretContent.unmanaged(), or in a deployed secret that '
    + 'SecretHardening.fromSecret(secret) adopts');
});

test('a secret whose value somebody puts by hand can', () => {
  const { stack, of } = setup();
  new HardenedSecret(stack, 'Creds', {
    content: SecretContent.unmanaged({ username: 'app' }), rotation: Rotation.singleUser({ database: of() }),
  });
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotateImmediatelyOnUpdate: false });
});

test('a value that the database knows can', () => {
  const { stack, of } = setup();
  new HardenedSecret(stack, 'Creds', {
    content: SecretContent.fromSecretValue(SecretValue.secretsManager('given')),
    rotation: Rotation.singleUser({ database: of() }),
  });
  expect(environments(stack)).toEqual([expect.objectContaining({ ROTATION_MODE: 'prove', ROTATION_BINDINGS: '{"groups":[]}' })]);
});

test.each([Rotation.alternatingUsers(), Rotation.singleUserWithSuperuser()])('a superuser must be known', (rotation) => {
  const { user } = setup();
  expect(messageOf(() => user(rotation))).toMatch(
    new RegExp([
      /^\[Stack\/Creds\] no superuser is known for the database 'postgres-db-example-com-[0-9a-f]{8}'; create the database with /,
      /an admin secret, or give `superuser` to the rotation or to the DatabaseTarget$/,
    ].map((part) => part.source).join('')),
  );
});

test('a superuser acts on users that are named', () => {
  const { stack, of } = setup();
  const superuser = new Secret(stack, 'Superuser');
  expect(() => new HardenedSecret(stack, 'Creds', { rotation: Rotation.alternatingUsers({ database: of({ superuser }) }) }))
    .toThrow('[Stack/Creds] a superuser acts on users that are named at deployment, and the secret names none; use '
      + 'SecretContent.databaseCredentials({ username, database })');
});

test.each([['x'.repeat(58)], ['ä'.repeat(29)]])('the name %s leaves no room for its clone', (username) => {
  const { stack, user, of } = setup();
  const database = of({ superuser: new Secret(stack, 'Superuser') });
  expect(() => user(Rotation.alternatingUsers(), username, database)).toThrow(
    `[Stack/Creds] \`SecretContent.databaseCredentials(username)\` is "${username}", `
      + "allowed: at most 57 bytes, so that '_clone' can be appended; use a shorter name, or Rotation.singleUserWithSuperuser()",
  );
});

test('the longest names', () => {
  const { stack, user, of } = setup();
  const database = of({ superuser: new Secret(stack, 'Superuser') });
  expect(() => user(Rotation.alternatingUsers(), 'x'.repeat(57), database)).not.toThrow();
  expect(
    () =>
      new HardenedSecret(stack, 'Single', {
        content: SecretContent.databaseCredentials({ username: 'x'.repeat(63), database }),
        rotation: Rotation.singleUserWithSuperuser(),
      }),
  ).not.toThrow();
});

test.each([Rotation.singleUserWithSuperuser, Rotation.alternatingUsers])(
  'the admin of the database is no superuser of itself',
  (rotation) => {
    const { stack } = setup();
    const admin = new HardenedSecret(stack, 'Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });
    const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack), admin.secret));
    expect(() => admin.addRotation(rotation({ database })))
      .toThrow('[Stack/Admin] \'postgres\' is the superuser of the database itself; use Rotation.singleUser()');
  },
);

test('a superuser of the rotation has a function of its own, and its secret and key can be read', () => {
  const { stack, of, user } = setup();
  const key = new Key(stack, 'Key');
  const superuser = new Secret(stack, 'Superuser', { encryptionKey: key });
  user(
    Rotation.singleUserWithSuperuser({ superuser, createWithRoles: ['reader'] }),
    'app',
    of({ superuser: new Secret(stack, 'Other'), databaseName: 'personnel' }),
  );
  const [{ ROTATION_BINDINGS: bindings, ...environment }] = environments(stack);
  expect(environment)
    .toMatchObject({ ROTATION_MODE: 'superuser', ROTATION_SUPERUSER_SECRET: stack.resolve(superuser.secretArn) });
  expect(bindingsIn(bindings)).toMatchObject([{ username: 'app', strategy: 'single', createWithRoles: ['reader'] }]);
  const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  expect(policies).toContain('"Sid":"ReadSuperuser"');
  expect(policies).toContain(`"Resource":${JSON.stringify(stack.resolve(key.keyArn))},"Sid":"DecryptSuperuser"`);
});

test('two targets that say different things about one database are refused', () => {
  const { stack, of, user } = setup();
  const superuser = new Secret(stack, 'Superuser');
  user(Rotation.alternatingUsers(), 'app', of({ superuser }));
  expect(
    () =>
      new HardenedSecret(stack, 'Second', {
        content: SecretContent.databaseCredentials({ username: 'app2', database: of({ superuser, passwordLength: 64 }) }),
        rotation: Rotation.alternatingUsers(),
      }),
  ).toThrow(
    new RegExp([
      /^\[Stack\/Second\] two DatabaseTargets of 'postgres-db-example-com-[0-9a-f]{8}-superuser' describe the same database /,
      /differently; make one DatabaseTarget/,
    ].map((part) => part.source).join('')),
  );
});

test('a secret that nobody prepared is unknown to the rotation', () => {
  const stack = new Stack(testApp(), 'Stack');
  const secret = new Secret(stack, 'Plain');
  expect(() => Rotation.singleUser().bind(stack, { secret }))
    .toThrow("[Stack] the secret 'Stack/Plain' is not one that this rotation knows; give the rotation to a HardenedSecret, or to "
      + 'SecretHardening.fromSecret(secret)');
  SecretHardening.fromSecret(secret);
  expect(() => Rotation.singleUser().bind(stack, { secret })).toThrow('a database rotation needs to know the database');
});

test('the rotation and the content are of one database', () => {
  const { stack, of } = setup();
  const superuser = new Secret(stack, 'Superuser');
  const other = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'other.example.com', targetName: 'other', superuser });
  const secret = (id: string, database: DatabaseTarget) =>
    new HardenedSecret(stack, id, {
      content: SecretContent.databaseCredentials({ username: id, database: of({ superuser }) }),
      rotation: Rotation.alternatingUsers({ database }),
    });
  expect(messageOf(() => secret('Creds', other))).toMatch(
    new RegExp([
      /^\[Stack\/Creds\] the rotation is of the database 'postgres-other', and the content of the secret of /,
      /'postgres-db-example-com-[0-9a-f]{8}'; leave out the `database` of the rotation$/,
    ].map((part) => part.source).join('')),
  );
  expect(() => secret('Same', of({ superuser }))).not.toThrow();
});

test('an admin that nothing tells where its database is cannot prove itself', () => {
  const { stack, of } = setup();
  const admin = new HardenedSecret(stack, 'Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });
  const database = of({ superuser: admin.secret });
  expect(() => admin.addRotation(Rotation.singleUser({ database })))
    .toThrow('[Stack/Admin] nothing writes engine and host of the database into the secret, and a user signs in only where its '
      + 'secret says that it belongs; '
      + 'use DatabaseTarget.fromRdsInstance() or .fromRdsCluster() of the database that was made with the secret');
});

describe('two passwords', () => {
  const databaseOf = (stack: Stack, engine: DatabaseEngine) =>
    DatabaseTarget.of({ engine, host: 'db.example.com', superuser: new Secret(stack, 'Superuser') });

  test('are for MySQL: the function is told', () => {
    const { stack, user } = setup();
    user(Rotation.dualPassword({ createWithRoles: ['reader', 'writer'] }), 'app', databaseOf(stack, DatabaseEngine.MYSQL));
    const [{ ROTATION_MODE: mode, ROTATION_BINDINGS: bindings }] = environments(stack);
    expect(mode).toBe('superuser');
    expect(bindingsIn(bindings)).toMatchObject([{ strategy: 'dualPassword', createWithRoles: ['reader', 'writer'] }]);
  });

  test.each([DatabaseEngine.MARIADB, DatabaseEngine.POSTGRES])('are for no other engine', (engine) => {
    const { stack, user } = setup();
    expect(() => user(Rotation.dualPassword(), 'app', databaseOf(stack, engine)))
      .toThrow(`[Stack/Creds] users of the engine '${engine._facts.name}' have one password; use Rotation.alternatingUsers(); `
        + 'two passwords are for MySQL, Redis and Valkey');
  });

  test('the longest name needs no room for a clone', () => {
    const { stack, user } = setup();
    expect(() => user(Rotation.dualPassword(), 'x'.repeat(32), databaseOf(stack, DatabaseEngine.MYSQL))).not.toThrow();
  });

  test('a user of MariaDB is created with one role', () => {
    const { stack, user } = setup();
    const database = databaseOf(stack, DatabaseEngine.MARIADB);
    expect(() => user(Rotation.alternatingUsers({ createWithRoles: ['reader', 'writer'] }), 'app', database)).toThrow(
      '[Stack/Creds] `Rotation(createWithRoles)` is '
        + '"reader, writer", allowed: at most 1 with the engine \'mariadb\', whose sessions begin with one role; grant the roles '
        + 'to one role and give that',
    );
  });
});
