import { Deadline } from '../../../handlers/core/deadline';
import { RotationError } from '../../../handlers/core/rotation-error';
import { SecretRotation } from '../../../handlers/core/secret-rotation';
import { VersionMemory } from '../../../handlers/core/version-memory';
import {
  type Credentials, type CredentialSession, type CredentialTarget, SignInRefused,
} from '../../../handlers/database/credential-target';
import { signInAsSuperuser } from '../../../handlers/database/sign-in-as-superuser';
import { SingleSecretStore } from '../support/memory-store';
import { VirtualClock } from '../support/virtual-clock';

const session = {} as CredentialSession;

/** Each reading of the secret gives the next of the passwords, the last one again and again. */
async function attempt(
  passwords: string[], errors: Record<string, RotationError>, milliseconds = 60_000,
): Promise<{ outcome: unknown; tried: string[]; clock: VirtualClock }> {
  const clock = new VirtualClock();
  const store = new SingleSecretStore({});
  let reading = 0;
  store.read = async () => ({
    versionId: 'x',
    text: JSON.stringify({ username: 'admin', password: passwords[Math.min(reading++, passwords.length - 1)] }),
  });
  const tried: string[] = [];
  const target: CredentialTarget = {
    engines: [],
    checkUsername: () => undefined,
    checkTwoPasswords: () => undefined,
    checkPassword: () => undefined,
    signIn: async ({ password }) => {
      tried.push(password);
      if (errors[password]) {
        throw errors[password];
      }
      return session;
    },
  };
  const ports = { store, memory: new VersionMemory(clock), clock, deadline: new Deadline(clock, milliseconds) };
  const rotation = new SecretRotation({ step: 'setSecret', secretArn: 'arn', token: 'token' }, store.description, ports);
  const outcome = await signInAsSuperuser(target, 'superuser', rotation).catch((error: unknown) => error);
  return { outcome, tried, clock };
}

const refused = new SignInRefused('28P01');

test('signs in once', async () => {
  expect(await attempt(['good'], {})).toMatchObject({ outcome: session, tried: ['good'] });
});

test.each([[['old', 'new']], [['old', 'old', 'new']], [['old', 'old', 'old', 'new']]])(
  'signs in with what the secret says a moment later: %j',
  async (passwords) => {
    expect(await attempt(passwords, { old: refused })).toMatchObject({ outcome: session, tried: ['old', 'new'] });
  },
);

test('gives up where the secret does not change, without a second login, and within the time', async () => {
  const { outcome, tried, clock } = await attempt(['old'], { old: refused });
  expect(outcome).toMatchObject({ errorClass: 'authentication', code: '28P01', message: expect.stringContaining('superuser') });
  expect([tried, clock.now()]).toEqual([['old'], 3_000]);
  const short = await attempt(['old'], { old: refused }, 500);
  expect([short.tried, short.clock.now()]).toEqual([['old'], 0]);
});

test('does not guess a third time', async () => {
  const { outcome, tried } = await attempt(['old', 'newer', 'newest'], { old: refused, newer: refused });
  expect(outcome).toMatchObject({ errorClass: 'authentication', message: expect.stringContaining('superuser') });
  expect(tried).toEqual(['old', 'newer']);
});

test('what is no refusal is passed on, first or second', async () => {
  const broken = new RotationError('tls', 'x');
  expect(await attempt(['old'], { old: broken })).toMatchObject({ outcome: broken, tried: ['old'] });
  expect(await attempt(['old', 'new'], { old: refused, new: broken })).toMatchObject({ outcome: broken, tried: ['old', 'new'] });
});

test('a superuser that has another name now is another one, whatever the password', async () => {
  const clock = new VirtualClock();
  const store = new SingleSecretStore({});
  const names = ['admin', 'admin_clone'];
  store.read = async () =>
    ({ versionId: 'x', text: JSON.stringify({ username: names.shift() ?? 'admin_clone', password: 'same' }) });
  const signIn = jest.fn(async ({ username }: Credentials) => username === 'admin' ? Promise.reject(refused) : session);
  const ports = { store, memory: new VersionMemory(clock), clock, deadline: new Deadline(clock, 60_000) };
  const rotation = new SecretRotation({ step: 'setSecret', secretArn: 'arn', token: 'token' }, store.description, ports);
  const target = { engines: [], checkUsername: jest.fn(), checkTwoPasswords: jest.fn(), checkPassword: jest.fn(), signIn };
  await expect(signInAsSuperuser(target, 'superuser', rotation)).resolves.toBe(session);
  expect(signIn.mock.calls.map(([{ username }]) => username)).toEqual(['admin', 'admin_clone']);
});

test('looks again as long as there is time, to the millisecond', async () => {
  const { tried, clock } = await attempt(['old', 'old', 'new'], { old: refused }, 1_000);
  expect([tried, clock.now()]).toEqual([['old'], 0]);
});
