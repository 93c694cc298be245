import { createHash, createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { NodeSha256 } from '../../../handlers/aws/node-sha256';

const sum = async (data: Uint8Array, secret?: ConstructorParameters<typeof NodeSha256>[0]): Promise<string> => {
  const hash = new NodeSha256(secret);
  hash.update(data);
  return Buffer.from(await hash.digest()).toString('hex');
};

test('is SHA-256, and HMAC with a secret of any form', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array(), fc.uint8Array({ minLength: 1 }), async (data, secret) => {
    expect(await sum(data)).toBe(createHash('sha256').update(data).digest('hex'));
    const expected = createHmac('sha256', secret).update(data).digest('hex');
    const copy = Uint8Array.from(secret).buffer;
    expect([await sum(data, secret), await sum(data, copy), await sum(data, new DataView(copy))])
      .toEqual([expected, expected, expected]);
  }));
  expect(await sum(Buffer.from('x'), 'text')).toBe(createHmac('sha256', 'text').update('x').digest('hex'));
});

test('starts anew', async () => {
  const hash = new NodeSha256();
  hash.update(Buffer.from('forgotten'));
  hash.reset();
  hash.update(Buffer.from('x'));
  expect(Buffer.from(await hash.digest()).toString('hex')).toBe(createHash('sha256').update('x').digest('hex'));
});
