import { type Arrival, CHANCES, Courses } from './courses';
import { Interleavings } from './interleavings';
import { wrongAfterDuty, wrongIn } from './invariants';
import { BEGINNING, type Event, Laboratory } from './laboratory';
import { Runs, worldAt } from './runs';
import type { System } from './system';
import { timeOf } from './times';
import type { World } from './world';
import type { Step } from '../../../handlers/core/rotation-event';
import { CURRENT, ENDED, PENDING, PREVIOUS } from '../../../handlers/core/secret-store';
import { ROLL_BACK } from '../../../src/contract/roll-back';
import type { MemorySecret } from '../support/memory-secret';

export const STEPS: readonly Step[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const ATTEMPTS = 4;
const DUTY: Event = { step: 'duty', token: '' };

/** How far it goes. */
export interface Bounds {
  /** How many rotations begin. */
  readonly rotations: number;
  /** How often people do what they should not. */
  readonly hands: number;
  /** How many worlds are gone through, the nearest first. */
  readonly worlds: number;
  /** Whether the daily audit ends former credentials meanwhile. */
  readonly duty?: boolean;
}

export interface Report {
  readonly system: string;
  /** Different worlds between two steps. */
  readonly worlds: number;
  /** Whether there are no others within the bounds. */
  readonly complete: boolean;
  /**
   * Different positions of a running step, or of two, in a world: the world it began in, its event, its fault, and the call it
   * has come to.
   */
  readonly positions: number;
  /** Calls of ports that were made. */
  readonly calls: number;
  /** What is wrong, and the shortest way there. */
  readonly violation?: { readonly what: string; readonly trace: readonly string[] };
}

interface Node {
  readonly world: World;
  readonly parent?: Node;
  readonly action: string;
}

interface Expectation {
  readonly event: string;
  readonly node: Node;
  readonly name: string;
}

class Violation extends Error {
  constructor(readonly what: string, readonly node: Node, readonly action?: string) {
    super(what);
  }
}

/**
 * Goes through every world that can be reached, nearest first, and through every call of every step in it.
 *
 * In each world any step of any token may come, in either of two processes or again in a new one; any of its calls may fail, lose
 * its answer or be the last that the process makes; a rotation may begin or be cancelled; and people may write what they should
 * not.
 */
export class Explorer {
  private readonly laboratory: Laboratory;
  private readonly runs: Runs;
  private readonly courses: Courses;
  private readonly interleavings: Interleavings;
  private readonly seen = new Set<string>();
  private readonly outsides = new Set<number>();
  /** The events that change something outside, by the world in which they come. */
  private readonly changes = new Map<string, Set<string>>();
  /** Events that must change nothing, by the world in which they come. */
  private readonly expectations = new Map<string, Expectation[]>();
  private readonly queue: Node[] = [];
  private positions = 0;
  private calls = 0;

  constructor(private readonly system: System, private readonly bounds: Bounds) {
    this.laboratory = new Laboratory(system);
    this.runs = new Runs(this.laboratory);
    this.courses = new Courses(this.runs);
    this.interleavings = new Interleavings(this.laboratory);
  }

  async explore(): Promise<Report> {
    let violation: Report['violation'];
    const { stackTraceLimit } = Error;
    // Most of the time would go into stacks that nobody reads.
    Error.stackTraceLimit = 0;
    try {
      this.reach(this.laboratory.first());
      for (let index = 0; index < this.queue.length && index < this.bounds.worlds; index++) {
        await this.expand(this.queue[index]);
      }
    } catch (thrown) {
      if (!(thrown instanceof Violation)) {
        throw thrown;
      }
      violation = { what: thrown.what, trace: [...traceOf(thrown.node), ...thrown.action === undefined ? [] : [thrown.action]] };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    const positions = this.positions + this.interleavings.positions;
    return {
      system: this.system.name,
      worlds: this.seen.size,
      complete: this.queue.length <= this.bounds.worlds,
      positions,
      calls: this.calls,
      violation,
    };
  }

  private get hasDuty(): boolean {
    return this.system.keepsFormer === true && this.bounds.duty === true;
  }

  private reach(world: World, parent?: Node, action = 'the beginning'): void {
    if (this.seen.has(world.key)) {
      return;
    }
    this.seen.add(world.key);
    const node = { world, parent, action };
    this.laboratory.enter(world);
    const wrong = wrongIn(this.laboratory, world);
    if (wrong !== undefined) {
      throw new Violation(wrong, node);
    }
    this.queue.push(node);
  }

  private async expand(node: Node): Promise<void> {
    const { world } = node;
    const changes = new Set<string>();
    await this.checkRecovery(node);
    this.people(node);
    const same = world.processes[0].kept === world.processes[1].kept;
    for (const token of world.versions.keys()) {
      if (token.startsWith('T')) {
        for (const step of STEPS) {
          for (const place of same ? [0] : [0, 1]) {
            await this.step(node, place, { step, token }, changes);
          }
        }
      }
    }
    if (this.hasDuty) {
      await this.step(node, 0, DUTY, changes);
      await this.dutyDuringRotation(node);
    }
    await this.atTheSameTime(node);
    this.changes.set(world.key, changes);
    this.expectations.get(world.key)?.forEach((expectation) => checkExpectation(expectation, changes));
    this.expectations.delete(world.key);
  }

  private async step(node: Node, place: number, event: Event, changes: Set<string>): Promise<void> {
    const { world } = node;
    const name = event === DUTY ? 'the daily audit' : `${event.step} of ${event.token} in process ${place + 1}`;
    const course = await this.courses.of(world, place, event);
    this.calls += course.calls;
    this.positions += course.positions;
    if (course.wrong !== undefined) {
      throw new Violation(course.wrong.what, node, `${name}${course.wrong.how}`);
    }
    const worldOf = ({ moment, process = this.laboratory.idle }: Arrival): World => worldAt(world, place, moment, process);
    course.arrivals.forEach((arrival) => this.reach(worldOf(arrival), node, `${name}${arrival.how}`));
    // What a person has written meanwhile may be a reason to do it again.
    if (!world.handed) {
      course.finished.forEach((arrival) =>
        this.checkRepetition(`${event.step} ${event.token}`, worldOf(arrival), node, `${name}${arrival.how}`));
    }
    if (course.changes) {
      changes.add(`${event.step} ${event.token}`);
    }
    if (world.processes[place] !== this.laboratory.idle) {
      const processes = [this.laboratory.idle, world.processes[1 - place]] as const;
      this.laboratory.enter(world);
      this.reach(this.laboratory.world(world, { processes }), node, `process ${place + 1} ends`);
    }
  }

  /** What a step has done is not done again, in whatever process: looked at once the world that it has led to is gone through. */
  private checkRepetition(event: string, world: World, node: Node, name: string): void {
    const expectation = { event, node, name };
    const changes = this.changes.get(world.key);
    if (changes === undefined) {
      this.expectations.set(world.key, [...this.expectations.get(world.key) ?? [], expectation]);
    } else {
      checkExpectation(expectation, changes);
    }
  }

  /** Two steps of the rotation in two new processes, where nobody has interfered. */
  private async atTheSameTime(node: Node): Promise<void> {
    const { world } = node;
    const { idle } = this.laboratory;
    const token = [...world.versions].find(([, { labels }]) => labels.includes(PENDING))?.[0];
    if (token === undefined || world.handed || world.cancelled || world.processes.some((process) => process !== idle)) {
      return;
    }
    for (const [index, step] of STEPS.entries()) {
      for (const other of STEPS.slice(index)) {
        await this.interleavings.all(world, [{ step, token }, { step: other, token }], ({ turns, after, wrong }) => {
          const name = `${step} and ${other} of ${token} in two processes, whose calls come in the order `
            + `${turns}`;
          if (wrong !== undefined) {
            throw new Violation(wrong, node, name);
          }
          this.reach(after, node, name);
        });
      }
    }
  }

  /** A rotation that begins while the daily audit does its duty. */
  private async dutyDuringRotation(node: Node): Promise<void> {
    const { world } = node;
    const { idle, system } = this.laboratory;
    const versions = [...world.versions.values()];
    const isFree = versions.every(({ labels }) => !labels.includes(PENDING)) && world.begun < this.bounds.rotations;
    const hasFormer = versions.some(({ labels }) => labels.includes(PREVIOUS) && !labels.includes(ENDED));
    if (!isFree || !hasFormer || world.handed || world.cancelled || world.processes.some((process) => process !== idle)) {
      return;
    }
    const begun = world.begun + 1;
    const event: Event = { step: BEGINNING, token: `T${begun}` };
    await this.interleavings.all({ ...world, begun }, [DUTY, event], ({ turns, after, wrong, done }) => {
      const name = `the daily audit and a rotation, whose calls come in the order ${turns}`;
      const pending = [...after.versions.values()].find(({ labels }) => labels.includes(PENDING))?.text;
      const undone = done && !system.works(pending!) ? 'the daily audit has ended the pending credential' : undefined;
      if (wrong !== undefined || undone !== undefined) {
        throw new Violation(wrong ?? undone!, node, name);
      }
      this.reach(after, node, name);
    });
  }

  /** From wherever it is, a rotation gets through when nothing fails any more. */
  private async checkRecovery(node: Node): Promise<void> {
    if (this.outsides.has(node.world.outside)) {
      return;
    }
    this.outsides.add(node.world.outside);
    const abandoned = [...node.world.versions.values()]
      .filter(({ labels, text }) => labels.length === 0 && text !== undefined).length;
    if (this.system.recovers?.(abandoned, node.world.handed) === false) {
      return;
    }
    let { world } = node;
    let failure = '';
    const idle = [this.laboratory.idle, this.laboratory.idle] as const;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      this.laboratory.enter({ ...world, processes: idle });
      const { secret } = this.laboratory;
      const pending = secret.holderOf(PENDING);
      const token = pending === undefined || pending === secret.holderOf(CURRENT) ? `R${attempt}` : pending;
      if (token !== pending) {
        secret.begin(token, timeOf(secret.versions.size));
      }
      world = this.laboratory.world(world, { processes: idle });
      failure = '';
      for (const step of STEPS) {
        const run = await this.runs.undisturbed(world, 0, { step, token }, CHANCES[attempt % CHANCES.length]);
        this.calls += run.calls.length;
        world = worldAt(world, 0, run.after, run.process);
        if (run.outcome === undefined) {
          failure = `${step}: ${run.error!.message}`;
          break;
        }
      }
      this.laboratory.enter(world);
      if (failure === '' && this.laboratory.works(this.laboratory.secret.holderOf(CURRENT))) {
        return this.checkDuty(node, world);
      }
    }
    throw new Violation(`no rotation gets through any more: ${failure}`, node);
  }

  /** The next daily audit after a rotation ends the former credential. */
  private async checkDuty(node: Node, world: World): Promise<void> {
    if (this.hasDuty) {
      const { error, after, process, calls } = await this.runs.undisturbed(world, 0, DUTY, CHANCES[1]);
      this.calls += calls.length;
      this.laboratory.enter(worldAt(world, 0, after, process));
      const wrong = error?.message ?? wrongAfterDuty(this.laboratory, after.versions);
      if (wrong !== undefined) {
        throw new Violation(wrong, node, 'a rotation that gets through, and the daily audit');
      }
    }
  }

  /** What happens besides the steps. */
  private people(node: Node): void {
    const { world } = node;
    const { laboratory, system } = this;
    const act = (name: string, change: Partial<World>, work: (secret: MemorySecret) => boolean): void => {
      laboratory.enter(world);
      if (work(laboratory.secret)) {
        this.reach(laboratory.world(world, { ...change, processes: world.processes }), node, name);
      }
    };
    if (world.begun < this.bounds.rotations) {
      act('a rotation begins', { begun: world.begun + 1 }, (secret) => {
        const pending = secret.holderOf(PENDING);
        const free = pending === undefined || pending === secret.holderOf(CURRENT);
        if (free) {
          const token = `T${world.begun + 1}`;
          secret.begin(token, timeOf(world.versions.size));
          if (system.former !== undefined) {
            secret.move(`${ROLL_BACK}${token}`, { to: secret.holderOf(PREVIOUS)! });
          }
        }
        return free;
      });
    }
    act('the rotation is cancelled', { cancelled: true }, (secret) => {
      const pending = secret.holderOf(PENDING);
      if (pending !== undefined) {
        secret.move(PENDING, { from: pending });
      }
      return pending !== undefined;
    });
    if (world.hands < this.bounds.hands) {
      for (const { name, act: work } of system.hands) {
        act(name, { hands: world.hands + 1, handed: true }, (secret) => work(secret, world.hands + 1));
      }
    }
  }
}

function checkExpectation({ event, node, name }: Expectation, changes: Set<string>): void {
  if (changes.has(event)) {
    throw new Violation('the same step again changes something', node, `${name}, and again`);
  }
}

function traceOf(node: Node): string[] {
  const trace: string[] = [];
  for (let each: Node | undefined = node; each; each = each.parent) {
    trace.unshift(each.action);
  }
  return trace;
}
