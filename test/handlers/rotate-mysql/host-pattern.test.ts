import { admits, comesBefore } from '../../../handlers/rotate-mysql/host-pattern';

test.each<[pattern: string, client: string, expected: boolean | undefined]>([
  ['%', '10.1.2.3', true],
  ['%', 'app.internal', true],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '10.1.2.4', false],
  ['10.%', '10.1.2.3', true],
  ['10.%', '100.1.2.3', false],
  ['10.1.2._', '10.1.2.3', true],
  ['10.1.2._', '10.1.2.33', false],
  ['10.0.0.0/255.0.0.0', '10.255.0.1', true],
  ['10.0.0.0/255.0.0.0', '11.0.0.1', false],
  ['192.168.16.0/255.255.240.0', '192.168.31.9', true],
  ['192.168.16.0/255.255.240.0', '192.168.32.9', false],
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/33', '10.0.0.1', false],
  ['10.0.0/8', '10.0.0.1', false],
  ['10.0.0.0/8', 'fd00::1', false],
  ['fd00::%', 'fd00::1', true],
  ['fd00::%', 'fd01::1', false],
  ['app.internal', 'APP.Internal', true],
  ['%.internal', 'app.internal', true],
  ['%.internal', 'appXinternal', false],
  ['app.internal', '10.1.2.3', false],
  ['a\\_p', 'a_p', true],
  ['a\\_p', 'axp', false],
  // A client that the server shows by its name has an address, too.
  ['10.%', 'app.internal', undefined],
  ['10.0.0.0/8', 'app.internal', undefined],
  ['127.0.0.1', 'localhost', undefined],
])('an account for %j, and a client from %s: %s', (pattern, client, expected) => {
  expect(admits(pattern, client, true)).toBe(expected);
});

test('a length of the network is one only where the server reads it', () => {
  expect(admits('10.0.0.0/8', '10.0.0.1', false)).toBe(false);
  expect(admits('10.0.0.0/255.0.0.0', '10.0.0.1', false)).toBe(true);
});

test.each([
  ['localhost', '%', true], ['127.%', '%', true], ['127.0.0.1', '127.%', true], ['127.0.%', '127.%', true], ['%', '', true],
  ['a\\_p', 'a%', true], ['%', '%', false], ['%', 'localhost', false], ['localhost', '127.0.0.1', false], ['', '%', false],
])('accounts for %j come before those for %j: %s', (host, other, expected) => {
  expect(comesBefore(host, other)).toBe(expected);
});
