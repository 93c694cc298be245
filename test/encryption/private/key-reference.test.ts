import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { App, Lazy, Stack } from 'aws-cdk-lib/core';
import { aliasNameOf, keyBehind, keyFactsOf, useOfKey } from '../../../src/encryption/private/key-reference';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/1234';
let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
});

test('a key is known by its ARN, and by its alias where it has one', () => {
  const [plain, named] = [new Key(stack, 'Plain'), new Key(stack, 'Named', { alias: 'mine' })];
  expect(keyFactsOf(plain)).toEqual({ kmsKeyId: plain.keyArn, key: plain });
  expect(keyFactsOf(named)).toEqual({ kmsKeyId: named.keyArn, key: named, aliasName: 'alias/mine' });
});

test('an alias stands for its key', () => {
  const key = new Key(stack, 'Key');
  const imported = Key.fromKeyArn(stack, 'Imported', KEY_ARN);
  expect(keyFactsOf(key.addAlias('mine'))).toEqual({ kmsKeyId: key.keyArn, key, aliasName: 'alias/mine' });
  expect(keyFactsOf(Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/theirs', aliasTargetKey: imported })))
    .toEqual({ kmsKeyId: KEY_ARN, key: imported, aliasName: 'alias/theirs' });
});

test('of an alias that is imported by name nothing else is known', () => {
  const alias = Alias.fromAliasName(stack, 'Alias', 'alias/theirs');
  expect(keyBehind(alias)).toBeUndefined();
  expect(keyFactsOf(alias)).toEqual({ kmsKeyId: 'alias/theirs', aliasName: 'alias/theirs' });
});

test('an alias that only the deployment knows names no key in another stack', () => {
  const key = new Key(stack, 'Key', { alias: Lazy.string({ produce: () => 'alias/late' }) });
  expect(aliasNameOf(key)).toBeDefined();
  expect(keyFactsOf(key)).toEqual({ kmsKeyId: key.keyArn, key });
});

describe('a statement', () => {
  const app = new App();
  const [home, reader] = ['Home', 'Reader'].map(
    (id) => new Stack(app, id, { env: { account: '111111111111', region: 'eu-west-1' } }),
  );
  const facts = keyFactsOf(new Key(home, 'Key', { alias: 'mine' }));
  const byAlias = (of: Stack, region = 'eu-west-1') => ({
    resources: [`arn:${of.partition}:kms:${region}:111111111111:key/*`],
    conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/mine'] } },
  });
  const byArn = { resources: [facts.kmsKeyId], conditions: {} };

  test('names the key by its ARN in its own stack, and where the secret names it so', () => {
    expect(useOfKey(facts, { scope: reader, from: home, mayRefer: false })).toEqual(byArn);
    expect(useOfKey(facts, { scope: reader, from: reader, mayRefer: true })).toEqual(byArn);
  });

  test('names any key of the alias where it may not refer to the key, or the secret knows no more either', () => {
    expect(useOfKey(facts, { scope: reader, from: reader, mayRefer: false })).toEqual(byAlias(reader));
    expect(useOfKey(facts, { scope: reader, from: reader, mayRefer: false, region: 'us-east-1' }))
      .toEqual(byAlias(reader, 'us-east-1'));
    expect(useOfKey({ ...facts, kmsKeyId: 'alias/mine' }, { scope: reader, from: reader, mayRefer: true }))
      .toEqual(byAlias(reader));
    expect(useOfKey({ kmsKeyId: 'alias/mine', aliasName: 'alias/mine' }, { scope: home, from: home, mayRefer: true }))
      .toEqual(byAlias(home));
  });

  test('names a key without an alias by its ARN', () => {
    expect(useOfKey({ kmsKeyId: facts.kmsKeyId, key: facts.key }, { scope: reader, from: reader, mayRefer: false }))
      .toEqual(byArn);
    expect(useOfKey({ kmsKeyId: 'arn' }, { scope: home, from: home, mayRefer: false }))
      .toEqual({ resources: ['arn'], conditions: {} });
  });
});
