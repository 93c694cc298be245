import type { MemoryVersion } from '../support/memory-secret';

/** What one process keeps between the steps; none keeps anything when it begins. */
export interface ProcessState {
  readonly memory: ReadonlyMap<string, unknown>;
  readonly strategy: string;
  /** Number of what it keeps. */
  readonly kept: number;
}

/** What there is outside the processes. */
export interface Outside {
  readonly versions: ReadonlyMap<string, MemoryVersion>;
  readonly system: unknown;
  /** Number of the secret and the place where its values work, as they are. */
  readonly outside: number;
}

/** Everything there is between two calls of a port, the running step apart. */
export interface World extends Outside {
  readonly processes: readonly [ProcessState, ProcessState];
  /** How many rotations have begun, and how often people have done something. */
  readonly begun: number;
  readonly hands: number;
  /** Whether a rotation was cancelled, or a person has written values, since the last one that has finished. */
  readonly cancelled: boolean;
  readonly handed: boolean;
  /** Two worlds are the same where their keys are. */
  readonly key: string;
}

/** Numbers for long texts, which are compared millions of times. */
export class Numbers {
  private readonly numbers = new Map<string, number>();
  private readonly texts: string[] = [];

  of(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) {
      return known;
    }
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  text(number: number): string {
    return this.texts[number];
  }
}

export function worldOf(parts: Omit<World, 'key'>): World {
  // Which of two processes is which makes no difference.
  const [one, other] = parts.processes;
  const processes = one.kept <= other.kept ? parts.processes : [other, one] as const;
  const flags = `${parts.begun} ${parts.hands}${parts.cancelled ? 'c' : ''}${parts.handed ? 'h' : ''}`;
  return { ...parts, processes, key: `${parts.outside} ${flags} ${processes[0].kept} ${processes[1].kept}` };
}
