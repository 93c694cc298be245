import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { DatabaseSecret } from 'aws-cdk-lib/aws-rds';
import {
  type CfnRotationSchedule,
  HostedRotation,
  type ISecret,
  Secret,
  SecretRotation,
  SecretRotationApplication,
  type SecretStringGenerator,
} from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { DatabaseTarget, HardenedSecret, Rotation, SecretContent, SecretHardening } from '../src';
import { isolatedVpc, personnelDatabase, testApp } from './support/scenario';

type Resources = Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>;
type Build = (stack: Stack) => void;

const SECRET = 'AWS::SecretsManager::Secret';
const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';
const SCHEDULE = 'AWS::SecretsManager::RotationSchedule';

function resourcesOf(build: Build): Resources {
  const stack = new Stack(testApp(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  build(stack);
  return (Template.fromStack(stack).toJSON() as { Resources: Resources }).Resources;
}

/** The resources of some types that are the secret's, by logical id. */
function of(resources: Resources, ...types: string[]): Resources {
  return Object.fromEntries(
    Object.entries(resources).filter(([id, { Type }]) => types.includes(Type) && /^(Creds|Old)/.test(id)),
  );
}

const valueOf = (resources: Resources) =>
  Object.values(of(resources, SECRET)).map(({ Properties }) => Properties.GenerateSecretString);
const network = (stack: Stack) => {
  const vpc = isolatedVpc(stack);
  return { vpc, instance: personnelDatabase(stack, vpc) };
};
const rotator = (stack: Stack) => new LambdaFunction(stack, 'Rotator', {
  code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X,
});
const credentials = { secretStringTemplate: '{"username":"app"}', generateStringKey: 'password', passwordLength: 40 };

/** A secret as an app has deployed it, and as this library goes on with it. */
interface Migration {
  readonly name: string;
  readonly before: Build;
  readonly after: Build;
  /** Types whose logical ids stay, and which nothing else of the secret's may be made anew beside. */
  readonly keeps?: string[];
}

const plain = (generateSecretString?: SecretStringGenerator): Migration => ({
  name: `a plain Secret with ${JSON.stringify(generateSecretString)}`,
  before: (stack) => void new Secret(stack, 'Creds', { generateSecretString }),
  after: (stack) => void new HardenedSecret(stack, 'Creds', {
    content: SecretContent.asDeployed(generateSecretString ?? {}), rotation: Rotation.none('test'),
  }),
});

const databaseSecret = (name: string, masterOf?: (stack: Stack) => Secret): Migration => ({
  name,
  before: (stack) => {
    const masterSecret = masterOf?.(stack);
    new DatabaseSecret(stack, 'Creds', { username: 'app', masterSecret }).attach(network(stack).instance);
  },
  after: (stack) => {
    const masterSecret = masterOf?.(stack);
    const database = DatabaseTarget.fromRdsInstance(network(stack).instance);
    new HardenedSecret(stack, 'Creds', {
      content: SecretContent.asDeployedDatabaseSecret({ username: 'app', masterSecret, database }),
      rotation: Rotation.alternatingUsers(),
    });
  },
  keeps: [SECRET, ATTACHMENT],
});

/** The second of two deployments: the first has taken the former rotation off, and left the secret as it is. */
const attachedAfter: Build = (stack) => {
  const database = DatabaseTarget.fromRdsInstance(network(stack).instance);
  new HardenedSecret(stack, 'Creds', {
    content: SecretContent.asDeployed(credentials, { database }), rotation: Rotation.singleUser(),
  });
};
type Rotate = (stack: Stack, parts: ReturnType<typeof network>, secret: ISecret) => void;
const attachedBefore = (rotate: Rotate): Build => (stack) => {
  const parts = network(stack);
  rotate(stack, parts, new Secret(stack, 'Creds', { generateSecretString: credentials }).attach(parts.instance));
};

const MIGRATIONS: Migration[] = [
  plain(),
  plain({ passwordLength: 40, excludePunctuation: true }),
  plain({ secretStringTemplate: '{"issuer":"me"}', generateStringKey: 'key' }),
  databaseSecret('a DatabaseSecret'),
  databaseSecret('a DatabaseSecret with its master', (stack) => new Secret(stack, 'Master')),
  {
    name: 'SecretRotation',
    before: attachedBefore((stack, { vpc, instance }, secret) => void new SecretRotation(stack, 'OldRotation', {
      application: SecretRotationApplication.POSTGRES_ROTATION_SINGLE_USER, secret, target: instance, vpc,
    })),
    after: attachedAfter,
    keeps: [SECRET, ATTACHMENT],
  },
  {
    name: 'HostedRotation',
    before: attachedBefore((_, { vpc }, secret) => void secret.addRotationSchedule('Old', {
      hostedRotation: HostedRotation.postgreSqlSingleUser({ vpc }),
    })),
    after: attachedAfter,
    keeps: [SECRET, ATTACHMENT],
  },
  {
    name: 'addRotationSchedule',
    before: (stack) => void new Secret(stack, 'Creds').addRotationSchedule('Old', { rotationLambda: rotator(stack) }),
    after: (stack) => void new HardenedSecret(stack, 'Creds', {
      content: SecretContent.asDeployed({}), rotation: Rotation.custom({ handler: rotator(stack) }),
    }),
  },
];

describe.each(MIGRATIONS)('$name', ({ before, after, keeps = [SECRET] }) => {
  const [old, now] = [resourcesOf(before), resourcesOf(after)];

  test('keeps logical ids and the very value', () => {
    expect(Object.keys(of(old, SECRET))).toHaveLength(1);
    expect(Object.keys(of(now, ...keeps))).toEqual(Object.keys(of(old, ...keeps)));
    expect(valueOf(now)).toEqual(valueOf(old));
  });

  test('changes nothing of the secret that would replace it', () => {
    expect(Object.values(of(now, SECRET))[0].Properties.Name).toEqual(Object.values(of(old, SECRET))[0].Properties.Name);
    expect(of(now, ATTACHMENT)).toEqual(of(old, ATTACHMENT));
  });

  test('does not rotate before it is due', () => {
    const atOnce = Object.values(of(now, SCHEDULE)).map(({ Properties }) => Properties.RotateImmediatelyOnUpdate);
    expect(atOnce.filter((value) => value !== false)).toEqual([]);
  });

  test('has no schedule under the id of a former one, which CloudFormation would cancel after it has made ours', () => {
    expect(Object.keys(of(old, SCHEDULE)).filter((id) => id in now)).toEqual([]);
  });
});

test('without asDeployed() the value would be another, which is why it is there', () => {
  const [before, after] = [
    resourcesOf((stack) => void new Secret(stack, 'Creds')),
    resourcesOf((stack) => void new HardenedSecret(stack, 'Creds', { rotation: Rotation.none('test') })),
  ];
  expect(valueOf(after)).not.toEqual(valueOf(before));
});

test('a former schedule may be carried on in one deployment, under its logical id', () => {
  const [, { before, after }] = [0, MIGRATIONS.find(({ name }) => name === 'addRotationSchedule')!];
  const [id] = Object.keys(of(resourcesOf(before), SCHEDULE));
  const carriedOn = resourcesOf((stack) => {
    after(stack);
    (stack.node.findChild('Creds').node.findChild('RotationSchedule') as CfnRotationSchedule).overrideLogicalId(id);
  });
  expect(Object.keys(of(carriedOn, SCHEDULE))).toEqual([id]);
  expect(carriedOn[id].Properties.RotationLambdaARN).toEqual(resourcesOf(before)[id].Properties.RotationLambdaARN);
});

test('a secret that was made by hand is taken in without a value', () => {
  const { Properties } = Object.values(of(resourcesOf((stack) => void new HardenedSecret(stack, 'Creds', {
    secretName: 'made-by-hand', content: SecretContent.unmanaged({ username: 'app' }), rotation: Rotation.none('test'),
  })), SECRET))[0];
  expect(Properties).toMatchObject({ Name: 'made-by-hand' });
  expect(Object.keys(Properties).filter((name) => /SecretString/.test(name))).toEqual([]);
});

test('a secret of a database construct is adopted in its place', () => {
  const build = (harden: boolean): Build => (stack) => {
    const { instance } = network(stack);
    if (harden) {
      SecretHardening.fromSecret(instance.secret!).addRotation(Rotation.singleUser({
        database: DatabaseTarget.fromRdsInstance(instance),
      }));
    }
  };
  const secrets = (resources: Resources) => Object.entries(resources).filter(([, { Type }]) => Type === SECRET)
    .map(([id, { Properties: { Tags: _, ...properties } }]) => [id, properties]);
  expect(secrets(resourcesOf(build(true)))).toEqual(secrets(resourcesOf(build(false))));
});
