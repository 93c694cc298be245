/** What kind of failure it was: the part of an error that an operator filters by. */
export type ErrorClass =
  /** The database refused a login. */
  | 'authentication'
  /** AWS or the database refused what a working identity asked for. */
  | 'permission'
  /** The server did not prove who it is, or speaks no TLS. */
  | 'tls'
  /** The server asked for something that would give a password away, or broke its protocol. */
  | 'protocol'
  | 'network'
  | 'timeout'
  /** What was deployed, or what the secret contains, cannot be rotated as it is. */
  | 'configuration'
  /** The event is not one that Secrets Manager sends. */
  | 'request'
  /** The secret or the database is in a state that does not allow the step. */
  | 'conflict'
  /** The pending version was made for something that is no longer true; it has been dropped, the next rotation starts clean. */
  | 'stale'
  /** The database accepts no changes. */
  | 'readOnly'
  | 'throttling'
  | 'unavailable'
  /** The audit found secrets that do not rotate as they should. */
  | 'audit'
  /** A defect of this function. */
  | 'internal';

const CODE = /^[A-Za-z0-9_.]{1,64}$/;
const BUILT_IN_ERRORS: readonly string[] = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'URIError'];

/**
 * The only error that leaves a rotation function.
 *
 * Errors of drivers, of AWS and of `JSON.parse` quote statements, responses and secrets: only a code of those is passed on,
 * neither as text nor as `cause`.
 */
export class RotationError extends Error {
  /** Turns whatever was thrown into an error that may leave the process. */
  static from(thrown: unknown): RotationError {
    return thrown instanceof RotationError
      ? thrown
      : new RotationError('internal', `unexpected ${describe(thrown)}`, codeOf(thrown));
  }

  readonly errorClass: ErrorClass;
  /** The message without class and code. */
  readonly text: string;
  /** SQLSTATE, or the code of the service or the operating system. */
  readonly code?: string;

  constructor(errorClass: ErrorClass, text: string, code?: string) {
    const safeCode = code !== undefined && CODE.test(code) ? code : undefined;
    super(`${errorClass}: ${text}${safeCode === undefined ? '' : ` (${safeCode})`}`);
    this.name = 'RotationError';
    this.errorClass = errorClass;
    this.text = text;
    this.code = safeCode;
  }

  /** The same error, and what else there is to say of it. */
  followedBy(words: string): RotationError {
    return new RotationError(this.errorClass, this.text + words, this.code);
  }
}

/** The `code` of a foreign error, where it has the form of one. */
export function codeOf(thrown: unknown): string | undefined {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' && CODE.test(code) ? code : undefined;
}

/** The kind of a built-in error and the numbers of the line and column it came from; nothing of its text. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) {
    return 'failure';
  }
  const name = BUILT_IN_ERRORS.includes(thrown.name) ? thrown.name : 'error';
  const stack = String(thrown.stack);
  const frames = stack.slice(stack.indexOf(thrown.message) + thrown.message.length);
  const position = /\n\s+at [^\n]*?:(\d+):(\d+)\)?(?:\n|$)/.exec(frames);
  return position ? `${name} at ${position[1]}:${position[2]}` : name;
}
