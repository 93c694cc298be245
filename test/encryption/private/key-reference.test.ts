import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { App, Lazy, Stack } from 'aws-cdk-lib/core';
import { aliasNameOf, keyBehind, keyFactsOf, keyInStatement } from '../../../src/encryption/private/key-reference';

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

test('a statement names the key by its ARN, or any key on the condition of the alias', () => {
  const facts = keyFactsOf(new Key(stack, 'Key', { alias: 'mine' }));
  const byAlias = {
    resources: ['arn:<partition>:kms:eu-west-1:111111111111:key/*'],
    conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/mine'] } },
  };
  const named = (...rest: [boolean?, string?]) => {
    const { resources, conditions } = keyInStatement(stack, facts, ...rest);
    return { resources: resources.map((arn) => arn.replace(stack.partition, '<partition>')), conditions };
  };
  expect(named()).toEqual({ resources: [facts.kmsKeyId], conditions: {} });
  expect(named(true)).toEqual(byAlias);
  expect(named(true, 'us-east-1').resources).toEqual(['arn:<partition>:kms:us-east-1:111111111111:key/*']);
  expect(keyInStatement(stack, { kmsKeyId: 'alias/mine', aliasName: 'alias/mine' }).conditions).toEqual(byAlias.conditions);
});
