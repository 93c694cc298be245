import { requireServer } from '../../servers/require-server';
import { AccessKeyBench, WORKS_FOR_HOURS } from '../support/access-key-bench';
import { hoursAhead } from '../support/hours-ahead';
import { STEPS } from '../support/rotation-bench';

/** Past the time that the former key works, and a day after its last use. */
const LATER = WORKS_FOR_HOURS + 25;

requireServer('secrets-manager')('access keys of an IAM user', () => {
  let bench: AccessKeyBench;

  beforeAll(async () => {
    bench = await AccessKeyBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.reset());

  test('an existing key is adopted: the new one is current, and the former works beside it', async () => {
    const user = await bench.createUser({ region: 'eu-west-1', big: 1 });
    const rotating = bench.function(user);
    const { token } = await bench.rotations.rotate(rotating, user.arn);

    const value = await bench.key(user.arn);
    expect(value).toEqual({
      accessKeyId: expect.stringMatching(/^AKIA/), secretAccessKey: expect.any(String), region: 'eu-west-1', big: 1,
    });
    expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, value.accessKeyId]);
    expect(await bench.key(user.arn, 'AWSPREVIOUS')).toMatchObject(user.first);
    expect((await bench.rotations.labels(user.arn)).AWSCURRENT).toBe(token);
    expect(rotating.output()).not.toContain(value.secretAccessKey);
    // No call names anybody else.
    expect(new Set(bench.iam.calls.map(({ userName }) => userName))).toEqual(new Set([user.userName, undefined]));
  });

  test.each<[string, unknown]>([
    ['a generated text', 'x"{y'],
    ['a generated text that looks like JSON', '{"accessKeyId'],
    ['a document without a key', { region: 'eu-west-1', secretAccessKey: 'generated' }],
    ['a document with an empty key', { region: 'eu-west-1', accessKeyId: null, secretAccessKey: '' }],
  ])('the first rotation makes the first key in the place of %s', async (_, value) => {
    const user = await bench.createKeyless(value);
    await bench.rotations.rotate(bench.function(user), user.arn);
    const { accessKeyId, ...rest } = await bench.key(user.arn);
    expect(await bench.active(user.userName)).toEqual([accessKeyId]);
    expect(rest).toEqual({
      secretAccessKey: expect.not.stringMatching('generated'), ...typeof value === 'string' ? {} : { region: 'eu-west-1' },
    });
  });

  test('the former key is brought back while it works, and no key is made; then rotations go on', async () => {
    const user = await bench.createUser();
    const rotating = bench.function(user);
    await bench.rotations.rotate(rotating, user.arn);
    const made = await bench.key(user.arn);
    const rotation = await bench.rotations.begin(user.arn);
    await bench.rotations.askBack(rotation);
    await bench.rotations.drive(rotating, rotation);
    expect(await bench.key(user.arn)).toEqual(user.first);
    expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, made.accessKeyId]);
    // What is the former key now is ended like any other.
    expect(await bench.audit(user, LATER)).toBe('fine');
    expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId]);
    const refused = await bench.rotations.begin(user.arn);
    await bench.rotations.askBack(refused);
    await expect(bench.rotations.step(bench.function(user, hoursAhead(LATER)), refused, 'createSecret'))
      .rejects.toMatchObject({ errorClass: 'stale', message: expect.stringContaining('deactivated') as string });
    await bench.rotations.rotate(bench.function(user, hoursAhead(LATER)), user.arn);
    expect((await bench.key(user.arn)).accessKeyId).not.toBe(user.first.accessKeyId);
  });

  test('fields of other names are kept', async () => {
    const { userName, arn, binding, first } = await bench.createUser({}, { idField: 'AWS_ACCESS_KEY_ID', secretField: 'SECRET' });
    await bench.rotations.replace(arn, { AWS_ACCESS_KEY_ID: first.accessKeyId, SECRET: first.secretAccessKey });
    await bench.rotations.rotate(bench.function({ binding }), arn);
    const value = await bench.key(arn) as unknown as Record<string, string>;
    expect(Object.keys(value)).toEqual(['AWS_ACCESS_KEY_ID', 'SECRET']);
    expect(await bench.active(userName)).toEqual([first.accessKeyId, value.AWS_ACCESS_KEY_ID]);
  });

  test('three rotations: the former key is deactivated when its time is over, and deleted by the next rotation', async () => {
    const user = await bench.createUser();
    let hours = 0;
    for (let rotation = 0; rotation < 3; rotation++) {
      const former = await bench.key(user.arn);
      await bench.rotations.rotate(bench.function(user, hoursAhead(hours)), user.arn);
      const current = await bench.key(user.arn);
      const both = [former.accessKeyId, current.accessKeyId];
      expect(await bench.active(user.userName)).toEqual(both);

      expect(await bench.audit(user, 1)).toBe('fine');
      expect(await bench.active(user.userName)).toEqual(both);
      hours = LATER;
      expect(await bench.audit(user, hours)).toBe('fine');
      expect(await bench.iam.keysOf(user.userName)).toEqual([
        { id: former.accessKeyId, active: false }, { id: current.accessKeyId, active: true },
      ]);
      // Once is enough.
      bench.iam.calls.length = 0;
      expect(await bench.audit(user, hours)).toBe('fine');
      expect(bench.iam.actions()).toEqual(['ListAccessKeys']);
    }
  });

  test('without an audit the next rotation ends the former key itself', async () => {
    const user = await bench.createUser();
    await bench.rotations.rotate(bench.function(user), user.arn);
    await bench.rotations.rotate(bench.function(user, hoursAhead(LATER)), user.arn);
    const keys = [await bench.key(user.arn, 'AWSPREVIOUS'), await bench.key(user.arn)].map(({ accessKeyId }) => accessKeyId);
    expect(await bench.active(user.userName)).toEqual(keys);
  });

  test('every step twice, each time by another process: one key is made', async () => {
    const user = await bench.createUser();
    const rotation = await bench.rotations.begin(user.arn);
    for (const step of STEPS) {
      await bench.rotations.step(bench.function(user), rotation, step);
      await bench.rotations.step(bench.function(user), rotation, step);
    }
    expect(bench.iam.actions().filter((action) => action === 'CreateAccessKey')).toHaveLength(1);
    expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
  });

  test('a key that is not known everywhere yet is waited for', async () => {
    const user = await bench.createUser();
    bench.iam.unknownAtFirst = 3;
    await bench.rotations.rotate(bench.function(user), user.arn);
    expect(bench.iam.actions().filter((action) => action === 'GetCallerIdentity')).toHaveLength(4);
  });

  test('two users of one function are not taken for each other', async () => {
    const users = [await bench.createUser(), await bench.createUser()];
    const rotating = bench.functionOf(users.map(({ binding }) => binding));
    const rotations = [await bench.rotations.begin(users[0].arn), await bench.rotations.begin(users[1].arn)];
    for (const step of STEPS) {
      for (const rotation of rotations) {
        await bench.rotations.step(rotating, rotation, step);
      }
    }
    for (const { arn, userName, first } of users) {
      expect(await bench.active(userName)).toEqual([first.accessKeyId, (await bench.key(arn)).accessKeyId]);
    }
  });

  test.each([
    ['no value', false],
    ['the current value', true],
  ])('a test without a rotation: AWSPENDING holds %s', async (_, filled) => {
    const user = await bench.createUser();
    const rotation = await bench.rotations.begin(user.arn);
    if (filled) {
      await bench.rotations.put(user.arn, await bench.rotations.value(user.arn), ['AWSPENDING'], rotation.token);
    }
    await bench.rotations.step(bench.function(user), rotation, 'testSecret');
    expect(bench.iam.actions()).toEqual(['ListAccessKeys', 'GetCallerIdentity']);
  });

  test('a test without a rotation, and without a key', async () => {
    const user = await bench.createKeyless('placeholder');
    await bench.rotations.step(bench.function(user), await bench.rotations.begin(user.arn), 'testSecret');
    expect(bench.iam.actions()).toEqual(['ListAccessKeys']);
  });
});
