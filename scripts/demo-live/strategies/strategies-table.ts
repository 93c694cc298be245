import { type WayOfReading, WAYS_OF_READING } from './applications';
import type { StrategyOutcome } from './run-strategies';
import type { Way } from '../../../test/handlers/engines/engine-under-test';

/** Milliseconds within which consumers that are told have the new value. */
export const FOLLOWS_WITHIN = 60_000;

/** What a strategy is called. */
export const STRATEGIES: Readonly<Record<Way, string>> = {
  prove: 'single user',
  single: 'single user, by a superuser',
  alternating: 'alternating users',
};

/** The outcomes as a table of Markdown: failed logins, and how long it took until everybody had the new value. */
export function strategiesTable(outcomes: readonly StrategyOutcome[]): string[] {
  const rows = new Map<string, StrategyOutcome[]>();
  for (const outcome of outcomes) {
    const key = `${outcome.engine}, ${STRATEGIES[outcome.way]}`;
    rows.set(key, [...rows.get(key) ?? [], outcome]);
  }
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const ofReading = (all: readonly StrategyOutcome[], show: (outcomes: StrategyOutcome[]) => string): string[] =>
    WAYS_OF_READING.map((reading) => show(all.filter((outcome) => outcome.reading === reading)));
  return [
    row(['logins that failed', ...WAYS_OF_READING]),
    row(['logins', ...WAYS_OF_READING].map(() => '---')),
    ...[...rows].map(([name, all]) => row([name, ...ofReading(all, ([outcome]) => cell(outcome))])),
    row(['from the event to the new value, p95', ...ofReading(outcomes, followed)]),
  ];
}

/** Milliseconds, of one way of reading: 95 of 100 were not slower. */
export function followedWithin(outcomes: readonly StrategyOutcome[], reading: WayOfReading): number | undefined {
  const times = outcomes.filter((outcome) => outcome.reading === reading)
    .flatMap(({ followedAfter }) => followedAfter).sort((one, other) => one - other);
  return times[Math.ceil(times.length * 0.95) - 1];
}

/** What did not come true of what the strategies and the ways of reading promise; empty where all of it did. */
export function brokenPromises(outcomes: readonly StrategyOutcome[]): string[] {
  const failing = outcomes.filter(({ way, reading, failed }) =>
    failed > 0 && reading !== 'read at the start' && (way === 'alternating' || reading === 'cache and retry'));
  const slowest = followedWithin(outcomes, 'onRotated');
  return [
    ...failing.map(({ engine, way, reading, failed }) => `${engine}, ${STRATEGIES[way]}, ${reading}: ${failed} logins failed`),
    ...slowest === undefined || slowest > FOLLOWS_WITHIN ? ['those who are told had no new value within 60 seconds'] : [],
  ];
}

function cell({ tried, failed, longestOutage }: StrategyOutcome): string {
  return `${failed} of ${tried}${failed > 0 ? `, up to ${seconds(longestOutage)} on end` : ''}`;
}

function followed(outcomes: readonly StrategyOutcome[]): string {
  const within = outcomes.length > 0 ? followedWithin(outcomes, outcomes[0].reading) : undefined;
  return within === undefined ? 'never' : seconds(within);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
