/** For how long somebody gets no connection who signs in over and over. */
export class Outages {
  /** In milliseconds, of those that have ended. */
  longest = 0;
  private since?: number;

  /** A login has failed, which began at that time. */
  failed(startedAt = performance.now()): void {
    this.since ??= startedAt;
  }

  /** A login has worked, or nobody tries any more. */
  end(): void {
    if (this.since !== undefined) {
      this.longest = Math.max(this.longest, performance.now() - this.since);
      this.since = undefined;
    }
  }
}
