import { Deadline } from '../../../handlers/core/deadline';
import { RotationError } from '../../../handlers/core/rotation-error';
import type { Step } from '../../../handlers/core/rotation-event';
import type { RotationStrategy } from '../../../handlers/core/rotation-strategy';
import { runStep } from '../../../handlers/core/run-step';
import type { SecretDescription } from '../../../handlers/core/secret-store';
import { VersionMemory } from '../../../handlers/core/version-memory';
import { ROTATION_MARKER_TAG } from '../../../src/contract/environment';
import { MemorySecret, type MemoryVersion } from '../support/memory-secret';
import { type Gate, MemoryStore, openGate } from '../support/memory-store';
import { VirtualClock } from '../support/virtual-clock';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf';
const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:rotation';
const EMPTY: MemoryVersion = { labels: ['AWSPENDING'] };
const MADE: MemoryVersion = { text: 'next', labels: ['AWSPENDING'] };

let secret: MemorySecret;
let strategy: jest.Mocked<RotationStrategy>;
let gate: Gate;
let memory: VersionMemory;
const clock = new VirtualClock();

function begun(pending: MemoryVersion, about: Partial<SecretDescription> = { rotationFunctionArn: FUNCTION }): void {
  secret = new MemorySecret({ first: { text: 'first', labels: ['AWSCURRENT'] }, token: pending }, {
    arn: ARN, name: 'app', tagKeys: [ROTATION_MARKER_TAG], rotationEnabled: true, ...about,
  });
}

type Steps = Omit<RotationStrategy, 'endFormer'>;

function port<K extends keyof Steps>(work: () => ReturnType<Steps[K]>) {
  return jest.fn<ReturnType<Steps[K]>, Parameters<Steps[K]>>(work);
}

async function run(step: Step, token = 'token'): Promise<string> {
  const store = new MemoryStore(() => secret, async (...call) => gate(...call));
  const ports = { store, memory, clock, deadline: new Deadline(clock, 60_000) };
  return runStep({ step, token, secretArn: ARN }, strategy, FUNCTION, ports);
}

const labels = (): unknown => [...secret.versions].map(([versionId, version]) => [versionId, [...version.labels].sort()]);

beforeEach(() => {
  let made = 0;
  gate = openGate;
  memory = new VersionMemory(clock);
  strategy = {
    nextValue: port<'nextValue'>(async () => `value ${++made}`),
    apply: port<'apply'>(async () => 'done'),
    prove: port<'prove'>(async () => undefined),
    rehearse: port<'rehearse'>(async () => undefined),
  };
});

test('createSecret makes a value once', async () => {
  begun(EMPTY);
  expect([await run('createSecret'), await run('createSecret')]).toEqual(['done', 'already done']);
  expect(secret.versions.get('token')!.text).toBe('value 1');
});

test.each(['done', 'already done'] as const)('setSecret says what the strategy says: %s', async (outcome) => {
  begun(MADE);
  strategy.apply.mockResolvedValue(outcome);
  expect(await run('setSecret')).toBe(outcome);
});

test('setSecret before createSecret', async () => {
  begun(EMPTY);
  await expect(run('setSecret'))
    .rejects.toMatchObject({ errorClass: 'conflict', message: expect.stringContaining('createSecret comes first') });
});

test('testSecret proves the value, or rehearses where there is none', async () => {
  begun(MADE);
  expect(await run('testSecret')).toBe('done');
  expect([strategy.prove.mock.calls.length, strategy.rehearse.mock.calls.length]).toEqual([1, 0]);
  begun(EMPTY);
  memory = new VersionMemory(clock);
  expect(await run('testSecret')).toBe('done');
  expect([strategy.prove.mock.calls.length, strategy.rehearse.mock.calls.length]).toEqual([1, 1]);
});

test('finishSecret proves what this process has not tested, and nothing twice', async () => {
  begun(MADE);
  await run('testSecret');
  expect([await run('finishSecret'), await run('finishSecret')]).toEqual(['done', 'already done']);
  expect(strategy.prove).toHaveBeenCalledTimes(1);
  begun(MADE);
  expect(await run('finishSecret')).toBe('done');
  expect(strategy.prove).toHaveBeenCalledTimes(2);
  expect(labels()).toEqual([['first', ['AWSPREVIOUS']], ['token', ['AWSCURRENT']]]);
});

test.each(['createSecret', 'setSecret', 'testSecret'] as const)(
  '%s of a version that is current leaves its labels to finishSecret',
  async (step) => {
    begun(MADE);
    secret.move('AWSCURRENT', { to: 'token', from: 'first' });
    expect(await run(step)).toBe('already done');
    expect(labels()).toEqual([['first', ['AWSPREVIOUS']], ['token', ['AWSCURRENT', 'AWSPENDING']]]);
    expect(await run('finishSecret')).toBe('already done');
    expect(labels()).toEqual([['first', ['AWSPREVIOUS']], ['token', ['AWSCURRENT']]]);
  },
);

test('a label that is where it should be has moved, whatever the answer to a second attempt', async () => {
  begun(MADE);
  gate = async (call, work) => {
    if (call === 'UpdateSecretVersionStage') {
      work();
    }
    return work();
  };
  expect(await run('finishSecret')).toBe('done');
  expect(labels()).toEqual([['first', ['AWSPREVIOUS']], ['token', ['AWSCURRENT']]]);
});

test('a label that is where it should be has moved, even where the answer is a conflict', async () => {
  begun(MADE);
  gate = async (call, work) => {
    const answer = work();
    if (call === 'UpdateSecretVersionStage') {
      throw new RotationError('conflict', 'no');
    }
    return answer;
  };
  expect(await run('finishSecret')).toBe('done');
  expect(labels()).toEqual([['first', ['AWSPREVIOUS']], ['token', ['AWSCURRENT']]]);
});

test.each([
  ['a conflict, where the label has not moved', new RotationError('conflict', 'no'), false],
  ['another error, even where it has moved', new RotationError('unavailable', 'no'), true],
])('a move fails with %s', async (_, error, moves) => {
  begun(MADE);
  gate = async (call, work) => {
    const answer = call !== 'UpdateSecretVersionStage' || moves ? work() : undefined;
    if (call === 'UpdateSecretVersionStage') {
      throw error;
    }
    return answer!;
  };
  await expect(run('finishSecret')).rejects.toBe(error);
});

test('a token that the secret does not have', async () => {
  begun(MADE);
  await expect(run('createSecret', 'another'))
    .rejects.toMatchObject({ errorClass: 'conflict', message: expect.stringContaining('no version with the token') });
});

test('a secret that names no function yet is rotated by whoever is asked', async () => {
  begun(EMPTY, {});
  expect(await run('createSecret')).toBe('done');
});
