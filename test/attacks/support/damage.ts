/** What an attack has done. */
export interface Damage {
  /** Users of the database and secrets that are new, gone or not what they were. */
  readonly changed: string[];
  /** Whose values stand in the function's output or in its errors. */
  readonly shown: string[];
  /** Connections to the database, and those of them that signed in. */
  readonly connections: number;
  readonly logins: number;
}

export const NO_DAMAGE: Damage = { changed: [], shown: [], connections: 0, logins: 0 };

/** Everything that an attack may change, by a name for it. */
export type State = ReadonlyMap<string, string>;

export function changedBetween(before: State, after: State): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name)).sort();
}
