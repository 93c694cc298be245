import { setTimeout as sleep } from 'node:timers/promises';
import type { DeployedFunction } from './deployed-function';
import type { Emulator, Interruption } from './emulator';
import type { DeclaredFunction, DeclaredSchedule } from './template-applier';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

type Step = (typeof STEPS)[number];

/** A rotation whose function has been killed. */
export interface KilledRotation {
  readonly token: string;
  /** In the middle of which. */
  readonly step: Step;
}

/** A rotation whose function was to be killed at some call. */
export interface InterruptedRotation {
  /** Seconds of the attempts after it, which ended the rotation; `undefined` where it never made that call. */
  readonly recovered?: number;
}

/** How often the steps are run again until a rotation is given up. */
const ATTEMPTS = 3;
/** Milliseconds in which nothing rotates after the function has ended: Secrets Manager waits as well, and longer. */
const WAIT = 500;

/**
 * Rotates a secret as Secrets Manager does: a new version without a value, then the four steps. The emulator does the first of
 * them.
 */
export class RotationDriver {
  constructor(private readonly emulator: Emulator, private readonly functions: ReadonlyMap<DeclaredFunction, DeployedFunction>) {}

  /** Seconds that it took. Throws at the first step that fails, which Secrets Manager would try again. */
  async rotate(schedule: DeclaredSchedule): Promise<number> {
    const startedAt = performance.now();
    const { token } = await this.begin(schedule);
    await this.attempt(schedule, token, STEPS);
    return (performance.now() - startedAt) / 1000;
  }

  /** Kills the function when it has changed the password and begins to test it. */
  async kill(schedule: DeclaredSchedule): Promise<KilledRotation> {
    const step = 'testSecret';
    const { token } = await this.begin(schedule);
    await this.attempt(schedule, token, STEPS.slice(0, STEPS.indexOf(step)));
    const { deployed } = this.functionOf(schedule);
    this.emulator.interruptRotations({ nth: 1, when: 'before' }, async () => deployed.kill());
    const error = await this.attempt(schedule, token, [step]).then(() => undefined, (thrown: Error) => thrown);
    if (error === undefined) {
      throw new Error(`the function of the schedule survived ${step}: ${schedule.functionArn}`);
    }
    return { token, step };
  }

  /** The next attempt, as Secrets Manager makes it: all steps again, of the same version. Seconds that it took. */
  async tryAgain(schedule: DeclaredSchedule, { token }: KilledRotation): Promise<number> {
    const startedAt = performance.now();
    await this.attempt(schedule, token, STEPS);
    return (performance.now() - startedAt) / 1000;
  }

  /** Says as well how often the function has called Secrets Manager. */
  async rotateCounting(schedule: DeclaredSchedule): Promise<{ readonly seconds: number; readonly calls: number }> {
    this.emulator.callsOfRotations();
    return { seconds: await this.rotate(schedule), calls: this.emulator.callsOfRotations() };
  }

  /**
   * Kills the function at a call, and tries again until the rotation is over.
   *
   * @throws what the last attempt failed with.
   */
  async rotateInterrupted(schedule: DeclaredSchedule, interruption: Interruption): Promise<InterruptedRotation> {
    const { token } = await this.begin(schedule);
    const { deployed } = this.functionOf(schedule);
    let isKilled = false;
    this.emulator.callsOfRotations();
    this.emulator.interruptRotations(interruption, async () => {
      isKilled = true;
      deployed.kill();
    });
    const first = await this.attempt(schedule, token, STEPS).then(() => undefined, (error: Error) => error);
    this.emulator.callsOfRotations();
    if (!isKilled) {
      return first === undefined ? {} : Promise.reject(first);
    }
    await sleep(WAIT);
    const startedAt = performance.now();
    await this.attemptAgain(schedule, token);
    return { recovered: (performance.now() - startedAt) / 1000 };
  }

  private async attemptAgain(schedule: DeclaredSchedule, token: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(schedule, token, STEPS);
      } catch (error) {
        if (attempt === ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  private async begin(schedule: DeclaredSchedule): Promise<{ readonly token: string }> {
    const { declared } = this.functionOf(schedule);
    // Without the schedule's rules: moto takes a secret with an expression for one that does not rotate.
    return this.emulator.server.startRotation(schedule.secretArn, { functionName: declared.name, region: declared.region });
  }

  private async attempt(schedule: DeclaredSchedule, token: string, steps: readonly Step[]): Promise<void> {
    const { deployed } = this.functionOf(schedule);
    for (const step of steps) {
      await deployed.invoke<null>({ Step: step, SecretId: schedule.secretArn, ClientRequestToken: token });
    }
  }

  private functionOf({ functionArn }: DeclaredSchedule): { declared: DeclaredFunction; deployed: DeployedFunction } {
    const [declared, deployed] = [...this.functions].find(([{ arn }]) => arn === functionArn) ?? [];
    if (declared === undefined || deployed === undefined) {
      throw new Error(`the function of the schedule does not run: ${functionArn}`);
    }
    return { declared, deployed };
  }
}
