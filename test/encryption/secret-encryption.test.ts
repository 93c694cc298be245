import { Template } from 'aws-cdk-lib/assertions';
import { Alias, type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretEncryption, SecretsPlatform } from '../../src';
import { only, testApp } from '../support/scenario';

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
