import type { Event } from './laboratory';
import { CHANGES, type Fault, type Moment, type Run, type Runs } from './runs';
import type { ProcessState, World } from './world';

export const CHANCES = [0.25, 0.75];

/** Where a step may lead, or the end of its process in the middle of it. */
export interface Arrival {
  readonly moment: Moment;
  /** Absent where the process has ended. */
  readonly process?: ProcessState;
  /** What happened, as a text that follows the name of the step. */
  readonly how: string;
}

/** Everything that may become of a step. */
export interface Course {
  readonly arrivals: readonly Arrival[];
  /** Where it leads when it succeeds. */
  readonly finished: readonly Arrival[];
  /** Whether it changes something outside, where nothing fails. */
  readonly changes: boolean;
  /** What is wrong with what happened. */
  readonly wrong?: { readonly what: string; readonly how: string };
  /** Calls that were made, and how many of them no other run has come to. */
  readonly calls: number;
  readonly positions: number;
}

/** Every run of a step in a world: as it is, and with each call failing in each way. Gone once where the step finds the same. */
export class Courses {
  private readonly known = new Map<string, Course>();

  constructor(private readonly runs: Runs) {}

  async of(world: World, place: number, event: Event): Promise<Course> {
    const key = this.runs.key(world, place, event);
    let course = this.known.get(key);
    if (!course) {
      course = await this.gone(world, place, event);
      this.known.set(key, course);
    }
    return course;
  }

  private async gone(world: World, place: number, event: Event): Promise<Course> {
    const arrivals = new Map<string, Arrival>();
    const finished: Arrival[] = [];
    let [changes, calls, positions] = [false, 0, 0];
    let wrong: Course['wrong'];
    const note = (run: Run, how: string, fault?: Fault): Arrival => {
      calls += run.calls.length;
      positions += run.calls.length - (fault ? fault.at - 1 : 0);
      wrong ??= run.wrong === undefined ? undefined : { what: run.wrong, how };
      const arrive = (arrival: Arrival): Arrival => {
        const key = `${arrival.moment.outside} ${arrival.moment.proved} ${arrival.process?.kept}`;
        arrivals.set(key, arrivals.get(key) ?? arrival);
        return arrival;
      };
      run.moments.forEach((moment, index) => arrive({ moment, how: `${how}, which ends after change ${index + 1}` }));
      return arrive({ moment: run.after, process: run.process, how: `${how}: ${run.outcome ?? run.error!.message}` });
    };
    for (const chance of CHANCES) {
      const run = await this.runs.undisturbed(world, place, event, chance);
      const arrival = note(run, '');
      if (run.outcome !== undefined) {
        finished.push(arrival);
      }
      changes ||= run.after.outside !== world.outside;
      if (chance === CHANCES[0]) {
        for (const { fault, how } of run.calls.flatMap(faultsOf)) {
          note(await this.runs.run(world, place, event, { fault, chance: CHANCES[1] }), how, fault);
        }
      }
      if (!run.byChance) {
        break;
      }
    }
    return { arrivals: [...arrivals.values()], finished, changes, wrong, calls, positions };
  }
}

/** The ways in which a call of a port can fail. */
function faultsOf(call: string, index: number): { readonly fault: Fault; readonly how: string }[] {
  const kinds: readonly Fault['kind'][] = call === 'close' ? [] : CHANGES.test(call)
    ? ['fails', 'is made, its answer is lost', 'is made twice']
    : ['fails'];
  return kinds.map((kind) => ({ fault: { at: index + 1, kind }, how: `, whose call ${index + 1} (${call}) ${kind}` }));
}
