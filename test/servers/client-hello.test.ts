import { connect } from 'node:tls';
import { HelloReader, NamedGroup, offeredGroups } from './client-hello';

test.each([
  ['P-256:X25519', [NamedGroup.P256, NamedGroup.X25519]],
  ['X25519:P-256', [NamedGroup.X25519, NamedGroup.P256]],
])('groups are read in the order of the client: %s', async (ecdhCurve, supported) => {
  const reader = await HelloReader.start();
  const client = connect({ port: reader.port, host: '127.0.0.1', ecdhCurve }).on('error', () => undefined);
  expect(await reader.offered).toEqual({ supported, shared: supported.slice(0, 1) });
  client.destroy();
  reader.stop();
});

test('a beginning without extensions offers nothing, and a part of it is not read', () => {
  const hello = Buffer.alloc(4 + 2 + 32 + 1 + 2 + 1 + 2);
  hello[0] = 1;
  const record = Buffer.concat([Buffer.from([22, 3, 1, 0, hello.length]), hello]);
  expect(offeredGroups(record)).toEqual({ supported: [], shared: [] });
  expect([0, 4, record.length - 1].map((length) => offeredGroups(record.subarray(0, length)))).toEqual(Array(3).fill(undefined));
});

test('something else is an error', () => {
  expect(() => offeredGroups(Buffer.from([21, 3, 3, 0, 2, 2, 40]))).toThrow('this is no beginning of TLS');
});
