import { ERROR_CANARY } from '../../servers/cache-users-api';
import { requireServer } from '../../servers/require-server';
import { CacheBench, type CacheService, type CacheUserSetup } from '../support/cache-bench';
import { type StepName, STEPS } from '../support/rotation-bench';
import { VirtualClock } from '../support/virtual-clock';

const SERVICES: CacheService[] = ['elasticache', 'memorydb'];
const MODIFY = { elasticache: 'ModifyUser', memorydb: 'UpdateUser' };

requireServer('redis', 'secrets-manager')('a cache user that cannot be rotated', () => {
  let bench: CacheBench;

  beforeAll(async () => {
    bench = await CacheBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.reset());

  /** What a step fails with, after the steps before it. */
  const failure = async (service: CacheService, user: CacheUserSetup, failing: StepName, before?: () => void): Promise<Error> => {
    const rotation = await bench.rotations.begin(user.arn);
    const rotating = bench.function(service, user, new VirtualClock());
    for (const step of STEPS.slice(0, STEPS.indexOf(failing))) {
      await bench.rotations.step(rotating, rotation, step);
    }
    // The pauses of the function take no time, and those of the service some.
    await bench.apis[service].settled();
    before?.();
    const error = await bench.rotations.step(rotating, rotation, failing)
      .then(() => new Error('it worked'), (thrown: Error) => thrown);
    expect(JSON.stringify([error.message, error.stack, { ...error }, rotating.output()])).not.toContain(ERROR_CANARY);
    return error;
  };

  test.each([
    ['another user', { user_arn: 'arn:aws:elasticache:eu-west-1:123456789012:user:admin' }, 'user_arn'],
    ['another name', { username: 'admin' }, 'username'],
    ['names that are none', { user_arn: 7, username: null }, 'user_arn, username'],
  ])('AWSCURRENT of %s is refused in each step, before any call', async (_, more, fields) => {
    const user = await bench.createUser('elasticache', more);
    const rotation = await bench.rotations.begin(user.arn);
    await bench.rotations.put(
      user.arn,
      { user_arn: bench.apis.elasticache.arn(user.userId), username: user.username, password: 'a pending password' },
      ['AWSPENDING'],
      rotation.token,
    );
    for (const step of STEPS) {
      await expect(bench.rotations.step(bench.function('elasticache', user), rotation, step)).rejects.toMatchObject({
        errorClass: 'configuration',
        message: expect.stringContaining(`than the one that the secret is bound to: ${fields}`),
      });
    }
    expect(bench.apis.elasticache.count()).toBe(0);
  });

  test('names that are missing are added', async () => {
    const user = await bench.createUser('memorydb', { user_arn: undefined, username: undefined });
    await bench.rotations.rotate(bench.function('memorydb', user), user.arn);
    expect(await bench.rotations.credentials(user.arn))
      .toMatchObject({ user_arn: bench.apis.memorydb.arn(user.userId), username: user.userId });
  });

  test.each([
    undefined,
    7,
    'too short',
    'x'.repeat(129),
    'with a, comma in it',
    'with a "quotation"',
    'with/a/slash/in/it',
    'with@an@at@sign@in',
    'with an ü in it....',
  ])('AWSCURRENT with the password %j, which no user has, is refused before any call', async (password) => {
    const user = await bench.createUser('elasticache', { password });
    const error = await failure('elasticache', user, 'createSecret');
    expect(error).toMatchObject({
      errorClass: 'configuration',
      message: expect.stringContaining('AWSCURRENT has no password that a user can have'),
    });
    expect(bench.apis.elasticache.count()).toBe(0);
  });

  test.each([
    ['text', 'no JSON'], ['a short password', { password: 'short' }], ['no password', { password: undefined }],
    ['another user', { user_arn: 'arn:aws:elasticache:eu-west-1:123456789012:user:admin' }],
    ['another name', { username: 'admin' }],
    ['no user', { user_arn: undefined }], ['no name', { username: undefined }],
    ['the password of AWSCURRENT', { password: 'the first password', more: 1 }],
  ])('a pending version with %s loses its label, and the next rotation starts clean', async (_, more) => {
    const user = await bench.createUser('elasticache');
    for (const step of ['setSecret', 'finishSecret'] as const) {
      const rotation = await bench.rotations.begin(user.arn);
      const good = { user_arn: bench.apis.elasticache.arn(user.userId), username: user.username, password: 'a pending password' };
      await bench.rotations.put(user.arn, typeof more === 'string' ? more : { ...good, ...more }, ['AWSPENDING'], rotation.token);
      await expect(bench.rotations.step(bench.function('elasticache', user), rotation, step))
        .rejects.toMatchObject({ errorClass: 'stale' });
      expect(await bench.rotations.labels(user.arn)).not.toHaveProperty('AWSPENDING');
    }
    expect([bench.apis.elasticache.count(), await bench.works(user)]).toEqual([0, true]);
    await bench.rotations.rotate(bench.function('elasticache', user), user.arn);
  });

  test('a secret that is not bound is left alone', async () => {
    const [user, other] = [await bench.createUser('elasticache'), await bench.createUser('elasticache')];
    const rotation = await bench.rotations.begin(user.arn);
    await bench.rotations.put(user.arn, 'x', ['AWSPENDING'], rotation.token);
    for (const step of STEPS) {
      await expect(bench.rotations.step(bench.function('elasticache', other), rotation, step)).rejects.toThrow('not bound');
    }
    expect(bench.apis.elasticache.count()).toBe(0);
  });

  describe.each(SERVICES)('%s', (service) => {
    test.each([
      ['another user under the id', { arn: 'arn:aws:elasticache:eu-west-1:123456789012:user:other' }, 'conflict', undefined],
      ['another name under the id', { username: 'other' }, 'conflict', undefined],
      ['a user without a password', { authentication: 'no-password' }, 'configuration', undefined],
      ['a user of IAM', { authentication: 'iam' }, 'configuration', undefined],
      ['a user that is being deleted', { status: 'deleting' }, 'conflict', undefined],
      ['a user that is being changed', { status: 'modifying' }, 'conflict', 'InvalidUserState'],
    ] as const)('%s is not changed', async (_, change, errorClass, code) => {
      const user = await bench.createUser(service);
      const error = await failure(service, user, 'setSecret', () => bench.apis[service].change(user.userId, change));
      expect(error).toMatchObject({ errorClass, code });
      expect(bench.apis[service].count(MODIFY[service])).toBe(0);
    });

    test('a user that something else has changed in between is not finished', async () => {
      const user = await bench.createUser(service);
      const error = await failure(service, user, 'testSecret', () =>
        bench.apis[service].change(user.userId, { passwordCount: 1 }),
      );
      expect(error).toMatchObject({
        errorClass: 'conflict',
        message: expect.stringContaining('does not have the two passwords that were set'),
      });
    });

    test.each([
      ['UserNotFound', 404, 'configuration'], ['InvalidParameterValue', 400, 'configuration'],
      ['InvalidParameterCombination', 400, 'configuration'],
      ['SomethingNew', 400, 'conflict'],
    ])('%s ends the step at once', async (name, status, errorClass) => {
      const user = await bench.createUser(service);
      bench.apis[service].refuse(MODIFY[service], name, status);
      const error = await failure(service, user, 'setSecret');
      expect(error).toMatchObject({ errorClass, code: expect.stringMatching(new RegExp(`^${name}(Fault|Exception)?$`)) });
      expect(bench.apis[service].count(MODIFY[service])).toBe(1);
    });

    test.each([
      ['AccessDenied', 403, 'permission'], ['Throttling', 400, 'throttling'], ['ServiceUnavailable', 503, 'unavailable'],
      ['InternalFailure', 500, 'unavailable'],
    ])('%s is waited for', async (name, status, errorClass) => {
      const user = await bench.createUser(service);
      bench.apis[service].refuse('DescribeUsers', name, status, 100);
      expect(await failure(service, user, 'setSecret')).toMatchObject({ errorClass, code: expect.stringContaining(name) });
      bench.reset();
      await bench.rotations.abandon(await bench.rotations.pendingOf(user.arn));
      bench.apis[service].refuse('DescribeUsers', name, status, 3);
      await bench.rotations.rotate(bench.function(service, user), user.arn);
      expect([bench.apis[service].count('DescribeUsers') > 4, await bench.works(user)]).toEqual([true, true]);
    });

    test.each([
      ['nothing', 200, ''], ['text', 200, ERROR_CANARY], ['no user', 200, '{"Users":[]}'],
      ['an empty document', 200, '<DescribeUsersResponse><DescribeUsersResult/></DescribeUsersResponse>'],
      ['another answer', 200, '<ModifyUserResponse><ModifyUserResult/></ModifyUserResponse>'],
      ['an error without a name', 400, '{}'], ['a page', 502, `<html>${ERROR_CANARY}<br>`],
    ])('an answer with %s tells of no user', async (_, status, body) => {
      const user = await bench.createUser(service);
      bench.apis[service].answerWith = { status, contentType: 'text/plain', body };
      const error = await failure(service, user, 'setSecret');
      expect(['conflict', 'unavailable', 'timeout']).toContain((error as Error & { errorClass: string }).errorClass);
      expect(await bench.works(user)).toBe(true);
    });
  });

  test('hostile names are names', async () => {
    const username = 'a<b>&"c\'\\\u202e;d';
    const userId = 'hostile';
    const password = 'a \'pass\' & <word> %s \\ +=?#';
    await bench.apis.elasticache.createUser(userId, username, [password]);
    const arn = await bench.rotations.createSecret({ user_arn: bench.apis.elasticache.arn(userId), username, password });
    const user = {
      arn,
      userId,
      username,
      binding: { secret: arn, userId, username, password: { length: 128, excludeCharacters: ',"/@' } },
    };
    for (let rotation = 0; rotation < 2; rotation++) {
      const rotating = bench.function('elasticache', user);
      await bench.rotations.rotate(rotating, arn);
      expect([await bench.works(user), await bench.works(user, 'AWSPREVIOUS')]).toEqual([true, true]);
      expect(rotating.output()).not.toContain(username);
    }
  });
});
