import type { Clock } from './clock';
import { RotationError } from './rotation-error';

/** The moment by which a step has to be over, because Lambda ends the function soon after. */
export class Deadline {
  private readonly endsAt: number;

  constructor(private readonly clock: Clock, milliseconds: number) {
    this.endsAt = clock.now() + milliseconds;
  }

  /** Milliseconds that are left, never less than zero. */
  public remaining(): number {
    return Math.max(0, this.endsAt - this.clock.now());
  }

  /** A time limit that ends with this deadline at the latest. */
  public limit(milliseconds: number): number {
    const remaining = this.remaining();
    if (remaining === 0) {
      throw new RotationError('timeout', 'the function has no time left: raise its timeout or look for what is slow');
    }
    return Math.min(milliseconds, remaining);
  }
}
