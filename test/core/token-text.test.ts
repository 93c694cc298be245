import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { App, CfnParameter, Fn, Stack, Token } from 'aws-cdk-lib/core';
import { attributeBehind, stableText, textOfToken } from '../../src/core/token-text';

function setup() {
  const app = new App();
  const [stack, other] = ['Stack', 'Other'].map((id) => new Stack(app, id));
  return { stack, bucket: new CfnBucket(other, 'Bucket') };
}

test('an attribute is known by its resource and its name', () => {
  const { bucket } = setup();
  expect(attributeBehind(bucket.attrDomainName)).toEqual({ resource: bucket, name: 'DomainName' });
});

test('more than an attribute, or none, is none', () => {
  const { stack, bucket } = setup();
  for (const text of ['literal', `x${bucket.attrDomainName}`, Fn.importValue('x'), new CfnParameter(stack, 'P').valueAsString]) {
    expect(attributeBehind(text)).toBeUndefined();
  }
});

test('the text for ids does not depend on the tokens that were made before', () => {
  const texts = [0, 100].map((count) => {
    const { stack, bucket } = setup();
    Array.from({ length: count }, () => Token.asString({ Ref: 'x' }));
    return [
      'literal', 5432, bucket.attrDomainName, Fn.importValue('host'), Token.asNumber(bucket.getAtt('Port')),
    ].map((value) => stableText(stack, value));
  });
  expect(texts[1]).toEqual(texts[0]);
  expect(texts[0]).toEqual([
    'literal', '5432', 'Stack>Other>:Bucket.DomainName', '{"Fn::ImportValue":"host"}', 'Stack>Other>:Bucket.Port',
  ]);
});

test('a number that is a token has the same text each time', () => {
  const port = Token.asNumber({ Ref: 'Port' });
  expect(textOfToken(port)).toBe(textOfToken(port));
  expect(textOfToken(5432)).toBeUndefined();
});
