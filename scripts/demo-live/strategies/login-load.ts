import { setTimeout as sleep } from 'node:timers/promises';
import type { Application, SigningIn } from './applications';
import { Outages } from '../../local-deployment/outages';

const WORKERS = 2;
/** Milliseconds between two logins of a worker. */
const PAUSE = 50;

/** What came of an application's logins. */
export interface LoginTally {
  readonly tried: number;
  readonly failed: number;
  /** The longest time, in milliseconds, in which a worker got no connection at all. */
  readonly longestOutage: number;
}

/** One of those who sign in over and over. */
interface Worker {
  /** Logins that have ended. */
  ended: number;
  /** Version that it last got in with. */
  versionId?: string;
  readonly outages: Outages;
}

/** An application under load: workers that sign in over and over. */
export class LoginLoad {
  private readonly workers: Worker[] = Array.from({ length: WORKERS }, () => ({ ended: 0, outages: new Outages() }));
  private readonly loops: Promise<void>[];
  private isOver = false;
  private tried = 0;
  private failed = 0;

  constructor(private readonly application: Application, private readonly connect: SigningIn) {
    this.loops = this.workers.map(async (worker) => this.loop(worker));
  }

  /** Whether each worker last got in with this version. */
  uses(versionId: string): boolean {
    return this.workers.every((worker) => worker.versionId === versionId);
  }

  /** Gives what is true once each worker has tried again from now on. */
  triedAgain(): () => boolean {
    // One that ends now may have begun before.
    const wanted = this.workers.map(({ ended }) => ended + 2);
    return () => this.workers.every(({ ended }, index) => ended >= wanted[index]);
  }

  async stop(): Promise<LoginTally> {
    this.isOver = true;
    await Promise.all(this.loops);
    this.workers.forEach(({ outages }) => outages.end());
    const { tried, failed } = this;
    return { tried, failed, longestOutage: Math.max(...this.workers.map(({ outages }) => outages.longest)) };
  }

  private async loop(worker: Worker): Promise<void> {
    while (!this.isOver) {
      this.tried += 1;
      const startedAt = performance.now();
      try {
        worker.versionId = await this.application.signIn(this.connect);
        worker.outages.end();
      } catch {
        this.failed += 1;
        worker.outages.failed(startedAt);
      }
      worker.ended += 1;
      await sleep(PAUSE);
    }
  }
}
