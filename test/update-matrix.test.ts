import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Stack } from 'aws-cdk-lib/core';
import {
  CustomRotationPermission,
  DatabaseEngine,
  type DatabaseHostOptions,
  DatabaseTarget,
  type DatabaseTargetOptions,
  HardenedSecret,
  type HardenedSecretProps,
  Rotation,
  RotationTiming,
  SecretContent,
  SecretEncryption,
  SecretsPlatform,
  type SuperuserRotationOptions,
} from '../src';
import { isolatedVpc, personnelDatabase, testApp } from './support/scenario';

/** What may change about the one secret, its database and its rotation. */
interface Change {
  readonly props?: Partial<HardenedSecretProps>;
  readonly host?: Partial<DatabaseHostOptions>;
  readonly rotation?: (options: SuperuserRotationOptions) => Rotation;
  readonly options?: (stack: Stack) => SuperuserRotationOptions;
  readonly build?: (stack: Stack) => Partial<HardenedSecretProps>;
}

type Resources = Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>;

/** Resources whose replacement, or whose other logical id, would cost a credential or a rotation. */
const CONTRACT = [
  'AWS::SecretsManager::Secret', 'AWS::SecretsManager::RotationSchedule', 'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::SecretsManager::ResourcePolicy', 'AWS::Lambda::Permission',
];

function synth(kind: 'host' | 'instance', change: Change): Resources {
  const stack = new Stack(testApp(), 'Stack');
  const superuser = new Secret(stack, 'Superuser', { secretName: 'superuser' });
  const database = kind === 'host'
    ? DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', superuser, ...change.host })
    : DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)), { superuser, ...change.host });
  const rotation = change.rotation ?? Rotation.alternatingUsers;
  new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app', database }),
    rotation: rotation(change.options?.(stack) ?? {}),
    ...change.props,
    ...change.build?.(stack),
  });
  return (Template.fromStack(stack).toJSON() as { Resources: Resources }).Resources;
}

function ofContract(resources: Resources): Resources {
  return Object.fromEntries(
    Object.entries(resources).filter(([id, { Type }]) => CONTRACT.includes(Type) && id.startsWith('Creds')),
  );
}

/** `Type.Property` for each property that differs. */
function changed(before: Resources, after: Resources): string[] {
  return Object.entries(before).flatMap(([id, { Type, Properties }]) => {
    const now = after[id]?.Properties ?? {};
    return [...new Set([...Object.keys(Properties), ...Object.keys(now)])]
      .filter((name) => JSON.stringify(Properties[name]) !== JSON.stringify(now[name]))
      .map((name) => `${Type.split('::')[2]}.${name}`);
  }).sort();
}

function generator(resources: Resources): string {
  return JSON.stringify(
    Object.entries(resources).find(([id, { Type }]) => id.startsWith('Creds') && Type === 'AWS::SecretsManager::Secret')?.[1]
      .Properties.GenerateSecretString,
  );
}

/** Another function: what starts the rotation and what lets it in point there. */
const FUNCTION = ['Permission.FunctionName', 'RotationSchedule.RotationLambdaARN'];

const CHANGES: [string, Change, string[]][] = [
  ['description', { props: { description: 'another' } }, ['Secret.Description']],
  ['key', { build: (stack) => ({ encryption: SecretEncryption.key(new Key(stack, 'Other')) }) }, ['Secret.KmsKeyId']],
  ['the AWS managed key', { props: { encryption: SecretEncryption.awsManagedKey() } }, ['Secret.KmsKeyId']],
  ['password length', { host: { passwordLength: 64 } }, []],
  ['password characters', { host: { excludeCharacters: '"' } }, []],
  ['default database', { host: { databaseName: 'personnel' } }, FUNCTION],
  ['timing', { options: () => ({ timing: RotationTiming.every(Duration.days(7)) }) }, ['RotationSchedule.RotationRules']],
  [
    'first rotation',
    { options: () => ({ timing: RotationTiming.every(Duration.days(30), { rotateImmediately: false }) }) },
    ['RotationSchedule.RotateImmediatelyOnUpdate'],
  ],
  ['superuser', { options: (stack) => ({ superuser: new Secret(stack, 'OtherSuperuser') }) }, FUNCTION],
  ['strategy', { rotation: Rotation.singleUserWithSuperuser }, []],
  ['roles of a new user', { options: () => ({ createWithRoles: ['reader'] }) }, []],
  [
    'platform',
    { build: (stack) => ({ platform: new SecretsPlatform(stack, 'Platform'), encryption: SecretEncryption.ownKey() }) },
    FUNCTION,
  ],
  [
    'platform with its key',
    { build: (stack) => ({ platform: new SecretsPlatform(stack, 'Platform') }) },
    [...FUNCTION, 'Secret.KmsKeyId'].sort(),
  ],
];

describe.each(['host', 'instance'] as const)('a database known by its %s', (kind) => {
  const before = synth(kind, {});

  test('has all that must not move', () => {
    expect(Object.values(ofContract(before)).map(({ Type }) => Type).sort())
      .toEqual(CONTRACT.filter((type) => kind === 'instance' || !type.endsWith('Attachment')).sort());
  });

  test.each(CHANGES)('another %s', (_, change, allowed) => {
    const after = synth(kind, change);
    expect(JSON.stringify(after)).not.toBe(JSON.stringify(before));
    expect(Object.keys(ofContract(after))).toEqual(Object.keys(ofContract(before)));
    expect(generator(after)).toBe(generator(before));
    expect(changed(ofContract(before), ofContract(after))).toEqual(allowed);
  });
});

describe('a database that moves', () => {
  test.each<[string, Partial<DatabaseHostOptions>]>([
    ['host', { host: 'new.example.com' }],
    ['port', { port: 5433 }],
  ])('to another %s', (_, host) => {
    const [before, after] = [synth('host', {}), synth('host', { host })];
    expect(generator(after)).toBe(generator(before));
    expect(Object.keys(ofContract(after))).toEqual(Object.keys(ofContract(before)));
    expect(changed(ofContract(before), ofContract(after))).toEqual(FUNCTION);
  });

  test.each<[string, Partial<DatabaseHostOptions>]>([
    ['host', { host: 'new.example.com' }],
    ['port', { port: 5433 }],
  ])('to another %s, under its name', (_, host) => {
    const [before, after] = [
      synth('host', { host: { targetName: 'personnel' } }),
      synth('host', { host: { targetName: 'personnel', ...host } }),
    ];
    expect(generator(after)).toBe(generator(before));
    expect(changed(ofContract(before), ofContract(after))).toEqual([]);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(JSON.stringify(after)).not.toBe(JSON.stringify(before));
  });
});

test('another code of the function leaves the secret alone: the schedule names the function, not a version', () => {
  for (const [id, { Type, Properties }] of Object.entries(synth('host', {}))) {
    expect(Type).not.toBe('AWS::Lambda::Version');
    expect(Type).not.toBe('AWS::Lambda::Alias');
    if (Type === 'AWS::SecretsManager::RotationSchedule') {
      expect([id, Properties.RotationLambdaARN])
        .toEqual([expect.stringMatching(/^Creds/), { 'Fn::GetAtt': [expect.stringMatching(/Function/), 'Arn'] }]);
    }
  }
});

test('a rotation that is taken off and put on again comes back under the same ids', () => {
  const off = synth('instance', { rotation: () => Rotation.none('test') });
  expect(generator(off)).toBe(generator(synth('instance', {})));
  expect(Object.keys(ofContract(synth('instance', {})))).toEqual(expect.arrayContaining(Object.keys(ofContract(off))));
});

describe('the schedule of an admin secret that stands with the platform', () => {
  function platformOf(options: DatabaseTargetOptions, timing?: RotationTiming): Resources {
    const app = testApp();
    const [home, stack] = ['Platform', 'Stack'].map((id) => new Stack(app, id));
    const admin = new HardenedSecret(stack, 'Admin', {
      platform: new SecretsPlatform(home, 'Secrets'),
      encryption: SecretEncryption.ownKey(),
      content: SecretContent.databaseCredentials({ username: 'postgres' }),
    });
    const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack), admin.secret), options);
    admin.addRotation(Rotation.singleUser({ database, timing }));
    app.synth();
    const { Resources } = Template.fromStack(home).toJSON() as { Resources: Resources };
    return Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => CONTRACT.includes(Type)));
  }

  test.each<[string, DatabaseTargetOptions, RotationTiming | undefined, string[]]>([
    ['default database', { databaseName: 'personnel' }, undefined, FUNCTION],
    ['timing', {}, RotationTiming.every(Duration.days(7)), ['RotationSchedule.RotationRules']],
  ])('another %s', (_, options, timing, allowed) => {
    const [before, after] = [platformOf({}), platformOf(options, timing)];
    expect(Object.values(before).map(({ Type }) => Type).sort())
      .toEqual(['AWS::Lambda::Permission', 'AWS::SecretsManager::RotationSchedule']);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(changed(before, after)).toEqual(allowed);
  });
});

describe('a rotation by a function of the user\'s', () => {
  const rotationOf = (stack: Stack, id: string, permissions?: CustomRotationPermission[]) =>
    Rotation.custom({
      handler: new LambdaFunction(stack, id, {
        code: Code.fromInline('x'),
        handler: 'index.handler',
        runtime: Runtime.NODEJS_22_X,
      }),
      permissions,
    });
  const before = synth('instance', { build: (stack) => ({ rotation: rotationOf(stack, 'Rotator') }) });

  test.each<[string, Change, string[]]>([
    ['another function', { build: (stack) => ({ rotation: rotationOf(stack, 'Other') }) }, FUNCTION],
    [
      'another permission',
      { build: (stack) => ({ rotation: rotationOf(stack, 'Rotator', [CustomRotationPermission.randomPassword()]) }) },
      [],
    ],
    ['a function of the platform', {}, FUNCTION],
  ])('is replaced by %s in place', (_, change, allowed) => {
    const after = synth('instance', change);
    expect(JSON.stringify(after)).not.toBe(JSON.stringify(before));
    expect(Object.keys(ofContract(after))).toEqual(Object.keys(ofContract(before)));
    expect(generator(after)).toBe(generator(before));
    expect(changed(ofContract(before), ofContract(after))).toEqual(allowed);
  });
});
