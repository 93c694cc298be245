import type { IConstruct } from 'constructs';

/** What is needed to correct a refused input: everything that the message says. */
export interface RefusedInput {
  /** Construct the input was given to. */
  readonly scope: IConstruct;
  /** The property as the user wrote it, with the factory it belongs to where that helps: `RotationTiming.every(interval)`. */
  readonly property: string;
  /** The value got. Never a secret value. */
  readonly got: unknown;
  /** What is allowed. */
  readonly allowed: string;
  /** What to do about it. */
  readonly remedy: string;
}

/**
 * Input that is refused at synthesis.
 *
 * The message carries path, property, value, rule and remedy because it is all that survives in Python, Java, .NET and Go.
 */
export class ValidationError extends Error {
  constructor(input: RefusedInput) {
    super(
      `[${input.scope.node.path}] \`${input.property}\` is ${describe(input.got)}, allowed: ${input.allowed}; ${input.remedy}`,
    );
    this.name = 'ValidationError';
  }
}

/** Something that cannot work together, although each input is right by itself. */
export class ConflictError extends Error {
  constructor(scope: IConstruct, what: string, remedy: string) {
    super(`[${scope.node.path}] ${what}; ${remedy}`);
    this.name = 'ConflictError';
  }
}

function describe(value: unknown): string {
  if (value === undefined) {
    return 'not given';
  }
  return typeof value === 'object' && value !== null && 'node' in value
    ? `'${(value as IConstruct).node.path}'`
    : JSON.stringify(value);
}
