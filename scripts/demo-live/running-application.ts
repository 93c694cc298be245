import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two calls of an instance, in which the machine gets something else done. */
const PAUSE = 25;

/** An instance of the application: it signs in to the database and says as whom. */
export interface ApplicationInstance {
  invoke<T>(event: unknown): Promise<T>;
}

/** What MyCustomApp answers. */
interface Answer {
  readonly username: string;
}

export interface LoginCount {
  readonly tried: number;
  readonly failed: number;
  /** Logins that worked, by user. */
  readonly users: ReadonlyMap<string, number>;
  /** What was reported of the failed ones, by text. */
  readonly failures: ReadonlyMap<string, number>;
}

/** MyCustomApp as its users see it: several instances that sign in over and over, each call with a login of its own. */
export class RunningApplication {
  private tried = 0;
  private readonly users = new Map<string, number>();
  private readonly failures = new Map<string, number>();
  private readonly loops: Promise<void>[];
  private stopped = false;

  /** @param seen what is told of each login as it ends: as whom, or that it failed */
  constructor(
    instances: readonly ApplicationInstance[], private readonly seen: (username: string | undefined) => void = () => undefined,
  ) {
    this.loops = instances.map(async (instance) => this.loop(instance));
  }

  /** Waits for the calls that are under way, and says what came of all of them. */
  async stop(): Promise<LoginCount> {
    this.stopped = true;
    await Promise.all(this.loops);
    const failed = [...this.failures.values()].reduce((sum, times) => sum + times, 0);
    return { tried: this.tried, failed, users: this.users, failures: this.failures };
  }

  private async loop(instance: ApplicationInstance): Promise<void> {
    while (!this.stopped) {
      this.tried += 1;
      try {
        const { username } = await instance.invoke<Answer>({});
        count(this.users, username);
        this.seen(username);
      } catch (thrown) {
        count(this.failures, (thrown as Error).message);
        this.seen(undefined);
      }
      await sleep(PAUSE);
    }
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
