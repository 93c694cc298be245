import { AnswerGate } from './answer-gate';
import { FunctionInChild } from './function-in-child';
import { ManInTheMiddle } from './man-in-the-middle';
import { type BenchRotation, type RotationBench, type StepName, STEPS } from './rotation-bench';
import { type FunctionOptions, rotationEnvironment } from './rotation-environment';
import type { HandlerName } from './rotation-function';
import type { TlsBeginning } from './tls-beginning';
import { StrictGuard } from '../../servers/strict-guard';

/** Where a function is killed: at a call of Secrets Manager or at an answer of the database, counted from one in its step. */
export interface KillPoint {
  readonly step: StepName;
  readonly at: 'call not made' | 'call made, its answer lost' | 'answer of the database lost';
  readonly nth: number;
}

/** A rotation whose function has been killed. */
export interface KilledRotation extends BenchRotation {
  readonly point: KillPoint;
  /** What ended the process; `null` where nothing has. */
  readonly signal: NodeJS.Signals | null;
}

/**
 * Kills functions in the middle of their steps.
 *
 * It has a way to the servers of its own, so that several can work at the same time. A process that has finished a rotation has
 * forgotten it: the next one to be killed is the one that finished the last.
 */
export class KilledRotations {
  static async start(
    bench: RotationBench,
    handler: HandlerName,
    options: FunctionOptions,
    begin?: TlsBeginning,
  ): Promise<KilledRotations> {
    const gate = new AnswerGate();
    const guard = await StrictGuard.start(bench.secrets);
    // With the server's own certificate, to which SCRAM binds a login.
    const man = options.database && await ManInTheMiddle.start(bench.certificates.good, options.database.port as number, {
      ...begin && { begin }, passage: (client) => gate.passage(client),
    });
    const variables = rotationEnvironment(guard, { ...options, database: man && { ...options.database!, port: man.port } });
    return new KilledRotations(bench, guard, gate, () => new FunctionInChild(handler, variables), man);
  }

  /** Does the steps before the one that is killed. */
  private readonly early: FunctionInChild;
  private victim: FunctionInChild;
  private heir: FunctionInChild;

  private constructor(
    private readonly bench: RotationBench,
    private readonly guard: StrictGuard,
    private readonly gate: AnswerGate,
    private readonly startFunction: () => FunctionInChild,
    private readonly man?: ManInTheMiddle,
  ) {
    [this.early, this.victim, this.heir] = [startFunction(), startFunction(), startFunction()];
  }

  /** Where its functions find the database. */
  get port(): number | undefined {
    return this.man?.port;
  }

  /**
   * Runs a rotation without a kill, each step in a new process, and tells where it can be killed.
   *
   * Before the first call, and after each call and each answer: a process that ends before another call has done no more than one
   * that ended after what came before it.
   */
  async points(arn: string): Promise<KillPoint[]> {
    const rotation = await this.bench.begin(arn);
    const points: KillPoint[] = [];
    for (const step of STEPS) {
      this.reset();
      await this.bench.step(this.victim, rotation, step);
      points.push({ step, nth: 1, at: 'call not made' });
      for (let nth = 1; nth <= this.guard.count(); nth++) {
        points.push({ step, nth, at: 'call made, its answer lost' });
      }
      for (let nth = 1; nth <= this.gate.count; nth++) {
        points.push({ step, nth, at: 'answer of the database lost' });
      }
      await this.victim.kill();
      this.victim = this.startFunction();
    }
    return points;
  }

  /** Begins a rotation and kills the function at the point. */
  async kill(arn: string, point: KillPoint): Promise<KilledRotation> {
    const rotation = await this.bench.begin(arn);
    for (const step of STEPS.slice(0, STEPS.indexOf(point.step))) {
      await this.bench.step(this.early, rotation, step);
    }
    this.reset();
    this.arm(point);
    await this.bench.step(this.victim, rotation, point.step).catch(() => undefined);
    this.reset();
    return { ...rotation, point, signal: this.victim.signal };
  }

  /** Does the killed step again, with the same token in a new process, and what is left of the rotation. */
  async finish({ point, ...rotation }: KilledRotation): Promise<void> {
    for (const step of STEPS.slice(STEPS.indexOf(point.step))) {
      await this.bench.step(this.heir, rotation, step);
    }
    [this.victim, this.heir] = [this.heir, this.startFunction()];
  }

  /** Cancels the rotation, as a person does who sees it fail; another function is there for the next. */
  async giveUp(killed: KilledRotation): Promise<void> {
    await this.bench.abandon(killed);
    [this.victim, this.heir] = [this.heir, this.startFunction()];
  }

  /**
   * Kills a step at its first point of a kind, does it again in a new process and kills that at the second, until one gets
   * through.
   *
   * @returns how many have been killed
   */
  async killThroughout(
    rotation: BenchRotation,
    { step, at }: Omit<KillPoint, 'nth'>,
    afterEach: () => Promise<void>,
  ): Promise<number> {
    for (let nth = 1; ; nth++) {
      this.reset();
      this.arm({ step, at, nth });
      const failure = await this.bench.step(this.victim, rotation, step).then(() => undefined, (error: Error) => error);
      this.reset();
      if (this.victim.signal === null) {
        if (failure) {
          throw failure;
        }
        return nth - 1;
      }
      [this.victim, this.heir] = [this.heir, this.startFunction()];
      await afterEach();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.early, this.victim, this.heir].map(async (running) => running.stop()));
    await this.man?.stop();
    await this.guard.stop();
  }

  private arm({ at, nth }: KillPoint): void {
    const callback = async (): Promise<void> => this.victim.kill();
    if (at === 'answer of the database lost') {
      this.gate.interrupt(nth, callback);
    } else {
      this.guard.fault({ nth, when: at === 'call not made' ? 'before' : 'after', effect: { kind: 'interrupt', callback } });
    }
  }

  private reset(): void {
    this.guard.reset();
    this.gate.reset();
  }
}
