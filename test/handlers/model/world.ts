import type { MemoryVersion } from '../support/memory-secret';

/** What one process keeps between the steps; none keeps anything when it begins. */
export interface ProcessState {
  readonly memory: ReadonlyMap<string, unknown>;
  readonly strategy: string;
  readonly key: string;
}

/** Everything there is between two calls of a port, the running step apart. */
export interface World {
  readonly versions: ReadonlyMap<string, MemoryVersion>;
  readonly system: unknown;
  readonly processes: readonly [ProcessState, ProcessState];
  /** How many rotations have begun, and how often people have done something. */
  readonly begun: number;
  readonly hands: number;
  /** Whether a rotation was cancelled, or a person has written values, since the last one that has finished. */
  readonly cancelled: boolean;
  readonly handed: boolean;
  /** Of the secret and the place where its values work. */
  readonly outside: string;
  /** Two worlds are the same where their keys are. */
  readonly key: string;
}

export function keyOf(versions: ReadonlyMap<string, MemoryVersion>, system: string): string {
  let key = system;
  for (const [versionId, { text, labels }] of versions) {
    key += `\n${versionId}|${text}|${labels.join()}`;
  }
  return key;
}

type Parts = Omit<World, 'key' | 'outside'>;

/** @param system key of the place where the values work */
export function worldOf(parts: Parts, system: string): World {
  const outside = keyOf(parts.versions, system);
  // Which of two processes is which makes no difference.
  const [one, other] = parts.processes;
  const processes = one.key <= other.key ? parts.processes : [other, one] as const;
  const flags = `${parts.begun}${parts.hands}${parts.cancelled ? 'c' : ''}${parts.handed ? 'h' : ''}`;
  return { ...parts, processes, outside, key: `${outside}\n${flags}\n${processes[0].key}\n${processes[1].key}` };
}
