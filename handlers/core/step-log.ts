import type { RotationError } from './rotation-error';

/** Control, bidirectional and other invisible characters: what could end a log line, colour a terminal or hide text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** What a step says about itself. */
export interface StepReport {
  /** ARN of the secret, where the event named one. */
  readonly secret?: string;
  readonly step?: string;
  readonly outcome: string;
  readonly milliseconds: number;
  readonly error?: RotationError;
}

/** Writes one line of JSON for each step. */
export class StepLog {
  constructor(private readonly write: (line: string) => void) {}

  report(report: StepReport): void {
    const { secret, step, outcome, milliseconds, error } = report;
    this.write(JSON.stringify({
      level: error ? 'ERROR' : 'INFO',
      secret: secret === undefined ? undefined : printable(secret),
      step,
      outcome,
      durationMs: Math.round(milliseconds),
      errorClass: error?.errorClass,
      errorCode: error?.code,
      message: error && printable(error.message),
    }));
  }
}

/** Text that is safe in a log line or an error. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
