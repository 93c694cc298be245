import { nativePasswordHash } from '../../../handlers/rotate-mysql/native-password-hash';

test.each([
  // The example in the manuals of MySQL and MariaDB.
  ['mypass', '*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4'],
  ['password', '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'],
])('of %s is what PASSWORD() says', (password, hash) => {
  expect(nativePasswordHash(password)).toBe(hash);
});
