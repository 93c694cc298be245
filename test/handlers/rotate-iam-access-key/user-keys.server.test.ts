import { requireServer } from '../../servers/require-server';
import { AccessKeyBench, type UserSetup, WORKS_FOR_HOURS } from '../support/access-key-bench';
import { type StepName, STEPS } from '../support/bench';
import { hoursAhead } from '../support/hours-ahead';
import type { FunctionInProcess } from '../support/rotation-function';
import { skippingClock } from '../support/skipping-clock';
import { VirtualClock } from '../support/virtual-clock';

const LATER = WORKS_FOR_HOURS + 25;
const HOUR = 3_600_000;

const ids = (keys: readonly { readonly id: string }[]): string[] => keys.map(({ id }) => id);

/** What happens to the keys of a user besides the one in use. */
requireServer('secrets-manager')('of the keys of a user', () => {
  let bench: AccessKeyBench;

  beforeAll(async () => {
    bench = await AccessKeyBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.reset());

  const creating = async (user: Pick<UserSetup, 'arn' | 'binding'>, hours = 0): Promise<string> => {
    const rotation = await bench.rotations.begin(user.arn);
    return bench.rotations.step(bench.function(user, hoursAhead(hours)), rotation, 'createSecret')
      .then(() => 'done', ({ message }: Error) => message);
  };

  /** A function that does not wait between its attempts to store a key. */
  const withoutPauses = (user: UserSetup): FunctionInProcess =>
    bench.function(user, skippingClock(() => bench.rotations.count('PutSecretValue') > 0));

  test('one that the secret has never held stays, and where there is no room for a third it says so', async () => {
    const user = await bench.createUser();
    const foreign = await bench.iam.createKey(user.userName);
    expect(await creating(user)).toBe('conflict: the user has an access key that this secret has never held, and no room for a '
      + 'third: delete that key once nobody uses it, or store it in the secret');
    await bench.iam.deactivateKey(user.userName, foreign.accessKeyId);
    expect(await creating(user)).toMatch('never held');
    expect(ids(await bench.iam.keysOf(user.userName))).toEqual([user.first.accessKeyId, foreign.accessKeyId]);

    // What the message says helps.
    await bench.iam.deleteKey(user.userName, foreign.accessKeyId);
    await bench.rotations.rotate(bench.function(user), user.arn);
    expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
  });

  test('one that was made just before the rotation is foreign', async () => {
    const user = await bench.createUser();
    const rotation = bench.iam.createKey(user.userName).then(async () => creating(user));
    expect(await rotation).toMatch('never held');
    expect(await bench.iam.keysOf(user.userName)).toHaveLength(2);
  });

  test('one that the secret has never held stays beside the first of a new secret', async () => {
    const user = await bench.createKeyless('placeholder');
    const foreign = await bench.iam.createKey(user.userName);
    await bench.rotations.rotate(bench.function(user), user.arn);
    expect(await bench.active(user.userName)).toEqual([foreign.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
  });

  test('one of a killed attempt that somebody has used all the same is not taken for one that nobody knows', async () => {
    const user = await bench.createUser();
    const { arn, userName } = user;
    const rotation = await bench.rotations.begin(arn);
    bench.rotations.fault({ action: 'PutSecretValue', times: 99, effect: { kind: 'drop' } });
    await expect(bench.rotations.step(withoutPauses(user), rotation, 'createSecret')).rejects
      .toThrow('network');
    bench.reset();
    const [, { id }] = await bench.iam.keysOf(userName);
    bench.iam.usedAt.set(id, new Date());
    await expect(bench.rotations.step(bench.function(user), rotation, 'createSecret')).rejects.toThrow('never held');
    bench.iam.usedAt.clear();
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    expect(ids(await bench.iam.keysOf(userName))).toEqual([
      user.first.accessKeyId, (await bench.key(arn, 'AWSPENDING')).accessKeyId,
    ]);
  });

  test('one that was made long after a rotation had begun is foreign, although nobody has used it', async () => {
    const user = await bench.createUser();
    const rotation = await bench.rotations.begin(user.arn);
    bench.iam.fault({ action: 'CreateAccessKey', when: 'after', effect: { kind: 'drop' } });
    await expect(bench.rotations.step(bench.function(user), rotation, 'createSecret')).rejects.toThrow('network');
    bench.iam.createdLater.set((await bench.iam.keysOf(user.userName))[1].id, 15 * 60_000);
    await expect(bench.rotations.step(bench.function(user), rotation, 'createSecret')).rejects.toThrow('never held');
  });

  test.each(['AccessDeniedException', 'InternalServiceError'] as const)(
    'one whose secret could not be stored because of %s is no trouble to the next attempt', async (name) => {
      const user = await bench.createUser();
      const rotation = await bench.rotations.begin(user.arn);
      bench.rotations.fault({ action: 'PutSecretValue', times: 99, effect: { kind: 'error', name } });
      await expect(bench.rotations.step(withoutPauses(user), rotation, 'createSecret')).rejects.toThrow(name);
      // Where it is certain that nothing was stored, the key is gone at once.
      expect(await bench.iam.keysOf(user.userName)).toHaveLength(name === 'AccessDeniedException' ? 1 : 2);
      bench.reset();
      await bench.rotations.drive(bench.function(user), rotation);
      expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
    });

  test('one that can be neither stored nor deleted is told of, together with what stood in its way', async () => {
    const user = await bench.createUser();
    const rotation = await bench.rotations.begin(user.arn);
    bench.rotations.fault({ action: 'PutSecretValue', times: 99, effect: { kind: 'error', name: 'AccessDeniedException' } });
    bench.iam.refuse('DeleteAccessKey', 'AccessDenied', 403, 99);
    const step = bench.rotations.step(withoutPauses(user), rotation, 'createSecret');
    const message = await step.then(() => 'done', (thrown: Error) => thrown.message);
    const [, { id }] = await bench.iam.keysOf(user.userName);
    expect(message).toMatch(/^permission: .*AccessDeniedException/);
    expect(message).toContain(`; access key ${id} could not be deleted: permission: `);
    bench.reset();
    await bench.rotations.drive(bench.function(user), rotation);
    expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
  });

  test('one of an abandoned rotation is deleted by the next', async () => {
    const user = await bench.createUser();
    const abandoned = await bench.rotations.begin(user.arn);
    await bench.rotations.step(bench.function(user), abandoned, 'createSecret');
    await bench.rotations.step(bench.function(user), abandoned, 'testSecret');
    await bench.rotations.abandon(abandoned);
    expect(await bench.audit(user, LATER)).toBe('fine');
    expect(await bench.active(user.userName)).toHaveLength(2);

    await bench.rotations.rotate(bench.function(user), user.arn);
    expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
  });

  test('two that another process makes at the same time: one is stored, and the other deleted', async () => {
    const user = await bench.createUser();
    const rotation = await bench.rotations.begin(user.arn);
    const stored = { accessKeyId: 'AKIAOFANOTHERPROCESS', secretAccessKey: 'x' };
    bench.rotations.fault({
      action: 'PutSecretValue',
      effect: {
        kind: 'meanwhile', callback: async () => void await bench.rotations.put(user.arn, stored, ['AWSPENDING'], rotation.token),
      },
    });
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    expect([await bench.key(user.arn, 'AWSPENDING'), ids(await bench.iam.keysOf(user.userName))])
      .toEqual([stored, [user.first.accessKeyId]]);
  });

  test('one that another process has stored in a rotation that was cancelled since is not handed out', async () => {
    const user = await bench.createUser();
    const rotation = await bench.rotations.begin(user.arn);
    bench.rotations.fault({
      action: 'PutSecretValue',
      effect: {
        kind: 'meanwhile',
        callback: async () => {
          await bench.rotations.put(user.arn, { accessKeyId: 'x', secretAccessKey: 'x' }, ['AWSPENDING'], rotation.token);
          await bench.rotations.abandon(rotation);
        },
      },
    });
    await expect(bench.rotations.step(bench.function(user), rotation, 'createSecret'))
      .rejects.toThrow(/^conflict: .*InvalidRequestException/);
    expect(ids(await bench.iam.keysOf(user.userName))).toEqual([user.first.accessKeyId]);
  });

  test.each<[string, StepName[]]>([
    ['has stored', ['createSecret']],
    ['has made current', [...STEPS]],
  ])('one that another attempt %s in the meantime stays', async (_, steps) => {
    const user = await bench.createUser();
    const rotation = await bench.rotations.begin(user.arn);
    bench.iam.fault({
      action: 'ListAccessKeys',
      effect: {
        kind: 'meanwhile',
        callback: async () => {
          for (const step of steps) {
            await bench.rotations.step(bench.function(user), rotation, step);
          }
        },
      },
    });
    await expect(bench.rotations.step(bench.function(user), rotation, 'createSecret'))
      .rejects.toThrow('conflict: another attempt has gone on with the rotation in the meantime');
    for (const step of STEPS.slice(steps.length)) {
      await bench.rotations.step(bench.function(user), rotation, step);
    }
    expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
  });

  describe('the former one', () => {
    let user: UserSetup;

    beforeEach(async () => {
      user = await bench.createUser();
      await bench.rotations.rotate(bench.function(user), user.arn);
    });

    const usedBefore = (hoursFromNow: number): void =>
      void bench.iam.usedAt.set(user.first.accessKeyId, new Date(Date.now() + hoursFromNow * HOUR));

    test('stays active until its time is over', async () => {
      usedBefore(-99);
      expect(await bench.audit(user, WORKS_FOR_HOURS - 1)).toBe('fine');
      expect(await bench.active(user.userName)).toContain(user.first.accessKeyId);
      expect(await creating(user, WORKS_FOR_HOURS - 1)).toBe('conflict: the former access key is to work for 48 hours, '
        + 'which are not over; if nobody needs it, deactivate it with `aws iam update-access-key --status Inactive` and rotate '
        + 'again');
      expect(bench.iam.actions()).not.toContain('GetAccessKeyLastUsed');
    });

    test('that was used during the last day stays active, and the audit and the next rotation say so', async () => {
      usedBefore(LATER - 23);
      expect(await bench.audit(user, LATER)).toMatch(/^audit: 1 findings .*: the former access key was used during the last /);
      expect(await creating(user, LATER)).toMatch('conflict: the former access key was used during the last day: its client has');
      await bench.rotations.abandon(await bench.rotations.pendingOf(user.arn));
      expect(await bench.active(user.userName)).toContain(user.first.accessKeyId);
      // A day after its client has moved it is ended.
      expect(await bench.audit(user, LATER + 2)).toBe('fine');
      expect(await bench.active(user.userName)).not.toContain(user.first.accessKeyId);
    });

    test('that was deactivated by hand is deleted by the next rotation at once', async () => {
      await bench.iam.deactivateKey(user.userName, user.first.accessKeyId);
      const [, current] = ids(await bench.iam.keysOf(user.userName));
      await bench.rotations.rotate(bench.function(user), user.arn);
      expect(await bench.active(user.userName)).toEqual([current, (await bench.key(user.arn)).accessKeyId]);
    });

    test('is left alone while a rotation is under way, and where a rotation would be refused', async () => {
      bench.reset();
      const rotation = await bench.rotations.begin(user.arn);
      expect(await bench.audit(user, LATER)).toMatch('a rotation began more than an hour ago');
      await bench.rotations.abandon(rotation);
      expect(await bench.audit(user, LATER, { functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:other' }))
        .toMatch('rotated by another function');
      expect(await bench.audit({ ...user, binding: { ...user.binding, secret: 'another' } }, LATER)).toBe('fine');
      expect(bench.iam.calls).toEqual([]);
    });

    test('is left alone where clients could not work without it', async () => {
      const { accessKeyId } = await bench.key(user.arn);
      await bench.iam.deactivateKey(user.userName, accessKeyId);
      expect(await bench.audit(user, LATER)).toMatch("AWSCURRENT has an access key that is deleted, inactive or not the user's");
      expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId]);
    });

    test('is found where somebody has written the secret since', async () => {
      const value = await bench.key(user.arn);
      await bench.rotations.replace(user.arn, { accessKeyId: 'half a key' });
      await bench.rotations.replace(user.arn, { ...value, note: 'x' });
      expect(await bench.audit(user, LATER)).toBe('fine');
      expect(await bench.active(user.userName)).not.toContain(user.first.accessKeyId);
    });

    test('stays where the current one was deleted: the next takes that one\'s place', async () => {
      await bench.iam.deleteKey(user.userName, (await bench.key(user.arn)).accessKeyId);
      await bench.rotations.rotate(bench.function(user), user.arn);
      expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
    });
  });

  test('none is touched in the audit of a secret that has no key yet, or a binary value', async () => {
    const keyless = await bench.createKeyless('placeholder');
    const binary = await bench.createKeyless(Buffer.from('binary'));
    for (const user of [keyless, binary]) {
      // Rotation is on.
      await bench.rotations.abandon(await bench.rotations.begin(user.arn));
      expect(await bench.audit(user, 1)).toBe('fine');
    }
    expect(bench.iam.calls).toEqual([]);
  });

  test.each([
    ['LimitExceeded', 'CreateAccessKey', 409, 'conflict: AWS IAM refused CreateAccessKey: the user has two access keys already'],
    ['NoSuchEntity', 'ListAccessKeys', 404, 'configuration: AWS IAM refused ListAccessKeys: the user that the secret is bound'],
  ])('%s is waited for, for IAM may not know everywhere what it has done', async (code, action, status, message) => {
    const user = await bench.createUser();
    const rotation = await bench.rotations.begin(user.arn);
    const clock = new VirtualClock();
    bench.iam.refuse(action, code, status, 99);
    await expect(bench.rotations.step(bench.function(user, clock), rotation, 'createSecret')).rejects.toThrow(message);
    bench.reset();
    bench.iam.refuse(action, code, status, 2);
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    expect(await bench.active(user.userName)).toHaveLength(2);
  });
});
