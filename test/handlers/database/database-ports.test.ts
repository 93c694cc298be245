import { Deadline } from '../../../handlers/core/deadline';
import { RotationError } from '../../../handlers/core/rotation-error';
import { SecretRotation } from '../../../handlers/core/secret-rotation';
import { VersionMemory } from '../../../handlers/core/version-memory';
import type { CredentialSession, CredentialTarget } from '../../../handlers/database/credential-target';
import { checkIdentity, inSession, signIn } from '../../../handlers/database/database-ports';
import { OwnLoginStrategy } from '../../../handlers/database/own-login-strategy';
import { SingleSecretStore } from '../support/memory-store';
import { VirtualClock } from '../support/virtual-clock';

const CHECKS = { checkUsername: () => undefined, checkTwoPasswords: () => undefined, checkPassword: () => undefined };

const session = (username: string, actingAs = username): CredentialSession & { close: jest.Mock } => ({
  identity: { username, actingAs },
  changeOwnPassword: jest.fn(),
  changeUser: jest.fn(),
  changeAlternate: jest.fn(),
  close: jest.fn(),
});

test('a session is the user that the secret names, with the rights that it should have', () => {
  expect(() => checkIdentity(session('app'), 'app')).not.toThrow();
  expect(() => checkIdentity(session('app', 'owner'), 'app')).not.toThrow();
  expect(() => checkIdentity(session('app_clone', 'app'), 'app_clone', 'app')).not.toThrow();
  expect(() => checkIdentity(session('other'), 'app')).toThrow('conflict: the database signed in another user');
  expect(() => checkIdentity(session('app_clone'), 'app_clone', 'app'))
    .toThrow('conflict: the alternate user does not act as its base');
  expect(() => checkIdentity(session('app', 'owner'), 'app', 'app'))
    .toThrow('configuration: the sessions of the user act as another role (its setting "role"), '
      + 'which an alternate user cannot: rotate it as a single user');
  const { close, ...rest } = session('app_clone');
  expect(() => checkIdentity({ ...rest, close, identity: { username: 'app_clone' } }, 'app_clone', 'app')).not.toThrow();
});

test('in mode prove as well, before the change and in the test', async () => {
  const clock = new VirtualClock();
  const text = JSON.stringify({ engine: 'postgres', host: 'localhost', username: 'app', password: 'x' });
  const store = new SingleSecretStore({
    current: { text, labels: ['AWSCURRENT'] },
    token: { text: text.replace('"x"', '"y"'), labels: ['AWSPENDING'] },
  });
  const ports = { store, memory: new VersionMemory(clock), clock, deadline: new Deadline(clock, 60_000) };
  const rotation = new SecretRotation({ step: 'setSecret', secretArn: 'arn', token: 'token' }, store.description, ports);
  const somebody = session('somebody');
  const target: CredentialTarget = { ...CHECKS, engines: ['postgres'], signIn: async () => somebody };
  const facts = { engine: 'postgres', host: 'localhost', port: 5432 };
  const strategy = new OwnLoginStrategy({ target, facts, password: { length: 20, excludeCharacters: '' } });
  const pending = text.replace('"x"', '"y"');
  await expect(strategy.apply(rotation, pending)).rejects.toThrow('signed in another user');
  await expect(strategy.prove(rotation, pending)).rejects.toThrow('signed in another user');
  await expect(strategy.rehearse(rotation)).rejects.toThrow('signed in another user');
  expect(somebody.changeOwnPassword).not.toHaveBeenCalled();
  expect(somebody.close).toHaveBeenCalledTimes(3);
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
  const target: CredentialTarget = { ...CHECKS, engines: [], signIn: attempt };
  await expect(signIn(target, { username: 'a', password: 'b' }, { clock, deadline: new Deadline(clock, 60_000) }))
    .rejects.toMatchObject({ errorClass });
  expect(attempt.mock.calls.length > 1).toBe(again);
  expect(clock.now()).toBeLessThanOrEqual(20_000);
});
