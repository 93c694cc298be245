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
    formerValue: jest.fn(async (_, former: string) => `${former} again`),
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

test('finishSecret takes back that a credential was ended which clients have used since, for it works again', async () => {
  begun(MADE);
  secret.move('CREDENTIAL_ENDED', { to: 'first' });
  expect(await run('finishSecret')).toBe('done');
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

test('a move that fails fails with its own error, where nobody can look whether the label has moved', async () => {
  begun(MADE);
  const error = new RotationError('conflict', 'no');
  let moved = false;
  gate = async (call, work) => {
    if (call === 'UpdateSecretVersionStage') {
      moved = true;
      throw error;
    }
    if (moved) {
      throw new RotationError('timeout', 'late');
    }
    return work();
  };
  await expect(run('finishSecret')).rejects.toBe(error);
});

describe('a rotation that is asked to bring the former value back', () => {
  const MARK = 'ROLL_BACK_token';
  const askedBack = (pending: MemoryVersion, former: Partial<MemoryVersion> = {}): void => {
    begun(pending);
    secret.versions.set('former', { text: 'former', labels: ['AWSPREVIOUS', MARK], ...former });
  };

  test('the strategy makes it of the former value, the same as often as it is asked', async () => {
    askedBack(EMPTY);
    await run('createSecret');
    await run('createSecret');
    expect(secret.versions.get('token')!.text).toBe('former again');
    expect([strategy.nextValue.mock.calls.length, strategy.formerValue.mock.lastCall?.[1]]).toEqual([0, 'former']);
  });

  test.each([
    ['AWSPREVIOUS has moved on', { labels: [MARK] }, 'not AWSPREVIOUS any more'],
    ['it has no text', { text: undefined, binary: true as const }, 'it is binary'],
    ['it is what AWSCURRENT is', { text: 'first' }, 'AWSPREVIOUS has the value of AWSCURRENT'],
  ])('it is refused for good where %s', async (_, former, text) => {
    askedBack(EMPTY, former);
    await expect(run('createSecret'))
      .rejects.toMatchObject({ errorClass: 'stale', message: expect.stringContaining(text) as string });
    await expect(run('createSecret')).rejects.toMatchObject({ errorClass: 'conflict' });
    expect(strategy.nextValue).not.toHaveBeenCalled();
  });

  test('what may pass is tried again', async () => {
    askedBack(EMPTY);
    strategy.formerValue.mockRejectedValueOnce(new RotationError('network', 'no'));
    await expect(run('createSecret')).rejects.toMatchObject({ errorClass: 'network' });
    await run('createSecret');
    expect(secret.versions.get('token')!.text).toBe('former again');
  });

  const answers: [string, boolean][] = [['', false], [', although the answer to it was lost', true]];
  test.each(answers)('its label comes off at the end%s', async (_, isLost) => {
    askedBack(MADE);
    gate = async (call, work) => {
      const answer = work();
      if (isLost && call === 'UpdateSecretVersionStage') {
        throw new RotationError('conflict', 'no');
      }
      return answer;
    };
    expect(await run('finishSecret')).toBe('done');
    expect(labels()).toEqual([['first', ['AWSPREVIOUS']], ['token', ['AWSCURRENT']], ['former', []]]);
  });

  test.each(['testSecret', 'finishSecret'] as const)('%s ends it where AWSCURRENT was moved there by hand', async (step) => {
    askedBack({ text: 'former', labels: ['AWSPENDING'] });
    secret.move('AWSCURRENT', { to: 'former', from: 'first' });
    await expect(run(step)).rejects.toMatchObject({ errorClass: 'stale' });
    expect([strategy.prove.mock.calls.length, secret.holderOf('AWSPENDING')]).toEqual([0, undefined]);
  });
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
