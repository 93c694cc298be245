import { requireServer } from '../../servers/require-server';
import { AccessKeyBench, type UserSetup } from '../support/access-key-bench';
import type { BenchRotation, StepName } from '../support/rotation-bench';
import { VirtualClock } from '../support/virtual-clock';

/** What a value has to be before it becomes current. */
requireServer('secrets-manager')('a pending key', () => {
  let bench: AccessKeyBench;
  let user: UserSetup;
  let rotation: BenchRotation;

  beforeAll(async () => {
    bench = await AccessKeyBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(async () => {
    bench.reset();
    user = await bench.createUser();
    rotation = await bench.rotations.begin(user.arn);
  });

  const step = async (name: StepName): Promise<string> =>
    bench.rotations.step(bench.function(user, new VirtualClock()), rotation, name)
      .then(() => 'done', ({ message }: Error) => message);

  const put = async (value: unknown): Promise<string> => bench.rotations.put(user.arn, value, ['AWSPENDING'], rotation.token);

  test.each<[string, () => unknown | Promise<unknown>, string]>([
    ['that is none', () => 'a text', 'the pending version has no access key'],
    ['whose secret is missing', () => ({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }), 'the pending version has no access key'],
    ['whose id is none', () => ({ accessKeyId: 'x y', secretAccessKey: 'x' }), 'the pending version has no access key'],
    ['that is the current one', () => ({ ...user.first, more: 1 }), 'the pending version has the access key of AWSCURRENT'],
  ])('%s loses its label before it is used', async (_, value, message) => {
    await put(await value());
    expect(await step('setSecret')).toBe(`stale: ${message}; the version has lost AWSPENDING, rotate again for a clean one`);
    expect((await bench.rotations.labels(user.arn)).AWSPENDING).toBeUndefined();
    expect(bench.iam.calls).toEqual([]);
  });

  test('of another user loses its label, whoever has put it there', async () => {
    const other = await bench.createUser();
    await put(other.first);
    expect(await step('finishSecret')).toMatch('stale: the pending version has an access key of another user');
    expect(await bench.key(user.arn)).toMatchObject(user.first);
  });

  test.each<[string, (userName: string, id: string) => Promise<void>]>([
    ['deleted', async (userName, id) => bench.iam.deleteKey(userName, id)],
    ['deactivated', async (userName, id) => bench.iam.deactivateKey(userName, id)],
  ])('that was %s in the meantime loses its label once it is sure that it does not work', async (_, change) => {
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    await change(user.userName, (await bench.key(user.arn, 'AWSPENDING')).accessKeyId);
    expect(await step('testSecret')).toMatch('stale: the pending version has an access key that was deleted or deactivated');
    // The next rotation is clean.
    await bench.rotations.rotate(bench.function(user), user.arn);
    expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
  });

  test('that is there but does not work yet keeps its label', async () => {
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    bench.iam.unknownAtFirst = 1_000;
    expect(await step('testSecret')).toBe('authentication: AWS STS does not accept the access key (InvalidClientTokenId)');
    expect((await bench.rotations.labels(user.arn)).AWSPENDING).toBe(rotation.token);
  });

  test('with another secret than IAM has given keeps its label, and does not become current', async () => {
    const { accessKeyId } = await bench.iam.createKey(user.userName);
    await put({ accessKeyId, secretAccessKey: 'wrong' });
    expect(await step('finishSecret')).toMatch('authentication: AWS STS does not accept the access key (SignatureDoesNotMatch)');
    expect(await bench.key(user.arn)).toMatchObject(user.first);
  });

  test.each([
    ['Throttling', 400, 'throttling'],
    ['RegionDisabledException', 400, 'conflict'],
    ['InternalFailure', 500, 'unavailable'],
  ])('is not judged by what STS answers for other reasons: %s', async (code, status, errorClass) => {
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    bench.iam.refuse('GetCallerIdentity', code, status, 1_000);
    expect(await step('testSecret')).toBe(`${errorClass}: AWS STS refused GetCallerIdentity (${code})`);
    expect((await bench.rotations.labels(user.arn)).AWSPENDING).toBe(rotation.token);
  });

  test.each([
    ['RegionDisabledException', 400, /^conflict: AWS STS refused GetCallerIdentity \(RegionDisabledException\)$/],
    ['InvalidClientTokenId', 403, /^authentication: AWS STS does not accept the access key, .*: permission: .*ListAccessKeys/],
  ])('keeps what STS says of it where IAM does not list keys: %s', async (code, status, message) => {
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    bench.iam.refuse('GetCallerIdentity', code, status, 1_000);
    bench.iam.refuse('ListAccessKeys', 'AccessDenied', 403, 1_000);
    expect(await step('testSecret')).toMatch(message);
    expect((await bench.rotations.labels(user.arn)).AWSPENDING).toBe(rotation.token);
  });

  describe('is not made where AWSCURRENT', () => {
    test('has the key of another user', async () => {
      const other = await bench.createUser();
      await bench.rotations.replace(user.arn, other.first);
      const message = 'configuration: AWSCURRENT has an access key of another user than the one that the secret is bound to';
      expect([await step('createSecret'), await step('testSecret')]).toEqual([message, message]);
      expect(bench.iam.actions()).not.toContain('CreateAccessKey');
    });

    test.each([
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
      { accessKeyId: 1, secretAccessKey: 'x' },
    ])('has half a key: %j', async (value) => {
      await bench.rotations.replace(user.arn, value);
      expect(await step('createSecret')).toBe('configuration: AWSCURRENT has no access key in its fields accessKeyId and '
        + 'secretAccessKey: both are texts, as IAM gives them');
    });

    test('has a key of which STS says nothing', async () => {
      await bench.iam.deleteKey(user.userName, user.first.accessKeyId);
      bench.iam.refuse('GetCallerIdentity', 'InternalFailure', 500, 1_000);
      expect(await step('createSecret')).toBe('unavailable: AWS STS refused GetCallerIdentity (InternalFailure)');
      expect(bench.iam.actions()).not.toContain('CreateAccessKey');
    });
  });

  test.each([
    ['InvalidInput', 400, 'conflict'],
    ['ServiceFailure', 500, 'unavailable'],
    ['AccessDenied', 403, 'permission'],
    ['Throttling', 400, 'throttling'],
  ])('is not made where IAM answers %s, of which it says the code and nothing else', async (code, status, errorClass) => {
    bench.iam.refuse('ListAccessKeys', code, status, 1_000);
    expect(await step('createSecret')).toBe(`${errorClass}: AWS IAM refused ListAccessKeys (${code})`);
  });

  test('is made once where IAM does not say whether it has made it', async () => {
    bench.iam.refuse('CreateAccessKey', 'ServiceFailure', 500, 1_000);
    expect(await step('createSecret')).toBe('unavailable: AWS IAM refused CreateAccessKey (ServiceFailure)');
    expect(bench.iam.actions()).toEqual(['ListAccessKeys', 'CreateAccessKey']);
  });

  test.each([
    ['<html>', 'unavailable: AWS IAM refused ListAccessKeys (HTTP200)'],
    ['<ListAccessKeysResponse/>', 'unavailable: AWS IAM refused ListAccessKeys (HTTP200)'],
    ['<ListAccessKeysResponse><ListAccessKeysResult/></ListAccessKeysResponse>', 'unavailable: AWS IAM refused CreateAccessKey'],
  ])('is not made of an answer that is none: %s', async (body, message) => {
    await bench.rotations.replace(user.arn, 'placeholder');
    bench.iam.answerWith = { status: 200, body };
    expect(await step('createSecret')).toMatch(message);
  });

  test('is not made of an answer without one', async () => {
    bench.iam.answersOf.set('CreateAccessKey', '<CreateAccessKeyResponse><CreateAccessKeyResult/></CreateAccessKeyResponse>');
    expect(await step('createSecret')).toBe('unavailable: the answer of AWS IAM to CreateAccessKey has no access key');
  });

  test('of a list without ids and times is nobody\'s', async () => {
    bench.iam.answersOf.set('ListAccessKeys', '<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata>'
      + '<member/><member/></AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>');
    expect(await step('createSecret')).toMatch('never held');
  });

  test('whose identity is missing is nobody\'s', async () => {
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    bench.iam.answersOf.set(
      'GetCallerIdentity', '<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>',
    );
    expect(await step('testSecret')).toMatch('stale: the pending version has an access key of another user');
  });

  test('whose identity is told by somebody else than STS is not judged', async () => {
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    bench.iam.answersOf.set('GetCallerIdentity', '<html>');
    expect(await step('testSecret')).toBe('unavailable: AWS STS refused GetCallerIdentity (HTTP200)');
  });

  test('that could not be deleted is no hindrance where it is gone, and one for any other reason', async () => {
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    await bench.rotations.abandon(rotation);
    bench.iam.refuse('DeleteAccessKey', 'AccessDenied', 403, 1_000);
    rotation = await bench.rotations.begin(user.arn);
    expect(await step('createSecret')).toBe('permission: AWS IAM refused DeleteAccessKey (AccessDenied)');
    bench.reset();
    bench.iam.fault({ action: 'DeleteAccessKey', when: 'after', effect: { kind: 'drop' } });
    await bench.rotations.step(bench.function(user), rotation, 'createSecret');
    expect(bench.iam.actions().filter((action) => action === 'DeleteAccessKey')).toHaveLength(2);
  });

  test('of a secret that the deployment does not name is none', async () => {
    rotation = await bench.rotations.begin(await bench.rotations.createSecret(user.first));
    expect(await step('createSecret')).toMatch('configuration: the secret is not bound to this function');
  });
});
