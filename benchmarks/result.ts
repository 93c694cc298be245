/** One thing that was measured. */
export interface Result {
  /** What, and in which unit. */
  readonly name: string;
  readonly value: number;
  /** The most that it may be; absent where nothing was promised. */
  readonly bar?: number;
  /** Absent where there is no bar. */
  readonly holds?: boolean;
}

export function result(name: string, value: number, bar?: number): Result {
  const rounded = Number(value.toPrecision(3));
  return bar === undefined ? { name, value: rounded } : { name, value: rounded, bar, holds: value <= bar };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
