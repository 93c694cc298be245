import { wrongIn } from './invariants';
import { BEGINNING, type Event, type Laboratory } from './laboratory';
import { PeriodClock } from './times';
import type { World } from './world';
import { RotationError } from '../../../handlers/core/rotation-error';
import { CURRENT } from '../../../handlers/core/secret-store';

/** How one way of taking turns went. */
export interface Interleaving {
  /** Which process made each call. */
  readonly turns: readonly number[];
  readonly after: World;
  readonly wrong?: string;
  /** Whether both have done what they are for. */
  readonly done: boolean;
}

/** Whether an order has come to where another one has been. */
type Known = (turns: number[], key: string) => boolean;

interface Runner {
  /** Makes the call that the process waits with. */
  next?: () => void;
  /** Fails it. */
  fail?: () => void;
  /** What the world was like at its calls: its position, for the code decides by nothing else. */
  seen: string;
}

/**
 * Two steps of the same rotation, or a rotation and the daily audit, at the same time, in two processes, in every order of their
 * calls.
 *
 * Code that runs cannot be copied: each order runs from the beginning. An order that comes to where another one has been is not
 * gone on with.
 */
export class Interleavings {
  positions = 0;
  calls = 0;
  private readonly sound = new Set<number>();

  constructor(private readonly laboratory: Laboratory) {}

  async all(world: World, events: readonly [Event, Event], visit: (found: Interleaving) => void): Promise<void> {
    const seen = new Set<string>();
    const prefixes: number[][] = [[]];
    for (let prefix = prefixes.pop(); prefix; prefix = prefixes.pop()) {
      visit(await this.one(world, events, prefix, (turns, key) => {
        const known = seen.has(key);
        if (!known) {
          seen.add(key);
          prefixes.push([...turns, 1]);
        }
        return known;
      }));
    }
    this.positions += seen.size;
  }

  /** Follows the prefix, and then lets the first process go on until it has ended, and the second one. */
  private async one(world: World, events: readonly [Event, Event], prefix: number[], known: Known): Promise<Interleaving> {
    const { laboratory } = this;
    laboratory.enter(world);
    // What begins meanwhile has begun a minute ago.
    const versions = world.versions.size + (events.some(({ step }) => step === BEGINNING) ? 1 : 0);
    const runners: [Runner, Runner] = [{ seen: '' }, { seen: '' }];
    let moved: string | undefined;
    let arrived: () => void = () => undefined;
    laboratory.gate = async (place, _, work) => new Promise((resolve, reject) => {
      runners[place].fail = () => reject(new RotationError('request', 'nobody waits for this any more'));
      runners[place].next = () => {
        this.calls++;
        runners[place] = { seen: `${runners[place].seen}${laboratory.outsideNumber()},` };
        const { secret } = laboratory;
        const former = secret.holderOf(CURRENT);
        try {
          resolve(work());
        } catch (thrown) {
          reject(thrown);
        }
        moved ??= laboratory.wrongMove(former);
      };
      arrived();
    });
    let done = 0;
    const ends: Promise<void>[] = [];
    const wait = async (begin: () => void): Promise<void> => new Promise((resolve) => {
      arrived = resolve;
      begin();
    });
    for (const place of [0, 1]) {
      await wait(() =>
        ends.push(
          laboratory.invoke(place, events[place], new PeriodClock(versions, 0.75)).then(
            () => {
              done++;
              arrived();
            },
            () => arrived(),
          ),
        ),
      );
    }
    const turns: number[] = [];
    let wrong: string | undefined;
    for (;;) {
      const both = runners[0].next && runners[1].next;
      if (both && turns.length >= prefix.length && known([...turns], `${laboratory.outsideNumber()}|${runners[0].seen}|${runners[1].seen}`)) {
        break;
      }
      const chosen = turns.length < prefix.length ? prefix[turns.length] : runners[0].next ? 0 : 1;
      const { next } = runners[chosen];
      if (!next) {
        break;
      }
      turns.push(chosen);
      await wait(next);
      // What holds outside has been looked at where it has been the same before.
      const outside = laboratory.outsideNumber();
      if (moved !== undefined || !this.sound.has(outside)) {
        wrong ??= moved ?? wrongIn(laboratory, this.now(world));
        this.sound.add(outside);
      }
    }
    const after = this.now(world);
    const both = done === events.length;
    laboratory.gate = async () => Promise.reject(new RotationError('request', 'nobody waits for this any more'));
    runners.forEach(({ fail }) => fail?.());
    await Promise.all(ends);
    laboratory.system.takeLogins?.();
    return { turns, wrong, after, done: both };
  }

  private now(world: World): World {
    return this.laboratory.world(world, { processes: [this.laboratory.idle, this.laboratory.idle] });
  }
}
