import type { CacheFacts } from '../../../src/contract/cache-facts';
import { requireServer } from '../../servers/require-server';
import { CacheBench, type CacheUserSetup } from '../support/cache-bench';
import { hoursAhead } from '../support/hours-ahead';
import { beginsMeanwhile } from '../support/meanwhile';
import { type StepName, STEPS } from '../support/rotation-bench';

const WORKS_FOR_HOURS = 24;
const [EARLY, LATE] = [WORKS_FOR_HOURS - 1, WORKS_FOR_HOURS + 1];
const MODIFY = { elasticache: 'ModifyUser', memorydb: 'UpdateUser' };

requireServer('redis', 'secrets-manager')('the former password of a cache user', () => {
  let bench: CacheBench;

  beforeAll(async () => {
    bench = await CacheBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.reset());

  describe.each<CacheFacts['service']>(['elasticache', 'memorydb'])('%s', (service) => {
    /** A user with two passwords. */
    const rotated = async (): Promise<CacheUserSetup> => {
      const user = await bench.createUser(service);
      await bench.rotations.rotate(bench.function(service, user), user.arn);
      return { ...user, binding: { ...user.binding, formerWorksForHours: WORKS_FOR_HOURS } };
    };

    const audit = async (user: CacheUserSetup, hours = LATE): Promise<string> =>
      bench.provingFunction(service, user, undefined, hoursAhead(hours))
        .invoke({ audit: [{ secret: user.arn, rotatesWithinHours: 10_000 }] })
        .then(() => 'fine', ({ message }: Error) => message);

    const changes = (): number => bench.apis[service].calls.filter(({ action }) => action === MODIFY[service]).length;

    /** Once what the service was asked for is in force: nothing waits for the end of a former password. */
    const bothWork = async (user: CacheUserSetup): Promise<boolean[]> => {
      await bench.apis[service].settled();
      return [await bench.works(user, 'AWSPREVIOUS'), await bench.works(user)];
    };

    test('it is ended once, when its time is over, and the next rotation finds nothing amiss', async () => {
      const user = await rotated();
      for (const _ of [0, 1]) {
        expect([await audit(user, EARLY), ...await bothWork(user)]).toEqual(['fine', true, true]);
        expect([await audit(user), ...await bothWork(user)]).toEqual(['fine', false, true]);
        const { CREDENTIAL_ENDED: ended, AWSPREVIOUS: previous } = await bench.rotations.labels(user.arn);
        expect(ended).toBe(previous);
        const before = changes();
        expect(await audit(user)).toBe('fine');
        expect(changes()).toBe(before);
        await bench.rotations.rotate(bench.function(service, user), user.arn);
        expect(await bothWork(user)).toEqual([true, true]);
      }
    });

    test('without a cluster to sign in to it is ended as well', async () => {
      const user = await rotated();
      const auditing = bench.function(service, user, hoursAhead(LATE));
      await auditing.invoke({ audit: [{ secret: user.arn, rotatesWithinHours: 10_000 }] });
      expect(await bothWork(user)).toEqual([false, true]);
    });

    test('what was killed before it could say that it had ended it says so the next day, and changes nothing', async () => {
      const user = await rotated();
      bench.rotations.fault({ action: 'UpdateSecretVersionStage', times: 99, effect: { kind: 'drop' } });
      expect(await audit(user)).toContain('network');
      expect(await bothWork(user)).toEqual([false, true]);
      bench.reset();
      const before = changes();
      expect(await audit(user)).toBe('fine');
      expect([changes(), (await bench.rotations.labels(user.arn)).CREDENTIAL_ENDED !== undefined]).toEqual([before, true]);
    });

    test('nothing is ended where AWSCURRENT does not sign in', async () => {
      const user = await rotated();
      await bench.rotations.replace(user.arn, { username: user.username, password: 'a password that nobody set' });
      const before = changes();
      expect(await audit(user)).toContain('the former credential could not be ended: authentication');
      expect(changes()).toBe(before);
    });

    test.each<['before' | 'after', readonly StepName[]]>([
      ['before', []], ['before', STEPS],
      ['after', []], ['after', STEPS.slice(0, 2)], ['after', STEPS.slice(0, 3)], ['after', STEPS],
    ])('a rotation that begins %s the last look at the secret and gets as far as %j costs nobody '
      + 'a password', async (when, steps) => {
      const user = await rotated();
      const rotating = bench.function(service, user);
      const begun = beginsMeanwhile(bench.rotations, user.arn, { rotating, steps, when });
      expect(await audit(user)).toBe('fine');
      const rotation = begun()!;
      expect(await bench.works(user)).toBe(true);
      for (const step of STEPS.slice(steps.length)) {
        await bench.rotations.step(rotating, rotation, step);
      }
      expect([(await bench.rotations.labels(user.arn)).AWSCURRENT, await bench.works(user)]).toEqual([rotation.token, true]);
    });
  });
});
