import type { Clock } from './clock';
import { RotationError } from './rotation-error';

/** The moment by which a step has to be over, because Lambda ends the function soon after. */
export class Deadline {
  private readonly endsAt: number;

  constructor(private readonly clock: Clock, milliseconds: number) {
    this.endsAt = clock.now() + milliseconds;
  }

  /** Milliseconds that are left, never less than zero. */
  remaining(): number {
    return Math.max(0, this.endsAt - this.clock.now());
  }

  /** A time limit that ends with this deadline at the latest. */
  limit(milliseconds: number): number {
    const remaining = this.remaining();
    if (remaining === 0) {
      throw new RotationError('timeout', 'the function has no time left: raise its timeout or look for what is slow');
    }
    return Math.min(milliseconds, remaining);
  }
}

/** What has to be done in time, and what happens where it is not. */
export interface TimeLimit {
  readonly deadline: Deadline;
  readonly milliseconds: number;
  /** The text of the error. */
  readonly text: string;
  /** Ends the work that is late, for which nobody waits any more. */
  readonly abandon: () => void;
}

/** Does something within a time limit and within the function's time; a silent server is given up. */
export async function inTime<T>({ deadline, milliseconds, text, abandon }: TimeLimit, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new RotationError('timeout', text));
      abandon();
    }, deadline.limit(milliseconds));
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
