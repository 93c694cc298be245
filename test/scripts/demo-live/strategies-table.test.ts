import type { StrategyOutcome } from '../../../scripts/demo-live/strategies/run-strategies';
import { brokenPromises, followedWithin, strategiesTable } from '../../../scripts/demo-live/strategies/strategies-table';

const outcome = (changes: Partial<StrategyOutcome>): StrategyOutcome => ({
  engine: 'E', way: 'alternating', reading: 'cache', followedAfter: [1000], tried: 10, failed: 0, longestOutage: 0, ...changes,
});
const GOOD = [
  outcome({ reading: 'read at the start', failed: 7, longestOutage: 1234, followedAfter: [] }),
  outcome({}),
  outcome({ reading: 'cache and retry', followedAfter: [10] }),
  outcome({ reading: 'onRotated', followedAfter: [20_000, 21_000] }),
];

describe('the table of strategies', () => {
  test('has a row for each strategy, a column for each way of reading, and the time to the new value', () => {
    expect(strategiesTable(GOOD)).toEqual([
      '| logins that failed | read at the start | cache | cache and retry | onRotated |',
      '| --- | --- | --- | --- | --- |',
      '| E, alternating users | 7 of 10, up to 1.2 s on end | 0 of 10 | 0 of 10 | 0 of 10 |',
      '| from the event to the new value, p95 | never | 1.0 s | 0.0 s | 21.0 s |',
    ]);
  });

  test.each([[[1], 1], [[3, 1, 2], 3], [Array.from({ length: 20 }, (_, index) => index), 18], [[], undefined]])(
    'of %j, 95 of 100 are within %j', (followedAfter, expected) => {
      expect(followedWithin([outcome({ followedAfter })], 'cache')).toBe(expected);
    },
  );
});

describe('what the strategies promise', () => {
  test('is kept where only those fail who never read again, or keep the password of a single user', () => {
    expect(brokenPromises([...GOOD, outcome({ way: 'prove', failed: 3 })])).toEqual([]);
  });

  test.each<[string, Partial<StrategyOutcome>]>([
    ['E, alternating users, cache: 1 logins failed', { failed: 1 }],
    ['E, alternating users, onRotated: 2 logins failed', { reading: 'onRotated', failed: 2 }],
    ['E, single user, cache and retry: 3 logins failed', { way: 'prove', reading: 'cache and retry', failed: 3 }],
    ['those who are told had no new value within 60 seconds', { reading: 'onRotated', followedAfter: [60_001] }],
  ])('is broken: %s', (message, changes) => {
    expect(brokenPromises([...GOOD, outcome(changes)])).toEqual([message]);
  });

  test('is broken where nobody was told', () => {
    expect(brokenPromises(GOOD.slice(0, 3))).toEqual(['those who are told had no new value within 60 seconds']);
  });
});
