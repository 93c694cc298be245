import { wrongIn } from './invariants';
import { BEGINNING, type Event, type Laboratory } from './laboratory';
import { type Moment, type Position, StepTree } from './step-tree';
import { type World, worldOf } from './world';

/** How one way of taking turns went. */
export interface Interleaving {
  /** Which process made each call: `1121`. */
  readonly turns: string;
  readonly after: World;
  readonly wrong?: string;
  /** Whether both have done what they are for. */
  readonly done: boolean;
}

/** Two steps that have each come to a position. */
interface Pair extends Moment {
  readonly positions: readonly [Position, Position];
  readonly turns: string;
}

type Visit = (found: Interleaving) => void;

/**
 * Two steps of the same rotation, or a rotation and the daily audit, at the same time, in two processes, in every order of their
 * calls.
 *
 * An order that comes to where another one has been is not gone on with.
 */
export class Interleavings {
  positions = 0;
  private readonly sound = new Set<number>();
  private world?: World;
  private readonly trees = new Map<string, StepTree>();

  constructor(private readonly laboratory: Laboratory) {}

  async all(world: World, events: readonly [Event, Event], visit: Visit): Promise<void> {
    const trees = this.treesIn(world, events);
    const seen = new Set<string>();
    const turns: { readonly pair: Pair; readonly place: 0 | 1 }[] = [];
    const arrive = (pair: Pair, wrong?: string): void => {
      const [one, other] = pair.positions;
      const key = `${pair.outside.outside} ${one.number} ${other.number}`;
      const bothWait = !one.ended && !other.ended;
      if (wrong !== undefined || (one.ended && other.ended) || (bothWait && seen.has(key))) {
        visit(this.found(pair, wrong));
      }
      if (!seen.has(key)) {
        seen.add(key);
        this.positions += bothWait ? 1 : 0;
        // What is put there last goes on first: the code that has just run need not begin anew.
        turns.push(...([1, 0] as const).filter((place) => !pair.positions[place].ended).map((place) => ({ pair, place })));
      }
    };
    const one = await trees[0].move(undefined, { outside: world, taken: 0 });
    const other = await trees[1].move(undefined, one);
    arrive({ ...other, positions: [one.position, other.position], turns: '' });
    for (let turn = turns.pop(); turn; turn = turns.pop()) {
      const { pair, place } = turn;
      const { position, wrong, ...moment } = await trees[place].move(pair.positions[place], pair);
      const positions = place === 0 ? [position, pair.positions[1]] as const : [pair.positions[0], position] as const;
      const next = { ...moment, positions, turns: `${pair.turns}${place + 1}` };
      arrive(next, wrong ?? this.wrongIn(next));
    }
  }

  /** What holds outside has been looked at where it has been the same before. */
  private wrongIn(pair: Pair): string | undefined {
    if (this.sound.has(pair.outside.outside)) {
      return undefined;
    }
    this.sound.add(pair.outside.outside);
    this.laboratory.resume(pair);
    return wrongIn(this.laboratory, this.now(pair));
  }

  private found(pair: Pair, wrong: string | undefined): Interleaving {
    this.laboratory.resume(pair);
    const done = pair.positions.every(({ ended }) => ended === 'done');
    return { turns: pair.turns, after: this.now(pair), wrong, done };
  }

  private now({ outside }: Pair): World {
    const { idle } = this.laboratory;
    return worldOf({ ...this.world!, ...outside, processes: [idle, idle] });
  }

  /** The same steps come with others in a world. */
  private treesIn(world: World, events: readonly [Event, Event]): readonly [StepTree, StepTree] {
    if (this.world !== world) {
      this.world = world;
      this.trees.clear();
    }
    // What begins meanwhile has begun a minute ago.
    const versions = world.versions.size + (events.some(({ step }) => step === BEGINNING) ? 1 : 0);
    const treeOf = (event: Event, place: number): StepTree => {
      const key = `${event.step} ${event.token}`;
      const tree = this.trees.get(key) ?? new StepTree(this.laboratory, { world, event, place, versions });
      this.trees.set(key, tree);
      return tree;
    };
    return [treeOf(events[0], 0), treeOf(events[1], 1)];
  }
}
