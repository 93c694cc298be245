import type { Credentials, CredentialSession, CredentialTarget } from './credential-target';
import { DatabaseSecret } from './database-secret';
import { RotationError } from '../core/rotation-error';
import type { SecretRotation } from '../core/secret-rotation';
import { withBackoff } from '../core/with-backoff';
import type { CheckedDatabaseFacts } from '../deployment/function-facts';

/** Routes, names and security group rules may take effect only after the first rotation has begun. */
const PROPAGATION = 20_000;

/** The database that a function is for. */
export interface DatabasePorts {
  readonly target: CredentialTarget;
  readonly facts: CheckedDatabaseFacts;
}

/** Signs in; waits for a database that cannot be reached yet, never for one that refuses the credentials. */
export async function signIn(
  target: CredentialTarget, credentials: Credentials, { clock, deadline }: Pick<SecretRotation, 'clock' | 'deadline'>,
): Promise<CredentialSession> {
  return withBackoff(async () => target.signIn(credentials, deadline), {
    clock,
    deadline,
    patience: ({ errorClass }) => errorClass === 'network' || errorClass === 'unavailable' ? PROPAGATION : 0,
  });
}

/** Does something in a session and closes it whatever happens. */
export async function inSession<T>(session: CredentialSession, work: (session: CredentialSession) => Promise<T>): Promise<T> {
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Throws unless the session is the user's own, with the rights of the user it should act as. */
export function checkIdentity({ identity }: CredentialSession, username: string, actingAs?: string): void {
  if (identity.username !== username) {
    throw new RotationError('conflict', 'the database signed in another user than the secret names');
  }
  if (actingAs !== undefined && identity.actingAs !== undefined && identity.actingAs !== actingAs) {
    if (username === actingAs) {
      throw new RotationError('configuration', 'the sessions of the user act as another role (its setting "role"), '
        + 'which an alternate user cannot: rotate it as a single user');
    }
    throw new RotationError(
      'conflict',
      'the alternate user does not act as its base: its setting "role" or its membership is gone',
    );
  }
}

/** Throws where a value is for another database than the function's, before any of it is sent. */
export function checkLocation(secret: DatabaseSecret, name: string, { target, facts }: DatabasePorts): void {
  const wrong = secret.contradictions(facts, target.engines);
  if (wrong.length > 0) {
    throw new RotationError('configuration', `${name} is for another database than this function: ${wrong.join(', ')} differ; `
      + 'if the database has moved, put the host and the port of the deployment into the secret');
  }
}

/** Throws for a value that the steps which follow could not read, before there is a version with it. */
export function checkNext(text: string, { target }: DatabasePorts): string {
  const { password } = DatabaseSecret.parse(text, 'AWSCURRENT').credentials;
  target.checkPassword(password);
  return text;
}

/** Reads a pending value; one that can never be finished loses its label. */
export async function readPending(text: string, rotation: SecretRotation, ports: DatabasePorts): Promise<DatabaseSecret> {
  let pending: DatabaseSecret;
  try {
    pending = DatabaseSecret.parse(text, 'AWSPENDING');
    ports.target.checkPassword(pending.credentials.password);
  } catch {
    throw await rotation.drop('the pending version is not a JSON object with a user name and a password that can be set');
  }
  await checkPendingLocation(pending, rotation, ports);
  return pending;
}

async function checkPendingLocation(
  secret: DatabaseSecret,
  rotation: SecretRotation,
  { target, facts }: DatabasePorts,
): Promise<void> {
  const wrong = secret.contradictions(facts, target.engines);
  if (wrong.length > 0) {
    throw await rotation.drop(`the pending version was made for another database: ${wrong.join(', ')} differ`);
  }
}
