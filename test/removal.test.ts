import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseTarget,
  HardenedSecret,
  type HardenedSecretProps,
  Rotation,
  SecretContent,
  SecretEncryption,
  SecretReplica,
  SecretsPlatform,
} from '../src';
import { isolatedVpc, personnelDatabase, testApp } from './support/scenario';

const OURS = ['AWS::SecretsManager::Secret', 'AWS::KMS::Key', 'AWS::KMS::Alias', 'AWS::Logs::LogGroup'];
const env = { account: '111111111111', region: 'us-east-1' };
const KEPT = 'RetainExceptOnCreate';

/** The deletion policies of what secrets leave, in all stacks of an app, by type. */
function policies(...secrets: [Partial<HardenedSecretProps>, ...Partial<HardenedSecretProps>[]]): [string, string, string][] {
  const app = testApp();
  const stack = new Stack(app, 'Stack', { env });
  const platform = new SecretsPlatform(stack, 'Platform', { platformName: 'orders' });
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)));
  secrets.forEach((props, index) => new HardenedSecret(stack, `Secret${index}`, {
    platform,
    content: SecretContent.databaseCredentials({ username: `app${index}`, database }),
    rotation: Rotation.alternatingUsers(),
    replicas: [SecretReplica.inRegion('eu-west-1')],
    ...props,
  }));
  return app.synth().stacks.flatMap(({ template }) =>
    Object.entries(template.Resources as Record<string, { Type: string; DeletionPolicy: string }>)
      .filter(([id, { Type }]) => OURS.includes(Type) && !id.startsWith('Personnel'))
      .map(([id, { Type, DeletionPolicy }]): [string, string, string] => [id, Type, DeletionPolicy]));
}

const OWN = { encryption: SecretEncryption.ownKey() };
const DESTROY = { removalPolicy: RemovalPolicy.DESTROY };

test.each([['a key of its own', OWN], ['a shared key', {}]])('with %s, all that a secret needs is kept with it', (_, props) => {
  const all = policies(props);
  expect([...new Set(all.map(([, type]) => type))].sort()).toEqual([...OURS].sort());
  expect(all.filter(([, type]) => type.startsWith('AWS::KMS'))).toHaveLength(4);
  expect(all.filter(([, , policy]) => policy !== KEPT)).toEqual([]);
});

test.each([['a key of its own', OWN], ['a shared key', {}]])('with %s, DESTROY reaches all of it', (_, props) => {
  expect(policies({ ...props, ...DESTROY }).filter(([, , policy]) => policy !== 'Delete')).toEqual([]);
});

test.each([[[DESTROY, {}]], [[{}, DESTROY]]] as const)('what secrets share is kept if one is: %#', ([one, other]) => {
  const kept = policies(one, other).filter(([, , policy]) => policy === KEPT).map(([, type]) => type);
  expect(kept.sort()).toEqual([
    'AWS::KMS::Alias', 'AWS::KMS::Alias', 'AWS::KMS::Key', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret',
  ]);
});

test('a key that the app uses itself is kept, whatever becomes of the secrets', () => {
  const stack = new Stack(testApp(), 'Stack');
  const platform = new SecretsPlatform(stack, 'Platform');
  new HardenedSecret(stack, 'Secret', { platform, ...DESTROY, rotation: Rotation.none('test') });
  expect(platform.encryptionKey).toBeInstanceOf(Key);
  Template.fromStack(stack).hasResource('AWS::KMS::Key', { DeletionPolicy: KEPT, UpdateReplacePolicy: 'Retain' });
});

describe('warnings', () => {
  const warnings = (make: (stack: Stack) => Partial<HardenedSecretProps>, text: string) => {
    const stack = new Stack(testApp(), 'Stack', { env });
    new HardenedSecret(stack, 'Secret', { rotation: Rotation.none('test'), ...make(stack) });
    return Annotations.fromStack(stack).findWarning('/Stack/Secret', Match.stringLikeRegexp(text)).length;
  };

  test.each([[undefined, 1], [false, 1], [true, 0]])('a key with enableKeyRotation %s: %i', (enableKeyRotation, count) => {
    const encryption = (stack: Stack) => ({
      encryption: SecretEncryption.key(new Key(stack, 'Key', { enableKeyRotation })),
    });
    expect(warnings(encryption, "the key 'Stack/Key' .* does not rotate")).toBe(count);
  });

  test.each([['eu-west-9', 1], ['eu-wset-1', 1], ['eu-west-1', 0]])('a replica in %s: %i', (region, count) => {
    expect(warnings(() => ({ replicas: [SecretReplica.inRegion(region)] }), `'${region}' is no Region that`)).toBe(count);
  });
});
