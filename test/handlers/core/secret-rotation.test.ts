import { Deadline } from '../../../handlers/core/deadline';
import { RotationError } from '../../../handlers/core/rotation-error';
import { bindingOf } from '../../../handlers/core/rotation-strategy';
import { SecretRotation } from '../../../handlers/core/secret-rotation';
import { VersionMemory } from '../../../handlers/core/version-memory';
import { type MemoryVersion, SingleSecretStore } from '../support/memory-store';
import { VirtualClock } from '../support/virtual-clock';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/database-AbCdEf';

function rotationOf(versions: Record<string, MemoryVersion>): { rotation: SecretRotation; store: SingleSecretStore } {
  const clock = new VirtualClock();
  const store = new SingleSecretStore(versions, { arn: ARN, name: 'app/database' });
  const ports = { store, memory: new VersionMemory(clock), clock, deadline: new Deadline(clock, 1_000) };
  return { store, rotation: new SecretRotation({ step: 'setSecret', secretArn: ARN, token: 'token' }, store.description, ports) };
}

const withoutCurrent: Record<string, MemoryVersion>[] = [
  {},
  { a: { labels: ['AWSPREVIOUS'], text: 'x' } },
  { a: { labels: ['AWSCURRENT'] } },
];

test.each(withoutCurrent)('a secret without a current text has nothing to start from: %j', async (versions) => {
  await expect(rotationOf(versions).rotation.current()).rejects.toMatchObject({ errorClass: 'configuration' });
});

test('reads each version once: none ever changes', async () => {
  const { rotation, store } = rotationOf({
    a: { labels: ['AWSCURRENT'], text: 'one' },
    token: { labels: ['AWSPENDING'], text: 'two' },
  });
  expect([await rotation.current(), await rotation.current()]).toEqual(['one', 'one']);
  expect([await rotation.pending(), await rotation.pending()]).toEqual(['two', 'two']);
  expect(store.calls).toEqual(['GetSecretValue', 'GetSecretValue']);
  rotation.forget();
  await rotation.current();
  expect(store.calls).toHaveLength(3);
});

test('a pending version with a binary value is dropped', async () => {
  const { rotation, store } = rotationOf({ token: { labels: ['AWSPENDING'], binary: true } });
  await expect(rotation.pending()).rejects.toMatchObject({ errorClass: 'stale', message: expect.stringContaining('binary') });
  expect(store.calls).toEqual(['GetSecretValue', 'UpdateSecretVersionStage']);
  expect(store.secret.versions.get('token')?.labels).toEqual([]);
});

test('a superuser secret is never kept', async () => {
  const { rotation, store } = rotationOf({ a: { labels: ['AWSCURRENT'], text: 'one' } });
  expect([await rotation.readOther('other', 'AWSCURRENT'), await rotation.readOther('other', 'AWSCURRENT')])
    .toEqual(['one', 'one']);
  expect(store.calls).toEqual(['GetSecretValue', 'GetSecretValue']);
  expect(await rotation.readOther('other', 'NONE')).toBeUndefined();
});

test.each([ARN, 'app/database'])('%s names the secret', (name) => {
  expect(bindingOf(rotationOf({}).rotation, [{ secret: 'x' }, { secret: name }])).toEqual({ secret: name });
});

test.each([
  '',
  'app',
  'app/database-AbCdEf',
  'database',
  `${ARN}x`,
  ARN.slice(0, -7),
  ARN.slice(0, -8),
  ARN.replace('123456789012', '210987654321'),
  'APP/DATABASE',
])('%j does not', (name) => {
  expect(() => bindingOf(rotationOf({}).rotation, [{ secret: name }])).toThrow('not bound');
});

test('an ARN without its suffix is enough to refuse', () => {
  const { rotation } = rotationOf({});
  expect([ARN, ARN.slice(0, -7), 'app/database', ARN.slice(0, -8), 'app'].map((name) => rotation.mayBe(name)))
    .toEqual([true, true, true, false, false]);
});

test('a version that is dropped loses AWSPENDING and nothing else', async () => {
  const labelled = { current: { labels: ['AWSCURRENT'], text: 'x' }, token: { labels: ['AWSPENDING', 'KEPT'], text: 'y' } };
  const { rotation, store } = rotationOf(labelled);
  expect(await rotation.drop('it is for nothing'))
    .toMatchObject({ errorClass: 'stale', message: expect.stringContaining('it is for nothing') });
  expect(store.calls).toEqual(['UpdateSecretVersionStage']);
  expect(Object.fromEntries(store.secret.versions)).toEqual({ ...labelled, token: { labels: ['KEPT'], text: 'y' } });
});

test.each<[string, MemoryVersion, Partial<RotationError>]>([
  ['keeps it', { labels: ['AWSPENDING'], text: 'y' }, {
    errorClass: 'conflict',
    message: 'conflict: it is for nothing; AWSPENDING could not be taken off the version: Secrets Manager refused it (X)',
  }],
  ['has lost it meanwhile', { labels: [], text: 'y' }, { errorClass: 'stale' }],
])('a version that cannot lose AWSPENDING and %s is told of, and why it is to lose it', async (_, version, expected) => {
  const { rotation, store } = rotationOf({ token: { labels: ['AWSPENDING'], text: 'y' } });
  store.secret.versions.set('token', version);
  const refusal = new RotationError('conflict', 'Secrets Manager refused it', 'X');
  store.moveLabel = jest.fn().mockRejectedValue(refusal);
  expect(await rotation.drop('it is for nothing')).toMatchObject(expected);
  store.moveLabel = jest.fn().mockRejectedValue(new RotationError('permission', 'no', 'AccessDeniedException'));
  expect(await rotation.drop('it is for nothing')).toMatchObject({
    errorClass: 'permission', code: 'AccessDeniedException', message: expect.stringContaining('it is for nothing') as string,
  });
  store.moveLabel = jest.fn().mockRejectedValue(refusal);
  store.describe = jest.fn().mockRejectedValue(new RotationError('timeout', 'late'));
  expect(await rotation.drop('it is for nothing')).toMatchObject({ errorClass: 'conflict', code: 'X' });
});
