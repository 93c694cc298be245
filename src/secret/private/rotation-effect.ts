/** What a rotation means to somebody who holds the former value. */
export interface RotationEffect {
  /** Whether the former value works on: until the next rotation, or for an hour at least. */
  readonly formerWorks: boolean;
  /** Whether who signs in changes as well, and not the password alone. */
  readonly changesName: boolean;
  /** Whether a rotation ends the value before the former one, however soon it follows. @default false */
  readonly nextEndsFormer?: boolean;
}

/** The former value is refused at once: what has to be expected where nothing is known. */
export const FORMER_IS_REFUSED: RotationEffect = { formerWorks: false, changesName: false };

/** The value stays. */
export const NOTHING_CHANGES: RotationEffect = { formerWorks: true, changesName: false };
