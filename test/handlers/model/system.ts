import type { Clock } from '../../../handlers/core/clock';
import type { RotationStrategy } from '../../../handlers/core/rotation-strategy';
import type { DailyDuty } from '../../../handlers/make-handler';
import type { MemorySecret } from '../support/memory-secret';
import type { Gate } from '../support/memory-store';

/** A strategy as one process has it, with what it keeps between the steps. */
export interface ProcessStrategy {
  readonly strategy: RotationStrategy;
  /** @default - what ends a former credential by the strategy */
  readonly duty?: (clock: Clock) => DailyDuty;
  save(): string;
  restore(saved: string): void;
}

/** What people do to a secret. */
export interface Hand {
  readonly name: string;
  /** Whether it could be done. */
  readonly act: (secret: MemorySecret, serial: number) => boolean;
}

/** A strategy together with the place where the secret's values work. */
export interface System {
  readonly name: string;
  /** The first value, which works. */
  readonly first: string;
  /** The value before the first, where rotations are asked to bring the former value back. */
  readonly former?: string;
  /** Whether AWSCURRENT works at every moment, or the pending value may have taken its place. */
  readonly keepsCurrent: boolean;
  /** Whether AWSCURRENT works again where a test of the pending value was refused. */
  readonly putsBack?: boolean;
  /** Whether two credentials work after a rotation, of which the daily audit ends the former one. */
  readonly keepsFormer?: boolean;
  /** How many refused logins a step may cost. */
  readonly refusals: number;
  readonly hands: readonly Hand[];
  /** Secrets besides the one that rotates. */
  readonly others: Readonly<Record<string, MemorySecret>>;
  process(gate: Gate): ProcessStrategy;
  /** The state of the place: two are the same where their keys are. */
  save(): { readonly state: unknown; readonly key: string };
  restore(state: unknown): void;
  /** Whether a value works there. */
  works(text: string): boolean;
  /** Whether anybody could be locked out: a user that is still to be created cannot. @default - always */
  inUse?(): boolean;
  /**
   * Whether a rotation has to get through, where so many versions have no label any more and a person may have written values.
   *
   * @default - always
   */
  recovers?(abandoned: number, handed: boolean): boolean;
  /**
   * The logins that were refused since the last time it was asked, and the passwords of all logins.
   *
   * @default - nobody signs in
   */
  takeLogins?(): { readonly refused: number; readonly passwords: readonly string[] };
}
