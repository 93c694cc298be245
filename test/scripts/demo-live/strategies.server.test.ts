import { runStrategies, type StrategyOutcome } from '../../../scripts/demo-live/strategies/run-strategies';
import { STRATEGY_ENGINES } from '../../../scripts/demo-live/strategies/strategy-engine';
import { requireServer } from '../../servers/require-server';

/** The caches keep a value for less than there is between two rotations, however busy the machine is: those wait for them. */
requireServer('secrets-manager', 'postgresql-18')('strategies and ways of reading, over three rotations under load', () => {
  let outcomes: StrategyOutcome[];

  beforeAll(async () => {
    const options = { keepMilliseconds: 500, queueDelay: 1, waitForNextMilliseconds: 60_000 };
    outcomes = await runStrategies(STRATEGY_ENGINES[0], options);
  });

  const failed = (condition: (outcome: StrategyOutcome) => boolean): Record<string, number> =>
    Object.fromEntries(outcomes.filter(condition).map(({ way, reading, failed: count }) => [`${way}, ${reading}`, count]));

  test('with alternating users no login fails, whoever keeps a value, if it is read again before the next rotation', () => {
    expect(failed(({ way, reading }) => way === 'alternating' && reading !== 'read at the start'))
      .toEqual({ 'alternating, cache': 0, 'alternating, cache and retry': 0, 'alternating, onRotated': 0 });
  });

  test('with the client no login fails under any strategy', () => {
    expect(failed(({ reading }) => reading === 'cache and retry'))
      .toEqual({ 'prove, cache and retry': 0, 'single, cache and retry': 0, 'alternating, cache and retry': 0 });
  });

  test('who reads at the start and never again is refused under every strategy', () => {
    const refused = failed(({ reading }) => reading === 'read at the start');
    expect(Object.keys(refused)).toHaveLength(3);
    expect(Object.values(refused).filter((count) => count === 0)).toEqual([]);
  });

  test('who is told, who has a cache and who retries follows each rotation', () => {
    const followed = outcomes.map(({ reading, followedAfter }) => [reading, followedAfter.length]);
    expect(new Set(followed.map((pair) => JSON.stringify(pair)))).toEqual(new Set([
      '["read at the start",0]', '["cache",3]', '["cache and retry",3]', '["onRotated",3]',
    ]));
  });
});
