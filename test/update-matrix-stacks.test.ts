import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { User } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, NestedStack, SecretValue, Stack, Stage } from 'aws-cdk-lib/core';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import {
  CacheUser,
  DatabaseEngine,
  DatabaseTarget,
  HardenedSecret,
  ManagedExternalSecretType,
  Rotation,
  RotationNetwork,
  SecretAuditTrail,
  SecretContent,
  SecretEncryption,
  SecretHardeningMixin,
  SecretReplica,
  SecretsPlatform,
} from '../src';
import { isolatedVpc, personnelDatabase, testApp } from './support/scenario';

const env = { account: '111111111111', region: 'us-east-1' };

/** What stands around the stacks, and what they are called: nothing of it says anything about what is in them. */
interface Surroundings {
  readonly constructId?: (name: string) => string;
  readonly stackName?: (name: string) => string;
  readonly platformName?: string;
}

/** Stacks of a team, with everything that has a name or an id that is made of a path. */
function teamStacks(scope: Construct, { constructId = (name) => name, stackName, platformName }: Surroundings): void {
  const stack = (name: string) => new Stack(scope, constructId(name), { env, stackName: stackName?.(name) });
  const network = stack('network');
  const vpc = isolatedVpc(network);
  const platform = new SecretsPlatform(stack('platform'), 'Secrets', { platformName });
  const secrets = stack('secrets');
  for (const name of ['orders', 'personnel']) {
    const data = stack(name);
    const admin = new HardenedSecret(data, 'Admin', {
      platform,
      encryption: SecretEncryption.ownKey(),
      content: SecretContent.databaseCredentials({ username: 'postgres' }),
    });
    const database = DatabaseTarget.fromRdsInstance(personnelDatabase(data, vpc, admin.secret));
    admin.addRotation(Rotation.singleUser({ database }));
    const superuser = new Secret(data, 'Superuser');
    for (const [user, rotation] of [['app', {}], ['report', { superuser }]] as const) {
      new HardenedSecret(secrets, `${name}-${user}`, {
        platform,
        secretName: `${name}/${user}`,
        content: SecretContent.databaseCredentials({ username: user, database }),
        rotation: Rotation.alternatingUsers(rotation),
      });
    }
  }
  const routed = new Vpc(network, 'Routed');
  const ofCache = new SecurityGroup(network, 'Cache', { vpc: routed, description: 'cache' });
  const host = { host: 'cache.example.com', securityGroups: [ofCache] };
  const securityGroup = new SecurityGroup(network, 'Functions', {
    vpc: routed, allowAllOutbound: false, description: 'functions',
  });
  new HardenedSecret(secrets, 'Cache', {
    content: SecretContent.cacheUserCredentials(CacheUser.elastiCache({
      userId: 'app', username: 'app', cluster: host, network: RotationNetwork.of({ vpc: routed, securityGroup }),
    })),
    rotation: Rotation.cacheUser(),
  });
  new HardenedSecret(secrets, 'Copied', {
    platform,
    secretName: 'copied',
    rotation: Rotation.regenerate(),
    replicas: [SecretReplica.inRegion('eu-west-1')],
  });
  new HardenedSecret(new NestedStack(secrets, 'Nested'), 'Token', { rotation: Rotation.regenerate() });
  new HardenedSecret(secrets, 'Partner', {
    content: SecretContent.fromSecretValue(SecretValue.ssmSecure('partner')),
    rotation: Rotation.managedExternal(ManagedExternalSecretType.bigIdClientSecret()),
  });
  new SecretAuditTrail(secrets, 'Trail');
  for (const [name, place, rotatedBy] of [['own', secrets, undefined], ['shared', stack('users'), platform]] as const) {
    const user = new User(place, 'User', { userName: `${name}-smtp` });
    new HardenedSecret(place, 'AccessKey', {
      platform: rotatedBy,
      secretName: `smtp/${name}`,
      content: SecretContent.placeholder(),
      rotation: Rotation.iamAccessKey({ user, formerWorksFor: Duration.days(7) }),
    });
  }
  const superuser = new Secret(secrets, 'RedisAdmin');
  const server = DatabaseTarget.of({
    engine: DatabaseEngine.REDIS,
    host: 'redis.example.com',
    targetName: 'sessions',
    superuser,
    network: RotationNetwork.of({ vpc: routed, securityGroup }),
    securityGroups: [ofCache],
  });
  for (const [username, rotation] of [
    ['sessions', Rotation.alternatingUsers({ formerWorksFor: Duration.days(2) })], ['queues', Rotation.dualPassword()],
  ] as const) {
    new HardenedSecret(secrets, `Redis-${username}`, {
      content: SecretContent.databaseCredentials({ username, database: server }), rotation,
    });
  }
  new Secret(secrets, 'Plain');
  new SecretHardeningMixin().applyToAll(scope);
}

/** All templates by the names of their stacks, nested ones by their files. */
function templatesOf(assembly: CloudAssembly): Record<string, { Resources?: Record<string, unknown> }> {
  return {
    ...Object.fromEntries(assembly.stacks.map((stack) => [stack.stackName, stack.template])),
    ...Object.assign({}, ...assembly.nestedAssemblies.map(({ nestedAssembly }) => templatesOf(nestedAssembly))),
  };
}

function synth(build: (app: Construct) => void): ReturnType<typeof templatesOf> {
  const app = testApp();
  build(app);
  return templatesOf(app.synth());
}

const fixed: Surroundings = { stackName: (name) => `team-${name}`, platformName: 'team' };

describe('stacks of which the names are fixed', () => {
  const before = synth((app) => teamStacks(app, fixed));

  test('are all there', () => {
    const names = ['network', 'orders', 'personnel', 'platform', 'secrets'].map((name) => `team-${name}`);
    expect(Object.keys(before).sort()).toEqual(expect.arrayContaining([...names, 'team-eu-west-1']));
    expect(Object.values(before).flatMap(({ Resources }) => Object.keys(Resources ?? {})).length).toBeGreaterThan(100);
  });

  test.each<[string, (app: Construct) => void]>([
    ['moved into a Stage', (app) => teamStacks(new Stage(app, 'Prod'), fixed)],
    ['moved under another construct', (app) => teamStacks(new Construct(app, 'Team'), fixed)],
    ['moved under a construct in a Stage', (app) => teamStacks(new Construct(new Stage(app, 'Prod'), 'Team'), fixed)],
    ["the stack's construct id changed", (app) => teamStacks(app, { ...fixed, constructId: (name) => `Other${name}` })],
  ])('%s: nothing changes', (_, build) => {
    expect(withoutAssets(synth(build))).toEqual(withoutAssets(before));
  });
});

describe('two stages', () => {
  test.each<[string, (stage: string) => Surroundings]>([
    ['names of the AWS CDK', () => ({})],
    ['names that end in the stage', (stage) => ({ stackName: (name) => `${name}-${stage}`, platformName: `team-${stage}` })],
    ['names that begin with the stage', (stage) => ({ stackName: (name) => `${stage}-${name}`, platformName: `${stage}-team` })],
  ])('with %s have equal templates but for the names', (_, names) => {
    const [test, production] = ['test', 'prod'].map((stage) =>
      Object.values(synth((app) => teamStacks(new Stage(app, stage), names(stage)))).map(({ Resources }) => Resources ?? {}));
    expect(test.map((resources) => Object.keys(resources))).toEqual(production.map((resources) => Object.keys(resources)));
    expect(withoutNames(test, 'test')).toEqual(withoutNames(production, 'prod'));
  });
});

test('databases of two stacks at the same place in each are two on one platform', () => {
  const templates = synth((app) => teamStacks(app, fixed));
  const ids = Object.keys(templates['team-platform'].Resources ?? {});
  const functions = ids.filter((id) => /postgresPersonnel.*Function/.test(id));
  expect(functions.length).toBeGreaterThanOrEqual(6);
});

/** The addresses of nested templates are hashes of them, and the AWS CDK tags parts of a VPC with their whole path. */
function withoutAssets(templates: object): unknown {
  const text = JSON.stringify(templates).replace(/[0-9a-f]{64}/g, 'ASSET');
  return JSON.parse(text.replace(/"Key":"Name","Value":"[^"]*"/g, '"Key":"Name"'));
}

/** Names are made of the stage's, and those that would be too long end in a hash. */
function withoutNames(templates: object, stage: string): unknown {
  const names = new RegExp(`(alias/)?[A-Za-z0-9-]*${stage}[A-Za-z0-9-]*(/[A-Za-z0-9-]*)?`, 'g');
  return JSON.parse(JSON.stringify(withoutAssets(templates)).replace(names, 'NAME'));
}
