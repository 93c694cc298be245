import type { EngineRotations } from './engine-rotations';
import type { EngineUnderTest, Turn } from './engine-under-test';
import { hoursAhead } from '../support/hours-ahead';

const WORKS_FOR_HOURS = 24;
const [EARLY, LATE] = [WORKS_FOR_HOURS - 1, WORKS_FOR_HOURS + 1];

/** What the daily audit does about the former one of two credentials. */
export function endingFormer({ onePassword }: EngineUnderTest, started: () => EngineRotations): void {
  const strategies = ['alternating', ...onePassword === undefined ? ['dualPassword'] as const : []] as const;

  /** The daily audit, some hours from now: what it finds. */
  const audit = async (strategy: typeof strategies[number], arn: string, username: string, hours: number): Promise<string> => {
    const auditing = await started().bySuperuser(arn, username, strategy, {
      formerWorksForHours: WORKS_FOR_HOURS, clock: hoursAhead(hours),
    });
    return auditing.invoke({ audit: [{ secret: arn, rotatesWithinHours: 10_000 }] })
      .then(() => 'fine', ({ message }: Error) => message);
  };

  test.each(strategies)('the former credential is ended once, when its time is over, and the next rotations find nothing '
    + 'amiss: %s', async (strategy) => {
    const engine = started();
    const { bench, rotations } = engine;
    const app = await engine.createUser();
    const arn = await engine.createSecret(app);
    const rotating = await engine.bySuperuser(arn, app.username, strategy);
    for (const _ of [0, 1, 2]) {
      const { before, after, logins: loginsOfTurn } = await engine.rotate(rotating, arn);
      expect(loginsOfTurn?.refused).toBe(bench.logins && 0);
      expect(await audit(strategy, arn, app.username, EARLY)).toBe('fine');
      expect(await bench.worksFor(before)).toBe(true);
      expect(await audit(strategy, arn, app.username, LATE)).toBe('fine');
      expect([await bench.worksFor(before), await bench.worksFor(after)]).toEqual([false, true]);
      const { CREDENTIAL_ENDED: ended, AWSPREVIOUS: previous } = await rotations.labels(arn);
      expect(ended).toBe(previous);
      // It is not done again: nobody signs in.
      const logins = await engine.logins();
      expect(await audit(strategy, arn, app.username, LATE)).toBe('fine');
      expect(await engine.logins()).toEqual(logins);
    }
  });

  test.each(strategies)('the connection is cut at each answer while the superuser ends the former credential, and the next '
    + 'audit ends it: %s', async (strategy) => {
    const engine = started();
    const { bench, passage, rotations } = engine;
    /** A user whose former credential is that of the alternate, where there is one. */
    const rotated = async (): Promise<{ end: () => Promise<string>; arn: string } & Pick<Turn, 'before' | 'after'>> => {
      const app = await engine.createUser();
      const arn = await engine.createSecret(app);
      const rotating = await engine.bySuperuser(arn, app.username, strategy);
      await rotations.rotate(rotating, arn);
      const { before, after } = await engine.rotate(rotating, arn);
      return { before, after, arn, end: async () => audit(strategy, arn, app.username, LATE) };
    };
    const whole = await rotated();
    const answers = passage.answers;
    expect(await whole.end()).toBe('fine');
    // The first half is a login like any other.
    const first = Math.floor((passage.answers - answers) / 2);
    let [cuts, endedUnheard] = [0, 0];
    for (let [nth, isCut] = [first, true]; isCut; nth++) {
      const { before, after, arn, end } = await rotated();
      passage.cutAt(nth);
      const found = await end();
      isCut = passage.heal();
      cuts += Number(isCut);
      expect(await bench.worksFor(after)).toBe(true);
      const { CREDENTIAL_ENDED: ended, AWSPREVIOUS: previous } = await rotations.labels(arn);
      expect(ended === previous).toBe(found === 'fine');
      if (found !== 'fine') {
        expect(found).toContain('the former credential could not be ended: network');
        endedUnheard += Number(!await bench.worksFor(before));
        expect(await end()).toBe('fine');
      }
      expect([await bench.worksFor(before), await bench.worksFor(after)]).toEqual([false, true]);
    }
    expect(cuts).toBeGreaterThan(2);
    expect(endedUnheard).toBeGreaterThan(0);
  });
}
