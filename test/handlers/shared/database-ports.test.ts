import type { CredentialSession, CredentialTarget } from '../../../handlers/shared/credential-target';
import { checkIdentity, inSession, signIn } from '../../../handlers/shared/database-ports';
import { Deadline } from '../../../handlers/shared/deadline';
import { RotationError } from '../../../handlers/shared/rotation-error';
import { VirtualClock } from '../support/virtual-clock';

const session = (username: string, actingAs = username): CredentialSession & { close: jest.Mock } => ({
  identity: { username, actingAs }, changeOwnPassword: jest.fn(), changeUser: jest.fn(), changeAlternate: jest.fn(), close: jest.fn(),
});

test('a session is the user that the secret names, with the rights that it should have', () => {
  expect(() => checkIdentity(session('app'), 'app')).not.toThrow();
  expect(() => checkIdentity(session('app', 'owner'), 'app')).not.toThrow();
  expect(() => checkIdentity(session('app_clone', 'app'), 'app_clone', 'app')).not.toThrow();
  expect(() => checkIdentity(session('other'), 'app')).toThrow('conflict: the database signed in another user');
  expect(() => checkIdentity(session('app_clone'), 'app_clone', 'app')).toThrow('conflict: the alternate user does not act as its base');
});

test('a session is closed whatever happens in it', async () => {
  const [good, bad] = [session('a'), session('b')];
  await expect(inSession(good, async () => 'value')).resolves.toBe('value');
  await expect(inSession(bad, async () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect([good.close, bad.close].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});

test.each([
  ['network', true], ['unavailable', true], ['authentication', false], ['tls', false], ['protocol', false], ['timeout', false],
] as const)('a login that fails with %s is tried again: %s', async (errorClass, again) => {
  const clock = new VirtualClock();
  const attempt = jest.fn().mockRejectedValue(new RotationError(errorClass, 'x'));
  const target: CredentialTarget = { engines: [], checkUsername: () => undefined, signIn: attempt };
  await expect(signIn(target, { username: 'a', password: 'b' }, { clock, deadline: new Deadline(clock, 60_000) })).rejects.toMatchObject({ errorClass });
  expect(attempt.mock.calls.length > 1).toBe(again);
  expect(clock.now()).toBeLessThanOrEqual(20_000);
});
