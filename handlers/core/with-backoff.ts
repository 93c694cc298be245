import type { Clock } from './clock';
import type { Deadline } from './deadline';
import { RotationError } from './rotation-error';

const FIRST_DELAY = 100;
const LONGEST_DELAY = 4_000;

export interface BackoffOptions {
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** For how many milliseconds after the first attempt an error like this is worth another one; 0 for never. */
  readonly patience: (error: RotationError) => number;
}

/** Tries again, with full jitter, for as long as the error is worth it and the function has time. */
export async function withBackoff<T>(attempt: () => Promise<T>, options: BackoffOptions): Promise<T> {
  const { clock, deadline, patience } = options;
  const startedAt = clock.now();
  let ceiling = FIRST_DELAY;
  let former: RotationError | undefined;
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      const latest = RotationError.from(thrown);
      // An attempt that had too little time left says less than the one before it.
      const isLate = latest.errorClass === 'timeout' || latest.code === 'ETIMEDOUT';
      const error = former && isLate && deadline.remaining() < FIRST_DELAY ? former : latest;
      former = error;
      const delay = Math.ceil(clock.random() * ceiling);
      const elapsed = clock.now() - startedAt;
      if (elapsed + delay > patience(error) || delay >= deadline.remaining()) {
        throw error;
      }
      await clock.sleep(delay);
      ceiling = Math.min(2 * ceiling, LONGEST_DELAY);
    }
  }
}
