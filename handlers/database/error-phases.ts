import { type ErrorClass, RotationError } from '../core/rotation-error';

/** What a server was asked to do when it refused: sign a user in, set a password, or anything else. */
export type Phase = 'login' | 'password' | 'statement';

/** What the code of a server's error means to a rotation. */
export interface Meaning {
  readonly errorClass: ErrorClass;
  /** What is wrong and what to do. */
  readonly text: string;
  /** Whether the password may be in force although the statement that sets it has failed. */
  readonly perhapsSet?: true;
  /** Whether the server says this only to somebody with the right password. */
  readonly knowsPassword?: true;
}

/** Meanings by code; those of statements hold for the statements that set passwords too. */
export type PhaseTables = Readonly<Record<Phase, Readonly<Record<string, Meaning>>>>;

/** A statement failed that sets a password, which may be in force all the same. */
export class PerhapsSet extends RotationError {}

/** A login was refused whose password is right. */
export class RightPassword extends RotationError {}

/** What can be said of codes that no table has. */
const UNKNOWN: Readonly<Record<Phase, Meaning>> = {
  login: {
    errorClass: 'conflict',
    text: 'the server refuses the login for a reason that this function does not know: look the code up',
  },
  password: {
    errorClass: 'conflict',
    text: 'the server does not set the password, for a reason that this function does not know: look the code up',
    perhapsSet: true,
  },
  statement: {
    errorClass: 'conflict',
    text: 'the server refuses a statement for a reason that this function does not know: look the code up',
  },
};

/** The error for a code that a server has given. */
export function errorInPhase(tables: PhaseTables, phase: Phase, code: string | number, shown = String(code)): RotationError {
  const { errorClass, text, perhapsSet, knowsPassword } =
    tables[phase][code] ?? (phase === 'password' ? tables.statement[code] : undefined) ?? UNKNOWN[phase];
  const Kind = perhapsSet ? PerhapsSet : knowsPassword ? RightPassword : RotationError;
  return new Kind(errorClass, text, shown);
}
