import { setTimeout as sleep } from 'node:timers/promises';
import { Outages } from '../local-deployment/outages';

/** Milliseconds between two logins. */
const PAUSE = 25;

/** A value of a secret, as an application reads it. */
export interface CurrentValue<T> {
  readonly versionId: string;
  readonly value: T;
}

export interface LoginSource<T> {
  readCurrent(): Promise<CurrentValue<T>>;
  logIn(value: T): Promise<void>;
  /** Whether the server has refused a login, and not something else has failed. */
  isRefusal(thrown: unknown): boolean;
  /** Whether logins may fail at the moment. */
  mayFail(): boolean;
  /** Whether a value that has been read has to let in by now. */
  hasToLetIn(versionId: string): Promise<boolean>;
}

export interface LoginCount {
  readonly tried: number;
  readonly failed: number;
  /** Those of the failed that no rotation explains. */
  readonly unexplained: number;
  /** Seconds from the first of several failed logins in a row to the next that worked, or to the end. */
  readonly longestOutage: number;
  /** What the last failed login failed with. */
  readonly lastFailure?: string;
  /** Logins that the server has neither let in nor refused: they say nothing, and are not among those that were tried. */
  readonly unanswered: number;
}

/** An application that reads the secret and signs in with it, over and over. */
export class LoginLoop<T> {
  private tried = 0;
  private failed = 0;
  private unexplained = 0;
  private readonly outages = new Outages();
  private lastFailure?: string;
  private unanswered = 0;
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(private readonly source: LoginSource<T>) {
    this.loop = this.run();
    // Whoever stops it hears of it.
    this.loop.catch(() => undefined);
  }

  /** Waits for the login that is under way. */
  async stop(): Promise<LoginCount> {
    this.stopped = true;
    await this.loop;
    this.outages.end();
    const { tried, failed, unexplained, lastFailure, unanswered } = this;
    return { tried, failed, unexplained, longestOutage: this.outages.longest / 1000, lastFailure, unanswered };
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.signIn();
      await sleep(PAUSE);
    }
  }

  private async signIn(): Promise<void> {
    const mightFail = this.source.mayFail();
    const { versionId, value } = await this.source.readCurrent();
    try {
      await this.source.logIn(value);
      this.tried += 1;
      this.outages.end();
    } catch (error) {
      if (!this.source.isRefusal(error)) {
        this.unanswered += 1;
        return;
      }
      this.tried += 1;
      this.failed += 1;
      this.outages.failed();
      this.lastFailure = (error as Error).message;
      const hadToLetIn = await this.source.hasToLetIn(versionId);
      if (hadToLetIn && !mightFail && !this.source.mayFail()) {
        this.unexplained += 1;
      }
    }
  }
}
