/**
 * A moment, and how long ago it was.
 *
 * The larger of two times counts: the clock may be set back, and what counts the time of a process may stand still while that is
 * frozen.
 */
export class Moment {
  readonly #clock = Date.now();
  readonly #process = performance.now();

  get age(): number {
    return Math.max(Date.now() - this.#clock, performance.now() - this.#process);
  }

  /** Whether somebody has set the clock back since. */
  get isAhead(): boolean {
    return Date.now() < this.#clock;
  }
}
