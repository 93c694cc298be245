import { randomInt } from 'node:crypto';

/** Time and randomness, which tests replace. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** A number from 0 to 1. */
  random(): number;
}

const PRECISION = 1_000_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => randomInt(PRECISION) / PRECISION,
};
