import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alias, type CfnKey, type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretEncryption, SecretReplica, SecretsPlatform } from '../../src';
import { messageOf, only, testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const asymmetric = (stack: Stack) => new Key(stack, 'Key', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.SIGN_VERIFY });
const secretIn = (stack: Stack, encryption: SecretEncryption, platform?: SecretsPlatform) =>
  new HardenedSecret(stack, 'Secret', { encryption, platform, rotation: Rotation.regenerate() });

test.each<[string, (stack: Stack) => IKey]>([
  ['a key', asymmetric],
  ['the key behind an alias of the app', (stack) => asymmetric(stack).addAlias('mine')],
  [
    'the key behind an alias of elsewhere',
    (stack) => Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/theirs', aliasTargetKey: asymmetric(stack) }),
  ],
])('%s that cannot encrypt is refused', (_, key) => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  expect(() => secretIn(stack, SecretEncryption.key(key(stack))))
    .toThrow('[Stack/Secret] `SecretEncryption.key(key)` is "RSA_2048", allowed: a symmetric encryption key');
});

describe('a key that nothing can be encrypted with', () => {
  const replicaIn = (stack: Stack, key: (home: Stack) => IKey) => {
    const there = new Stack(stack.node.root as App, 'There', { env: { ...ENV, region: 'eu-central-1' } });
    new HardenedSecret(stack, 'Secret', {
      rotation: Rotation.regenerate(),
      replicas: [SecretReplica.inRegion('eu-central-1', { encryption: SecretEncryption.key(key(there)) })],
    });
  };
  const PLACES: Record<string, [string, (stack: Stack, key: (home: Stack) => IKey) => unknown]> = {
    'of a secret': ['SecretEncryption.key(key)', (stack, key) => secretIn(stack, SecretEncryption.key(key(stack)))],
    'of a replica': ["SecretReplica.inRegion('eu-central-1').encryption", replicaIn],
  };
  const places = Object.keys(PLACES);
  const setUp = () => new Stack(testApp(), 'Stack', { env: ENV });

  test.each(places)('is refused, %s, as an asymmetric one', (place) => {
    const [property, use] = PLACES[place];
    expect(() => use(setUp(), (home) => new Key(home, 'Key', {
      alias: 'mine', keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.SIGN_VERIFY,
    }))).toThrow(`[Stack/Secret] \`${property}\` is "RSA_2048", allowed: a symmetric encryption key`);
  });

  test.each(places)('is refused, %s, as one of another usage', (place) => {
    const [property, use] = PLACES[place];
    expect(() => use(setUp(), (home) => {
      const key = new Key(home, 'Key', { alias: 'mine' });
      (key.node.defaultChild as CfnKey).keyUsage = 'KEY_AGREEMENT';
      return key;
    })).toThrow(`[Stack/Secret] \`${property}\` is "KEY_AGREEMENT", allowed: a key whose usage is ENCRYPT_DECRYPT`);
  });

  const off: Record<string, (home: Stack) => IKey> = {
    'by its property': (home) => new Key(home, 'Key', { alias: 'mine', enabled: false }),
    'by an override': (home) => {
      const key = new Key(home, 'Key', { alias: 'mine' });
      (key.node.defaultChild as CfnKey).addPropertyOverride('Enabled', 'false');
      return key;
    },
  };
  test.each(places.flatMap((place) => Object.keys(off).map((how) => [place, how] as const)))(
    'is refused, %s, as one that is turned off %s', (place, how) => {
      const stack = setUp();
      const [property, use] = PLACES[place];
      use(stack, off[how]);
      expect(messageOf(() => (stack.node.root as App).synth())).toMatch(new RegExp(
        `\\[Stack/Secret\\] the key '(Stack|There)/Key' of \`${property.replace(/[().]/g, '\\$&')}\` is turned off by `
          + '`enabled: false`, and Secrets Manager can neither encrypt nor decrypt with it; turn it on, or use another key',
      ));
    },
  );

  test('is a warning where its material is imported, which nobody can have rotated', () => {
    const stack = setUp();
    const key = new Key(stack, 'Key');
    (key.node.defaultChild as CfnKey).origin = 'EXTERNAL';
    secretIn(stack, SecretEncryption.key(key));
    const warnings = (id: string) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(id)).length;
    expect([warnings('keyWithoutMaterial'), warnings('keyWithoutRotation')]).toEqual([1, 0]);
  });
});

test('an alias that is imported by name is all that is known of the key, to the function and the audit too', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const secret = secretIn(stack, SecretEncryption.key(Alias.fromAliasName(stack, 'Alias', 'alias/theirs')));
  expect(secret.encryptionKey).toBeUndefined();
  const template = Template.fromStack(stack);
  expect(only(template, 'AWS::SecretsManager::Secret').resource.Properties.KmsKeyId).toBe('alias/theirs');
  const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  expect(policies.filter(({ Action }) => [Action].flat().includes('kms:Decrypt'))).toEqual([{
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:eu-west-1:111111111111:key/*']] },
    Condition: {
      'StringEquals': { 'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'] },
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/theirs'] },
    },
  }]);
  expect(JSON.stringify(only(template, 'AWS::Scheduler::Schedule').resource.Properties.Target.Input))
    .toContain('\\"key\\":\\"customer\\"');
});

test('another platform gives the same key another alias', () => {
  const keyOf = (platformName: string) => {
    const stack = new Stack(testApp(), 'Stack', { env: ENV });
    secretIn(stack, SecretEncryption.ownKey(), new SecretsPlatform(stack, 'Platform', { platformName }));
    const template = Template.fromStack(stack);
    return {
      key: only(template, 'AWS::KMS::Key'),
      alias: only(template, 'AWS::KMS::Alias').resource.Properties.AliasName as string,
    };
  };
  const [one, other] = [keyOf('one'), keyOf('other')];
  expect(other.key).toEqual(one.key);
  expect([one.alias, other.alias])
    .toEqual([expect.stringMatching(/^alias\/one\/Stack-?Secret/), expect.stringMatching(/^alias\/other\/Stack-?Secret/)]);
});
