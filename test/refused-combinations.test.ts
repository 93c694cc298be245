import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, Aws, CfnParameter, Duration, SecretValue, Stack, Token } from 'aws-cdk-lib/core';
import {
  DatabaseEngine,
  type DatabaseHostOptions,
  DatabaseTarget,
  GuardRail,
  HardenedSecret,
  type HardenedSecretProps,
  Rotation,
  RotationTiming,
  SecretContent,
  SecretEncryption,
  SecretHardening,
  SecretMetrics,
  SecretReplica,
  SecretsPlatform,
} from '../src';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from './support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const none = Rotation.none('test');

/** What does not fit together: such a message says what, and what to do. */
interface Conflict {
  readonly name: string;
  readonly act: (stack: Stack) => unknown;
  readonly path?: string;
  readonly what: string;
  readonly remedy: string;
}

const secret = (stack: Stack, props: HardenedSecretProps = {}) =>
  new HardenedSecret(stack, 'Secret', { rotation: none, ...props });
const rails = (...guardRails: GuardRail[]) => (stack: Stack) => secret(stack, { guardRails });
const replicas = (...given: SecretReplica[]) => (stack: Stack) => secret(stack, { replicas: given });
const target = (options: Partial<DatabaseHostOptions>) => () =>
  DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', ...options });
const beside = (stack: Stack) => new Stack(stack.node.root as App, 'Other', { env: ENV });
const readerBeside = (stack: Stack) => new Role(beside(stack), 'Reader', { assumedBy: new AccountRootPrincipal() });
const admin = (stack: Stack) => new Secret(stack, 'Superuser');

const CONFLICTS: Conflict[] = [
  {
    name: 'two rails of a kind',
    act: rails(GuardRail.tlsOnly(), GuardRail.tlsOnly()),
    what: '`guardRails` has two of GuardRail.tlsOnly()',
    remedy: 'use one, with all its values',
  },
  {
    name: 'two replicas in a Region',
    act: replicas(SecretReplica.inRegion('eu-west-1'), SecretReplica.inRegion('eu-west-1')),
    what: '`replicas[0]` and `replicas[1]` are both in \'eu-west-1\'',
    remedy: 'name each Region once',
  },
  {
    name: 'a name twice',
    act: (stack) => {
      new HardenedSecret(stack, 'First', { secretName: 'team/token', rotation: none });
      secret(new Stack(stack.node.root as App, 'Other', { env: ENV }), { secretName: 'team/token' });
    },
    path: 'Other/Secret',
    what: '\'Stack/First\' already is the secret of the name \'team/token\' of this account and Region',
    remedy: 'give it another `secretName`',
  },
  {
    name: 'a name that a replica has in its Region',
    act: (stack) => {
      secret(stack, { secretName: 'team/token', replicas: [SecretReplica.inRegion('eu-west-1')] });
      secret(new Stack(stack.node.root as App, 'Other', { env: { ...ENV, region: 'eu-west-1' } }), { secretName: 'team/token' });
    },
    path: 'Other/Secret',
    what: '\'Stack/Secret\' already is the secret of the name \'team/token\' of this account and Region',
    remedy: 'give it another `secretName`',
  },
  {
    name: 'a replica of a name that is taken in its Region',
    act: (stack) => {
      secret(new Stack(stack.node.root as App, 'Other', { env: { ...ENV, region: 'eu-west-1' } }), { secretName: 'team/token' });
      secret(stack, { secretName: 'team/token', replicas: [SecretReplica.inRegion('eu-west-1')] });
    },
    what: '\'Other/Secret\' already is the secret of the name \'team/token\' of this account in \'eu-west-1\'',
    remedy: 'give it another `secretName`',
  },
  {
    name: 'a platform of the name of one whose replicas have a key in its Region',
    act: (stack) => {
      const inRegion = new Stack(stack.node.root as App, 'Other', { env: { ...ENV, region: 'eu-west-1' } });
      [stack, inRegion].forEach((each, i) => secret(each, {
        platform: new SecretsPlatform(each, 'Platform', { platformName: 'team' }),
        replicas: i === 0 ? [SecretReplica.inRegion('eu-west-1')] : [],
      }));
    },
    path: 'Other/Platform/Key',
    what: '\'team-eu-west-1/ReplicaKey\' already is the key of the alias \'alias/team\' of this account and Region',
    remedy: 'give one of the two platforms another `platformName`: aliases of keys begin with it, those of replicas too',
  },
  ...[
    {
      name: 'a grant to a reader of another stack, where the name of the secret says that of the stack',
      act: (stack: Stack) => secret(stack, { secretName: `${Aws.STACK_NAME}-db` }).grants.read(readerBeside(stack)),
      path: 'Stack/Secret/Default',
      property: 'secretName',
    },
    {
      name: 'a secret of such a name, and a platform in another stack',
      act: (stack: Stack) => secret(stack, {
        secretName: `${Aws.STACK_NAME}-db`,
        platform: new SecretsPlatform(beside(stack), 'Platform'),
        rotation: Rotation.regenerate(),
        encryption: SecretEncryption.awsManagedKey(),
      }),
      property: 'secretName',
    },
    {
      name: 'a secret in another stack than a platform of such a name, for its functions',
      act: (stack: Stack) => secret(stack, {
        secretName: 'db',
        platform: new SecretsPlatform(beside(stack), 'Platform', { platformName: Aws.STACK_NAME }),
        rotation: Rotation.regenerate(),
        encryption: SecretEncryption.awsManagedKey(),
      }),
      path: 'Other/Platform',
      property: 'platformName',
      in: 'Stack',
    },
    {
      name: 'a secret in another stack than a platform of such a name, for its key',
      act: (stack: Stack) => secret(stack, {
        secretName: 'db', platform: new SecretsPlatform(beside(stack), 'Platform', { platformName: Aws.STACK_NAME }),
      }),
      path: 'Other/Platform',
      property: 'platformName',
      in: 'Stack',
    },
    {
      name: 'a grant to a reader of another stack, where the alias of the key says the name of the stack',
      act: (stack: Stack) => secret(stack, {
        secretName: 'db', platform: new SecretsPlatform(stack, 'Platform', { platformName: Aws.STACK_NAME }),
      }).grants.read(readerBeside(stack)),
      path: 'Stack/Platform/Key/Default',
      property: 'platformName',
    },
  ].map(({ property, in: place = 'Other', ...conflict }) => ({
    ...conflict,
    what: `\`${property}\` is known at deployment only, and says something else, or nothing, in another stack: '${place}'`,
    remedy: 'give it as text; the name of a stack is Stack.of(this).stackName',
  })),
  {
    name: 'a platform\'s name twice',
    act: (stack) => ['A', 'B'].map((id) => new SecretsPlatform(stack, id, { platformName: 'team' })),
    path: 'Stack/B',
    what: '\'Stack/A\' already is the platform of the name \'team\' of this account and Region',
    remedy: 'give it another `platformName`, or use that one',
  },
  {
    name: 'another construct in the place of the platform',
    act: (stack) => secret(Stack.of(new Secret(stack, 'SecretsPlatform'))),
    what: 'the platform of the stack cannot be made: \'Stack/SecretsPlatform\' exists and is not a SecretsPlatform',
    remedy: 'give the secret a `platform`, or that construct another id',
  },
  {
    name: 'another construct in the place of what a reader may do',
    act: (stack) => {
      const reader = new Role(stack, 'Reader', { assumedBy: new AccountRootPrincipal() });
      new Secret(reader, 'Secrets');
      secret(stack).grants.read(reader);
    },
    path: 'Stack/Reader/Secrets',
    what: 'it is in the place where \'Stack/Reader\' has what it may do with secrets',
    remedy: 'give it another id',
  },
  {
    name: 'a platform after the secrets that need it',
    act: (stack) => new SecretsPlatform(Stack.of(secret(stack)), 'SecretsPlatform'),
    path: 'Stack/SecretsPlatform',
    what: 'the platform exists already: the first secret of the stack that names none has made it',
    remedy: 'make it before the secrets, or under another id',
  },
  {
    name: 'a second rotation',
    act: (stack) => secret(stack, { rotation: Rotation.regenerate() }).addRotation(Rotation.regenerate()),
    what: 'the secret has a rotation already',
    remedy: 'leave one of the two out',
  },
  {
    name: 'a placeholder made again',
    act: (stack) => secret(stack, { content: SecretContent.placeholder(), rotation: Rotation.regenerate() }),
    what: 'the content of the secret was not generated',
    remedy: 'use SecretContent.generated()',
  },
  {
    name: 'users of no database',
    act: (stack) => secret(stack, { rotation: Rotation.alternatingUsers() }),
    what: 'a database rotation needs to know the database',
    remedy: 'give the rotation its `database`',
  },
  {
    name: 'a password that the database does not know',
    act: (stack) =>
      secret(stack, {
        content: SecretContent.databaseCredentials({ username: 'app', database: target({})() }),
        rotation: Rotation.singleUser(),
      }),
    what: 'the database does not know the generated password',
    remedy: 'use Rotation.singleUserWithSuperuser()',
  },
  {
    name: 'no superuser',
    act: (stack) =>
      secret(stack, {
        content: SecretContent.databaseCredentials({ username: 'app', database: target({})() }),
        rotation: Rotation.alternatingUsers(),
      }),
    what: 'no superuser is known for the database',
    remedy: 'give `superuser` to the rotation or to the DatabaseTarget',
  },
  {
    name: 'a user without a name',
    act: (stack) =>
      secret(stack, {
        content: SecretContent.fromSecretValue(SecretValue.secretsManager('x')),
        rotation: Rotation.alternatingUsers({ database: target({ superuser: admin(stack) })() }),
      }),
    what: 'a superuser acts on users that are named at deployment',
    remedy: 'use SecretContent.databaseCredentials({ username, database })',
  },
  {
    name: 'another construct\'s rotation',
    act: (stack) => secret(stack).secret.addRotationSchedule('Mine', {}),
    path: 'Stack/Secret/Default',
    what: 'a rotation schedule of another construct would act beside this secret\'s own',
    remedy: 'use `rotation` or addRotation() of the HardenedSecret',
  },
  {
    name: 'a replica behind the back',
    act: (stack) => (secret(stack).secret as Secret).addReplicaRegion('eu-west-1'),
    path: 'Stack/Secret/Default',
    what: 'a replica added here would have no key of its own',
    remedy: 'use `replicas` of the HardenedSecret',
  },
  {
    name: 'a second attachment',
    act: (stack) => {
      const database = personnelDatabase(stack, isolatedVpc(stack));
      const it = secret(stack).secret;
      it.attach(database);
      it.attach(database);
    },
    path: 'Stack/Secret/Default',
    what: 'the secret is attached to a database already',
    remedy: 'use one secret for each database',
  },
  {
    name: 'metrics of nothing',
    act: (stack) => SecretMetrics.fromSecret(secret(stack).secret).metricRotationErrors(),
    path: 'Stack/Secret/Default',
    what: 'the secret has no rotation function',
    remedy: 'give it a rotation first',
  },
  {
    name: 'an imported secret that is to rotate',
    act: (stack) =>
      SecretHardening.fromSecret(Secret.fromSecretNameV2(stack, 'Imported', 'x'), {
        content: SecretContent.generated(),
      }).addRotation(Rotation.regenerate()),
    path: 'Stack/Imported',
    what: 'an imported secret cannot be marked as one that rotates here',
    remedy: 'add the rotation where the secret is defined',
  },
  {
    name: 'rails of an imported secret',
    act: (stack) =>
      SecretHardening.fromSecret(Secret.fromSecretNameV2(stack, 'Imported', 'x')).addGuardRails([GuardRail.tlsOnly()]),
    path: 'Stack/Imported',
    what: 'the guard rails would have no effect',
    remedy: 'add them where the secret is defined',
  },
  {
    name: 'the AWS managed key for another account',
    act: (stack) =>
      secret(stack, { encryption: SecretEncryption.awsManagedKey() }).grants.read(
        new ArnPrincipal('arn:aws:iam::222222222222:role/Reader'),
      ),
    path: 'Stack/Secret/Default',
    what: 'cannot use the AWS managed key',
    remedy: 'encrypt the secret with a customer managed key: SecretEncryption.ownKey()',
  },
  {
    name: 'a replica of an unknown Region',
    act: (stack) =>
      new HardenedSecret(new Stack(stack.node.root as App, 'Any'), 'Secret', {
        rotation: none,
        replicas: [SecretReplica.inRegion('eu-west-1')],
      }),
    path: 'Any/Secret',
    what: 'the Region of the stack \'Any\' is not known at synthesis',
    remedy: 'give the stack an `env` with its `region`',
  },
  {
    name: 'a database of which two things are said',
    act: (stack) => {
      const superuser = admin(stack);
      const [one, two] = [target({ superuser })(), target({ superuser, passwordLength: 64 })()];
      secret(stack, {
        content: SecretContent.databaseCredentials({ username: 'a', database: one }),
        rotation: Rotation.alternatingUsers(),
      });
      new HardenedSecret(stack, 'Second', {
        content: SecretContent.databaseCredentials({ username: 'b', database: two }),
        rotation: Rotation.alternatingUsers(),
      });
    },
    path: 'Stack/Second',
    what: 'describe the same database differently',
    remedy: 'make one DatabaseTarget and use it for all secrets of the database',
  },
];

function stackFor(): Stack {
  return new Stack(testApp(), 'Stack', { env: ENV });
}

test.each(CONFLICTS)('$name is refused', ({ act, path = 'Stack/Secret', what, remedy }) => {
  const message = messageOf(() => act(stackFor()));
  expect(message.startsWith(`[${path}] `)).toBe(true);
  expect(message).toContain(what);
  expect(message.slice(message.indexOf(what))).toContain('; ');
  expect(message).toContain(remedy);
});

test('a value is never in a message: what a user gave as a secret is not repeated', () => {
  const stack = stackFor();
  const act = () =>
    secret(stack, {
      content: SecretContent.fromSecretValue(SecretValue.unsafePlainText('hunter2')),
      rotation: Rotation.regenerate(),
    });
  expect(act).toThrow('was not generated');
  expect(messageOf(act)).not.toContain('hunter2');
});

describe('tokens pass unparsed', () => {
  const stack = stackFor();
  const text = new CfnParameter(stack, 'Text').valueAsString;
  const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const seconds = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);

  test.each<[string, (scope: Stack) => unknown]>([
    ['secretName', () => new HardenedSecret(stack, 'Name', { secretName: text, rotation: none })],
    ['description', () => new HardenedSecret(stack, 'Description', { description: text, rotation: none })],
    [
      'excludeCharacters',
      () =>
        new HardenedSecret(stack, 'Characters', {
          content: SecretContent.generated({ excludeCharacters: text }),
          rotation: none,
        }),
    ],
    [
      'passwordLength',
      () => new HardenedSecret(stack, 'Length', { content: SecretContent.generated({ passwordLength: number }), rotation: none }),
    ],
    [
      'username',
      () => new HardenedSecret(stack, 'User', { content: SecretContent.databaseCredentials({ username: text }), rotation: none }),
    ],
    [
      'json fields',
      () => new HardenedSecret(stack, 'Json', { content: SecretContent.json({ issuer: text }, 'key'), rotation: none }),
    ],
    ['cron', () => new HardenedSecret(stack, 'Cron', { rotation: Rotation.regenerate({ timing: RotationTiming.cron(text) }) })],
    ['timeout', () => new SecretsPlatform(stack, 'Timeout', { rotationFunctions: { timeout: seconds } })],
    ['memorySize', () => new SecretsPlatform(stack, 'Memory', { rotationFunctions: { memorySize: number } })],
    ['concurrency', () =>
      new SecretsPlatform(stack, 'Concurrency', { rotationFunctions: { reservedConcurrentExecutions: number } })],
    ['tag', () => new SecretsPlatform(stack, 'Tag', { rotationFunctions: { tags: { owner: text } } })],
    ['organizationId', () => new HardenedSecret(stack, 'Rail', { guardRails: [GuardRail.organization(text)], rotation: none })],
    ['host', () => DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: text, targetName: 'db' })],
    ['port', () => DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', port: number })],
    ['tlsServerName', () => DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', tlsServerName: text })],
    ['databaseName', () => DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', databaseName: text })],
    ['endpoint id', () => new HardenedSecret(stack, 'Endpoint', {
      rotation: none,
      guardRails: [
        GuardRail.vpcEndpoints([
          InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Imported', { vpcEndpointId: text, port: 443 }),
        ]),
      ],
    })],
  ])('%s', (_, act) => {
    expect(Token.isUnresolved(text) && Token.isUnresolved(number)).toBe(true);
    expect(() => act(stack)).not.toThrow();
  });
});
