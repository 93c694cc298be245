import { wrongAfter } from './invariants';
import type { Event, Laboratory } from './laboratory';
import { PeriodClock } from './times';
import { type Outside, type ProcessState, type World, worldOf } from './world';
import { RotationError } from '../../../handlers/core/rotation-error';
import { CURRENT } from '../../../handlers/core/secret-store';

/** Calls that change something. */
const CHANGES = /^(PutSecretValue|UpdateSecretVersionStage|change|set)/;
const STORE = /^[A-Z]/;

export type FaultKind =
  /** The call is not made. */
  | 'fails'
  /** It is made, and the function never learns that. */
  | 'is made, its answer is lost'
  /** It is made, its answer is lost, and the client makes it again. */
  | 'is made twice';

export interface Fault {
  readonly at: number;
  readonly kind: FaultKind;
}

/** What is decided from without: the fault of a call, and chance. */
interface Circumstances {
  readonly fault?: Fault;
  readonly chance?: number;
}

/** What a step did. */
export interface Conduct {
  readonly outcome?: string;
  readonly error?: RotationError;
  readonly calls: readonly string[];
  readonly refused: number;
  readonly passwords: readonly string[];
  /** Whether chance has decided something. */
  readonly byChance: boolean;
}

/** What a step did to a world. */
export interface Run extends Conduct {
  /** What is wrong with what happened. */
  readonly wrong?: string;
  /** The world outside after each call that has changed it: where a process may have ended. */
  readonly moments: readonly World[];
  readonly after: World;
}

/** A moment of a run: what is outside, and whether the rotation has got through. */
interface Moment extends Outside {
  readonly proved: boolean;
}

/** A run without the other process, and without what has nothing to do with it. */
interface LonelyRun {
  readonly conduct: Conduct;
  readonly wrong?: string;
  readonly moments: readonly Moment[];
  readonly after: Moment;
  readonly process: ProcessState;
}

const NO_LOGINS = { refused: 0, passwords: [] };
/** What a rotation has proved and promoted is nobody else's work any more. */
const PROVED: Partial<World> = { cancelled: false, handed: false };

/**
 * Runs steps in worlds.
 *
 * A step knows the secret, the place where its values work, its own process, and what it is given: where these are the same, it
 * does the same, and is not run again.
 */
export class Runs {
  private readonly known = new Map<string, LonelyRun>();

  constructor(private readonly laboratory: Laboratory) {}

  async run(world: World, place: number, event: Event, { fault, chance = 0.75 }: Circumstances = {}): Promise<Run> {
    const circumstances = `${fault?.at} ${fault?.kind} ${chance} ${this.laboratory.unused(world)}`;
    const key = `${world.outside} ${world.processes[place].kept} ${event.step} ${event.token} ${circumstances}`;
    let run = this.known.get(key);
    if (run === undefined) {
      run = await this.lonely(world, place, event, { fault, chance });
      this.known.set(key, run);
    }
    const at = ({ proved, ...outside }: Moment, process: ProcessState): World =>
      worldOf({ ...world, ...proved ? PROVED : {}, ...outside, processes: [process, world.processes[1 - place]] });
    const { conduct, wrong, moments, after, process } = run;
    return { ...conduct, wrong, moments: moments.map((moment) => at(moment, this.laboratory.idle)), after: at(after, process) };
  }

  private async lonely(
    world: World,
    place: number,
    event: Event,
    { fault, chance }: { fault?: Fault; chance: number },
  ): Promise<LonelyRun> {
    const { laboratory } = this;
    laboratory.enter(world, place);
    const calls: string[] = [];
    const moments: Moment[] = [];
    let wrong: string | undefined;
    let proved = false;
    const clock = new PeriodClock(world.versions.size, chance);
    laboratory.gate = async (_, call, work) => {
      calls.push(call);
      const struck = fault?.at === calls.length ? fault.kind : undefined;
      if (struck !== undefined && (struck === 'fails' || !CHANGES.test(call))) {
        throw failureOf(call);
      }
      if (!CHANGES.test(call)) {
        return work();
      }
      const former = laboratory.secret.holderOf(CURRENT);
      if (struck === 'is made twice') {
        quietly(work);
      }
      try {
        const result = work();
        if (struck === 'is made, its answer is lost') {
          throw failureOf(call);
        }
        return result;
      } finally {
        if (laboratory.secret.holderOf(CURRENT) !== former) {
          proved = true;
          wrong ??= laboratory.wrongMove(former);
        }
        moments.push({ ...laboratory.outside(), proved });
      }
    };
    let outcome: string | undefined;
    let error: RotationError | undefined;
    try {
      outcome = await laboratory.invoke(place, event, clock);
    } catch (thrown) {
      error = RotationError.from(thrown);
    }
    const logins = laboratory.system.takeLogins?.() ?? NO_LOGINS;
    const conduct = { outcome, error, calls, byChance: clock.asked, ...logins };
    const after = { ...laboratory.outside(), proved };
    wrong ??= wrongAfter(laboratory.system, world, event, conduct, after);
    return { conduct, wrong, moments, after, process: laboratory.processState(place) };
  }
}

function failureOf(call: string): RotationError {
  return STORE.test(call) ? new RotationError('unavailable', `${call} failed`) : new RotationError('network', `${call} failed`);
}

function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // The client has not seen the answer.
  }
}
