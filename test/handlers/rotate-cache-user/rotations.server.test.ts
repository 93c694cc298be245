import { requireServer } from '../../servers/require-server';
import { CacheBench, type CacheService } from '../support/cache-bench';
import { STEPS } from '../support/rotation-bench';
import { FUNCTION_LIMIT } from '../support/rotation-function';
import { VirtualClock } from '../support/virtual-clock';

const SERVICES: CacheService[] = ['elasticache', 'memorydb'];
const MODIFY = { elasticache: 'ModifyUser', memorydb: 'UpdateUser' };

requireServer('redis', 'secrets-manager')('users with two passwords', () => {
  let bench: CacheBench;

  beforeAll(async () => {
    bench = await CacheBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.reset());

  describe.each(SERVICES)('%s', (service) => {
    test('three rotations: the new password works, the former until the next rotation, and the one before no more', async () => {
      const user = await bench.createUser(service, { kept: 'kept', big: 1 });
      const rotating = bench.function(service, user);
      const api = bench.apis[service];
      const passwords = ['the first password'];
      for (let rotation = 0; rotation < 3; rotation++) {
        api.calls.length = 0;
        await bench.rotations.rotate(rotating, user.arn);
        const value = await bench.rotations.credentials(user.arn);
        expect(value).toEqual({
          user_arn: api.arn(user.userId),
          username: user.username,
          password: expect.any(String),
          kept: 'kept',
          big: 1,
        });
        passwords.unshift(value.password);
        const work = await Promise.all(
          passwords.map(async (password) => bench.redis.worksFor({ username: user.username, password })),
        );
        expect(work).toEqual(passwords.map((_, index) => index < 2));
        const changes = api.calls.filter(({ action }) => action === MODIFY[service]);
        expect(changes).toEqual([{ action: MODIFY[service], userId: user.userId, passwords: 2 }]);
      }
      expect(new Set(passwords).size).toBe(4);
      passwords.forEach((password) => expect(rotating.output()).not.toContain(password));
    });

    test('the former password is brought back, and the one that clients hold works beside it', async () => {
      const user = await bench.createUser(service);
      const rotating = bench.function(service, user);
      await bench.rotations.rotate(rotating, user.arn);
      const { password } = await bench.rotations.credentials(user.arn);
      const rotation = await bench.rotations.begin(user.arn);
      await bench.rotations.askBack(rotation);
      await bench.rotations.drive(rotating, rotation);
      expect((await bench.rotations.credentials(user.arn)).password).toBe('the first password');
      expect((await bench.rotations.credentials(user.arn, 'AWSPREVIOUS')).password).toBe(password);
      expect([await bench.works(user), await bench.works(user, 'AWSPREVIOUS')]).toEqual([true, true]);
    });

    test('every step twice, each time by another process', async () => {
      const user = await bench.createUser(service);
      const rotation = await bench.rotations.begin(user.arn);
      for (const step of STEPS) {
        await bench.rotations.step(bench.function(service, user), rotation, step);
        await bench.rotations.step(bench.function(service, user), rotation, step);
      }
      expect([await bench.works(user), await bench.works(user, 'AWSPREVIOUS')]).toEqual([true, true]);
    });

    test('a rotation that was given up after it set a password costs nobody the one in use', async () => {
      const user = await bench.createUser(service);
      const rotating = bench.function(service, user);
      const abandoned = await bench.rotations.begin(user.arn);
      await bench.rotations.step(rotating, abandoned, 'createSecret');
      await bench.rotations.step(rotating, abandoned, 'setSecret');
      await bench.rotations.step(rotating, abandoned, 'testSecret');
      await bench.rotations.abandon(abandoned);

      const next = await bench.rotations.begin(user.arn);
      for (const step of STEPS.slice(0, 3)) {
        await bench.rotations.step(rotating, next, step);
        expect(await bench.works(user)).toBe(true);
      }
      await bench.rotations.step(rotating, next, 'finishSecret');
      expect([await bench.works(user), await bench.works(user, 'AWSPREVIOUS'), await bench.works(user, '', abandoned.token)])
        .toEqual([true, true, false]);
    });

    test('a change that is under way is waited for', async () => {
      const user = await bench.createUser(service);
      bench.apis[service].delay = 300;
      bench.apis[service].change(user.userId, { status: 'modifying' });
      setTimeout(() => bench.apis[service].change(user.userId, { status: 'active' }), 200);
      await bench.rotations.rotate(bench.function(service, user), user.arn);
      expect([await bench.works(user), await bench.works(user, 'AWSPREVIOUS')]).toEqual([true, true]);
    });

    test('a change that began between looking and changing is waited for', async () => {
      const user = await bench.createUser(service);
      bench.apis[service].refuse(MODIFY[service], 'InvalidUserState', 400, 2);
      await bench.rotations.rotate(bench.function(service, user), user.arn);
      expect([bench.apis[service].count(MODIFY[service]), await bench.works(user)]).toEqual([3, true]);
    });

    test('a change that does not end is given up when the function has no time left', async () => {
      const user = await bench.createUser(service);
      bench.apis[service].change(user.userId, { status: 'modifying' });
      const rotation = await bench.rotations.begin(user.arn);
      await bench.rotations.step(bench.function(service, user), rotation, 'createSecret');
      const clock = new VirtualClock();
      await expect(bench.rotations.step(bench.function(service, user, clock), rotation, 'setSecret'))
        .rejects.toMatchObject({ errorClass: 'conflict', code: 'InvalidUserState' });
      expect(clock.now()).toBeGreaterThan(10_000);
      expect(clock.now()).toBeLessThan(FUNCTION_LIMIT);
    });

    test.each(['before', 'after'] as const)('an answer that is lost, %s the change', async (when) => {
      const user = await bench.createUser(service);
      bench.apis[service].fault({ action: MODIFY[service], when, effect: { kind: 'drop' } });
      await bench.rotations.rotate(bench.function(service, user), user.arn);
      expect([await bench.works(user), await bench.works(user, 'AWSPREVIOUS')]).toEqual([true, true]);
      // After the change it is refused until that has ended.
      expect(bench.apis[service].count(MODIFY[service])).toBeGreaterThanOrEqual(2);
    });
  });

  test('a test in another process than the change sets the password again: nothing else shows that it was set', async () => {
    const user = await bench.createUser('elasticache');
    await bench.rotations.rotate(bench.function('elasticache', user), user.arn);
    const rotation = await bench.rotations.begin(user.arn);
    await bench.rotations.step(bench.function('elasticache', user), rotation, 'createSecret');
    expect(await bench.works(user, 'AWSPENDING')).toBe(false);
    bench.apis.elasticache.calls.length = 0;
    // As whoever may invoke the function can, without the step before.
    await bench.rotations.step(bench.function('elasticache', user), rotation, 'finishSecret');
    expect([bench.apis.elasticache.count('ModifyUser'), await bench.works(user), await bench.works(user, 'AWSPREVIOUS')])
      .toEqual([1, true, true]);
  });

  test('two users of one function are not taken for each other', async () => {
    const [one, other] = [await bench.createUser('elasticache'), await bench.createUser('elasticache')];
    const rotating = bench.rotations.inProcess('rotate-cache-user', bench.options('elasticache', [one.binding, other.binding]));
    const rotations = [await bench.rotations.begin(one.arn), await bench.rotations.begin(other.arn)];
    for (const step of STEPS) {
      for (const rotation of rotations) {
        await bench.rotations.step(rotating, rotation, step);
      }
    }
    expect([
      await bench.works(one),
      await bench.works(one, 'AWSPREVIOUS'),
      await bench.works(other),
      await bench.works(other, 'AWSPREVIOUS'),
    ]).toEqual([true, true, true, true]);
  });

  test('a token that was chosen twice does not pass one user off as the other', async () => {
    const [one, other] = [await bench.createUser('elasticache'), await bench.createUser('elasticache')];
    const rotating = bench.rotations.inProcess('rotate-cache-user', bench.options('elasticache', [one.binding, other.binding]));
    const token = 'a-token-of-somebody-who-may-rotate-both';
    const rotations = [one, other].map(({ arn }) => ({ arn, token }));
    for (const rotation of rotations) {
      await bench.rotations.secrets.startRotation(rotation.arn, { token });
      await bench.rotations.step(rotating, rotation, 'createSecret');
    }
    await bench.rotations.step(rotating, rotations[0], 'setSecret');
    await bench.rotations.step(rotating, rotations[1], 'testSecret');
    expect(await bench.works(other, 'AWSPENDING')).toBe(true);
  });

  test.each([
    ['no value', false],
    ['the current value', true],
  ])('a test without a rotation: AWSPENDING holds %s', async (_, filled) => {
    const user = await bench.createUser('memorydb');
    const rotation = await bench.rotations.begin(user.arn);
    if (filled) {
      await bench.rotations.put(user.arn, await bench.rotations.value(user.arn), ['AWSPENDING'], rotation.token);
    }
    await bench.rotations.step(bench.function('memorydb', user), rotation, 'testSecret');
    expect(bench.apis.memorydb.calls.map(({ action }) => action)).toEqual(['DescribeUsers']);
  });
});
