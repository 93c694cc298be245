// The public API of the runtime entry, packed as a declaration: it imports nothing.

/** What kind of failure it was: an operator filters the log by it. */
export type RotationFailureClass =
  /** The other system refused a credential. */
  | 'authentication'
  /** It knows the credential, and refused what was asked for. */
  | 'permission'
  /** It has not proved its identity. */
  | 'tls'
  /** Its answer is not what was agreed. */
  | 'protocol'
  | 'network'
  | 'timeout'
  /** What was deployed, or what the secret contains, cannot be rotated as it is. */
  | 'configuration'
  /** The other system is in a state that does not allow the step. */
  | 'conflict'
  /** The pending value can never work: it loses AWSPENDING, so that the next rotation starts clean. */
  | 'stale'
  /** It accepts no changes for now. */
  | 'readOnly'
  | 'throttling'
  | 'unavailable';

/**
 * A failure with a text of yours. The log and the report of Lambda show the text: make sure that it contains no value,
 * nor anything that the other system has sent.
 *
 * Of anything else that your code throws, only the fact is reported, and a `code` where it has one.
 */
export class RotationFailure extends Error {
  /** What kind of failure it was. */
  readonly failureClass: RotationFailureClass;
  /** A status or a code of the other system: at most 64 letters, digits, `_` and `.`; anything else is left out. */
  readonly code?: string;

  constructor(failureClass: RotationFailureClass, text: string, code?: string) {
    super(text);
    this.name = 'RotationFailure';
    this.failureClass = failureClass;
    this.code = code;
  }
}

/** A value of the secret. */
export interface SecretVersion {
  /** The whole value, as it is stored. */
  readonly text: string;
  /** A field of a value that is a JSON object. Throws where the value is not a JSON object, or has no such text. */
  field(name: string): string;
}

/** The current rotation, as it is when its value is made. */
export interface RotationContext {
  /** ARN of the secret: one of those that the deployment names. */
  readonly secretArn: string;
  /**
   * Id of the version that becomes current: the same in each step of a rotation and each repetition of it, another in the next
   * one.
   *
   * An idempotency key for the other system.
   */
  readonly versionId: string;
  /** Aborts when the time for the step is up: pass it to everything that waits. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left for the step. */
  remainingMilliseconds(): number;
  /** The value that applications read. */
  current(): Promise<SecretVersion>;
  /** The value that they read before, where there is one. */
  previous(): Promise<SecretVersion | undefined>;
  /** A random value by the rules that the secret was defined with. Throws where its content is not generated. */
  randomValue(): string;
}

/** The rotation, once its value has been made. */
export interface PendingRotationContext extends RotationContext {
  /**
   * The value that is about to be the current one.
   *
   * Where Secrets Manager tries out a schedule with no rotation going on, `test` finds the current value here.
   */
  pending(): Promise<SecretVersion>;
}

/**
 * What differs between your rotation and others. Each may be repeated, by another process too, and finds what an earlier attempt
 * has done.
 */
export interface RotationSteps {
  /**
   * Makes the next value: a text, or the fields that change in a JSON object.
   *
   * It is not called again once its value is stored; before that it may be, with the same `versionId`.
   *
   * @default - a random value by the rules that the secret was defined with, in the field that it was generated in
   */
  create?(rotation: RotationContext): Promise<string | Record<string, unknown>>;
  /**
   * Makes the pending value valid in the other system, and leaves the current one valid. Where it is already, changes nothing.
   */
  set(rotation: PendingRotationContext): Promise<void>;
  /** Uses the pending value as an application does, and throws where it does not work. */
  test(rotation: PendingRotationContext): Promise<void>;
}

/** The function that Lambda calls. */
export type RotationHandler = (
  event: unknown,
  context: { readonly invokedFunctionArn: string; getRemainingTimeInMillis(): number },
) => Promise<void>;
