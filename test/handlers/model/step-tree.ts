import type { Event, Laboratory } from './laboratory';
import { PeriodClock } from './times';
import type { Outside, World } from './world';
import { CURRENT } from '../../../handlers/core/secret-store';

/** What there is outside of a step, and how many passwords were made by then. */
export interface Moment {
  readonly outside: Outside;
  readonly taken: number;
}

/** Where a step has come to: it waits with a call, or has ended. */
export interface Position {
  readonly number: number;
  readonly ended?: 'done' | 'failed';
  /** When it began, and when each of its calls was made: the code decides by nothing else. */
  readonly moments: readonly Moment[];
}

/** A call of a step, with the code that follows as far as the next one. */
export interface Move extends Moment {
  readonly position: Position;
  /** What is wrong with what the call did. */
  readonly wrong?: string;
}

/** A step in a world, in a new process. */
interface Beginning {
  readonly world: World;
  readonly event: Event;
  readonly place: number;
  /** Versions of the secret when it begins. */
  readonly versions: number;
}

/** Code that runs as far as its next call, and waits there. */
class RunningStep {
  ended?: 'done' | 'failed';
  wrong?: string;
  private call: () => void;
  private arrived!: () => void;

  constructor(private readonly laboratory: Laboratory, { place, event, versions }: Beginning) {
    const end = (ended: 'done' | 'failed') => (): void => {
      this.ended = ended;
      this.arrived();
    };
    this.call = () => void laboratory.invoke(place, event, new PeriodClock(versions, 0.75)).then(end('done'), end('failed'));
  }

  /** Goes on to the next call, in the world as it is at that moment. */
  async advance(moment: Moment): Promise<void> {
    this.laboratory.resume(moment);
    this.laboratory.gate = async (_, __, work) => this.wait(work);
    return new Promise((resolve) => {
      this.arrived = resolve;
      this.call();
    });
  }

  /** What a call of a port comes to. */
  private async wait(work: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.call = () => {
        const former = this.laboratory.secret.holderOf(CURRENT);
        try {
          resolve(work());
        } catch (thrown) {
          reject(thrown);
        }
        this.wrong ??= this.laboratory.wrongMove(former);
      };
      this.arrived();
    });
  }
}

/**
 * Every way that a step takes in a new process, by what others do to the world between its calls.
 *
 * Code that runs cannot be copied: a way begins anew where another one has gone on from where they part. None is gone twice.
 */
export class StepTree {
  private readonly moves = new Map<string, Move>();
  private positions = 0;
  /** What waits at a position, for as long as nothing else runs in its place. */
  private waiting?: { readonly step: RunningStep; readonly at: Position; readonly entry: number };

  constructor(private readonly laboratory: Laboratory, private readonly beginning: Beginning) {}

  /** What the step does that waits at a position, or that begins, when the world is as it is then. */
  async move(from: Position | undefined, moment: Moment): Promise<Move> {
    const key = `${from?.number} ${moment.outside.outside} ${moment.taken}`;
    const known = this.moves.get(key);
    if (known) {
      return known;
    }
    const step = await this.stepAt(from);
    await step.advance(moment);
    const { laboratory, beginning: { place } } = this;
    const position = { number: this.positions++, ended: step.ended, moments: [...from?.moments ?? [], moment] };
    const move = { position, outside: laboratory.outside(), taken: laboratory.taken, wrong: step.wrong };
    this.waiting = { step, at: position, entry: laboratory.entries[place] };
    this.moves.set(key, move);
    return move;
  }

  private async stepAt(from: Position | undefined): Promise<RunningStep> {
    const { laboratory, beginning, waiting } = this;
    this.waiting = undefined;
    if (waiting && waiting.at === from && waiting.entry === laboratory.entries[beginning.place]) {
      return waiting.step;
    }
    laboratory.enter(beginning.world, beginning.place);
    const step = new RunningStep(laboratory, beginning);
    for (const moment of from?.moments ?? []) {
      await step.advance(moment);
    }
    return step;
  }
}
