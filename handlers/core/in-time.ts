import type { Deadline } from './deadline';
import { RotationError } from './rotation-error';

/** What has to be done in time, and what happens where it is not. */
export interface TimeLimit {
  readonly deadline: Deadline;
  readonly milliseconds: number;
  /** The text of the error. */
  readonly text: string;
  /** Ends what is late: nobody waits for it any more. */
  readonly abandon: () => void;
}

/** Does something within a time and the function's; a server that says nothing is given up. */
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
