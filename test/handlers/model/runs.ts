import { wrongAfter } from './invariants';
import type { Event, Laboratory } from './laboratory';
import { PeriodClock } from './times';
import { type Outside, type ProcessState, type World, worldOf } from './world';
import { RotationError } from '../../../handlers/core/rotation-error';
import { CURRENT } from '../../../handlers/core/secret-store';

/** Calls that change something. */
export const CHANGES = /^(PutSecretValue|UpdateSecretVersionStage|change|set)/;
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
  readonly chance: number;
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

/** A moment of a run: what is outside, and whether the rotation has got through. */
export interface Moment extends Outside {
  readonly proved: boolean;
}

/** What a step did, to whatever world in which it finds the same. */
export interface Run extends Conduct {
  /** What is wrong with what happened. */
  readonly wrong?: string;
  /** After each call that has changed something outside: where a process may have ended. */
  readonly moments: readonly Moment[];
  readonly after: Moment;
  /** What the process keeps. */
  readonly process: ProcessState;
}

const NO_LOGINS = { refused: 0, passwords: [] };
/** What a rotation has proved and promoted is nobody else's work any more. */
const PROVED: Partial<World> = { cancelled: false, handed: false };

/** Where a run leads, in a world in which it may come. */
export function worldAt(world: World, place: number, { proved, ...outside }: Moment, process: ProcessState): World {
  return worldOf({ ...world, ...proved ? PROVED : {}, ...outside, processes: [process, world.processes[1 - place]] });
}

/** Runs steps in worlds; where nothing fails, once. */
export class Runs {
  private readonly known = new Map<string, Run>();

  constructor(private readonly laboratory: Laboratory) {}

  /**
   * What a step finds: the secret, the place where its values work, its own process, and what it is given. Where these are the
   * same, it does the same.
   */
  key(world: World, place: number, { step, token }: Event): string {
    return `${world.outside} ${world.processes[place].kept} ${step} ${token} ${this.laboratory.unused(world)}`;
  }

  async undisturbed(world: World, place: number, event: Event, chance: number): Promise<Run> {
    const key = `${this.key(world, place, event)} ${chance}`;
    let run = this.known.get(key);
    if (!run) {
      run = await this.run(world, place, event, { chance });
      this.known.set(key, run);
    }
    return run;
  }

  async run(world: World, place: number, event: Event, { fault, chance }: Circumstances): Promise<Run> {
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
    return { ...conduct, wrong, moments, after, process: laboratory.processState(place) };
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
