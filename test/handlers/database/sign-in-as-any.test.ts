import { Deadline } from '../../../handlers/core/deadline';
import { RotationError } from '../../../handlers/core/rotation-error';
import { SecretRotation } from '../../../handlers/core/secret-rotation';
import { VersionMemory } from '../../../handlers/core/version-memory';
import {
  type Credentials,
  type CredentialSession,
  type CredentialTarget,
  SignInRefused,
} from '../../../handlers/database/credential-target';
import { type Candidate, signInAsAny } from '../../../handlers/database/sign-in-as-any';
import { type MemoryVersion, SingleSecretStore } from '../support/memory-store';
import { VirtualClock } from '../support/virtual-clock';

const session = {} as CredentialSession;
const value = (password: string): string => JSON.stringify({ username: 'app', password });
const credentialsOf = (text: string): Credentials => JSON.parse(text) as Credentials;
const everything: Record<string, MemoryVersion> = {
  current: { text: value('current'), labels: ['AWSCURRENT'], createdAt: 100 },
  previous: { text: value('previous'), labels: ['AWSPREVIOUS'], createdAt: 50 },
  token: { text: value('pending'), labels: ['AWSPENDING'], createdAt: 900 },
  old: { text: value('old'), labels: [], createdAt: 10 },
  first: { text: value('first'), labels: [], createdAt: 200 },
  second: { text: value('second'), labels: [], createdAt: 300 },
  custom: { text: value('custom'), labels: ['CUSTOM'], createdAt: 400 },
};

interface Options {
  readonly withCurrent?: boolean;
  readonly chance?: number;
  readonly origin?: Candidate;
}

/** Which passwords are tried, in which order, where one works and the database may tell for which version it was set. */
async function tried(
  working: string | undefined, setFor: string | null | undefined, versions = everything,
  { withCurrent = true, chance = 0.5, origin }: Options = {},
): Promise<string[]> {
  const passwords: string[] = [];
  const target: CredentialTarget = {
    engines: [],
    checkUsername: () => undefined,
    checkTwoPasswords: () => undefined,
    checkPassword: () => undefined,
    signIn: async ({ password }) => {
      passwords.push(password);
      if (password === 'broken') {
        throw new RotationError('tls', 'x');
      }
      if (password !== working) {
        throw new SignInRefused('28P01', setFor === undefined ? undefined : (token) => token === setFor);
      }
      return session;
    },
  };
  const clock = new VirtualClock(chance);
  const store = new SingleSecretStore(versions);
  const ports = { store, memory: new VersionMemory(clock), clock, deadline: new Deadline(clock, 60_000) };
  const rotation = new SecretRotation({ step: 'setSecret', secretArn: 'arn', token: 'token' }, store.description, ports);
  const other = async (versionId: string): Promise<Candidate | undefined> => {
    expect(Object.keys(versions)).toContain(versionId);
    const text = await rotation.value(versionId);
    return text === undefined ? undefined : { versionId, credentials: credentialsOf(text) };
  };
  const current = withCurrent ? credentialsOf(versions.current.text!) : undefined;
  await signInAsAny(target, rotation, { current, pending: credentialsOf(versions.token.text!), origin, other })
    .catch((error: RotationError) => passwords.push(error.errorClass));
  return passwords;
}

test.each<[string, string | undefined, string | null | undefined, string[]]>([
  ['the current one', 'current', undefined, ['current']],
  ['the pending one, after a retry', 'pending', 'token', ['current', 'pending']],
  ['the previous one', 'previous', 'previous', ['current', 'previous']],
  ['the previous one, whose password we have not set', 'previous', null, ['current', 'previous']],
  ['an abandoned one', 'first', 'first', ['current', 'first']],
  ['an abandoned one that is older than the current one', 'old', 'old', ['current', 'old']],
  ['one with a label of somebody else', 'custom', 'custom', ['current', 'custom']],
  ['none', undefined, null, ['current', 'previous', 'pending', 'authentication']],
  ['none, although one was set for', undefined, 'first', ['current', 'first', 'previous', 'authentication']],
  ['the pending one, of which the database tells nothing', 'pending', undefined, ['current', 'pending']],
  ['the newest abandoned one, of which the database tells nothing', 'second', undefined, ['current', 'pending', 'second']],
  ['an older one, of which the database tells nothing', 'first', undefined, ['current', 'pending', 'second', 'authentication']],
])('what works is %s', async (_, working, setFor, expected) => {
  expect(await tried(working, setFor)).toEqual(expected);
});

test('without abandoned versions the previous one is the last, without a previous one there is none', async () => {
  const { current, previous, token } = everything;
  expect(await tried('previous', undefined, { current, previous, token })).toEqual(['current', 'pending', 'previous']);
  expect(await tried(undefined, undefined, { current, token })).toEqual(['current', 'pending', 'authentication']);
  expect(await tried(undefined, undefined, { token }, { withCurrent: false })).toEqual(['pending', 'authentication']);
  expect(await tried('previous', null, { current, previous, token }, { withCurrent: false })).toEqual(['pending', 'previous']);
});

test('what is no refusal ends the attempts', async () => {
  expect(await tried('pending', undefined, { ...everything, current: { text: value('broken'), labels: ['AWSCURRENT'] } }))
    .toEqual(['broken', 'tls']);
});

test('an abandoned version and the previous one take turns where the database tells nothing of either', async () => {
  expect(await tried('previous', undefined, everything, { chance: 0.49 })).toEqual(['current', 'pending', 'previous']);
  expect(await tried('second', undefined, everything, { chance: 0.49 }))
    .toEqual(['current', 'pending', 'previous', 'authentication']);
  expect(await tried('second', undefined, everything, { chance: 0.5 })).toEqual(['current', 'pending', 'second']);
});

test('a version that is newer than the current one counts as abandoned, an older one does not', async () => {
  const { current, token, old } = everything;
  expect(await tried('old', undefined, { current, token, old: { ...old, createdAt: 99 } }))
    .toEqual(['current', 'pending', 'authentication']);
  expect(await tried('old', undefined, { current, token, old: { ...old, createdAt: 100 } }))
    .toEqual(['current', 'pending', 'old']);
  expect(await tried('old', undefined, { token, old: { ...old, createdAt: 100 }, current }))
    .toEqual(['current', 'pending', 'old']);
});

test('a version without a value hides none that is older: a rotation that was cancelled before it made one', async () => {
  const empty = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [`empty${index}`, { labels: [], createdAt: 500 + index }]),
  );
  expect(await tried('second', undefined, { ...everything, ...empty })).toEqual(['current', 'pending', 'second']);
});

test('few versions without a value are read', async () => {
  const empty = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`empty${index}`, { labels: [], createdAt: 500 + index }]),
  );
  expect(await tried('second', undefined, { ...everything, ...empty }))
    .toEqual(['current', 'pending', 'previous', 'authentication']);
});

test('the version that tells where the database is may be the one that works, and is tried once', async () => {
  const origin: Candidate = { versionId: 'old', credentials: credentialsOf(value('old')) };
  const { current, previous, token, old } = everything;
  const without = { withCurrent: false, origin };
  expect(await tried('old', null, { current, token, old }, without)).toEqual(['pending', 'old']);
  expect(await tried('old', undefined, { current, token, old }, without)).toEqual(['pending', 'old']);
  expect(await tried(undefined, 'old', { current, token, old }, without)).toEqual(['pending', 'old', 'authentication']);
  expect(await tried(undefined, null, { current, previous, token, old }, without))
    .toEqual(['pending', 'old', 'previous', 'authentication']);
  const same: Candidate = { versionId: 'previous', credentials: credentialsOf(value('previous')) };
  expect(await tried(undefined, null, everything, { withCurrent: false, origin: same }))
    .toEqual(['pending', 'previous', 'authentication']);
});
