import { fits, type NameRule } from '../../src/contract/name-rules';
import { RotationError } from '../core/rotation-error';
import type { CheckedDatabaseFacts } from '../deployment/function-facts';

/** Throws where the function was deployed for an engine that is not among the target's. */
export function checkEngine({ engine }: CheckedDatabaseFacts, engines: readonly string[], name: string): void {
  if (!engines.includes(engine)) {
    throw new RotationError('configuration', `this function is for ${name}, and the deployment names another engine`);
  }
}

/** The limits of names on a server. */
export interface TextRule extends NameRule {
  /** The server's name in errors. */
  readonly server: string;
}

/** Throws for a text that the server would truncate, or read as another one. */
export function checkText(text: string, what: string, rule: TextRule): void {
  if (!fits(text, rule)) {
    const { maximum, inBytes, server } = rule;
    const unit = inBytes ? 'bytes' : 'characters';
    throw new RotationError(
      'configuration',
      `the ${what} is longer than the ${maximum} ${unit} that ${server} keeps, or has characters that it cannot`,
    );
  }
}

/** The error where users are to have two passwords on a server that keeps one. */
export function onePassword(server: string): RotationError {
  return new RotationError('configuration', `users of ${server} have one password: choose another strategy`);
}

/** Begins a session on a connection, which is closed where that fails. */
export async function beginOrClose<C extends { close(): Promise<void> }, S>(
  connection: C,
  begin: (connection: C) => Promise<S>,
): Promise<S> {
  try {
    return await begin(connection);
  } catch (thrown) {
    await connection.close();
    throw thrown;
  }
}
