import { type Credentials, type CredentialSession, type CredentialTarget, SignInRefused } from './credential-target';
import { signIn } from './database-ports';
import { DatabaseSecret } from './database-secret';
import { RotationError } from '../core/rotation-error';
import type { SecretRotation } from '../core/secret-rotation';
import { CURRENT } from '../core/secret-store';

/** Waits between looks at a superuser's secret whose rotation may be about to finish. */
const LOOKS_AFTER = [0, 1_000, 2_000] as const;

/** Signs in with the superuser's secret; if that has just been rotated, once more with its new value. */
export async function signInAsSuperuser(
  target: CredentialTarget,
  superuserSecret: string,
  rotation: SecretRotation,
): Promise<CredentialSession> {
  const first = await superuserCredentials(superuserSecret, rotation);
  try {
    return await signIn(target, first, rotation);
  } catch (thrown) {
    if (!(thrown instanceof SignInRefused)) {
      throw thrown;
    }
    const second = await changedCredentials(superuserSecret, rotation, first);
    if (!second) {
      throw refused(thrown);
    }
    return signIn(target, second, rotation).catch((error: unknown) => {
      throw error instanceof SignInRefused ? refused(error) : error;
    });
  }
}

async function changedCredentials(
  superuserSecret: string,
  rotation: SecretRotation,
  former: Credentials,
): Promise<Credentials | undefined> {
  for (const milliseconds of LOOKS_AFTER) {
    if (milliseconds >= rotation.deadline.remaining()) {
      return undefined;
    }
    await rotation.clock.sleep(milliseconds);
    const credentials = await superuserCredentials(superuserSecret, rotation);
    if (credentials.username !== former.username || credentials.password !== former.password) {
      return credentials;
    }
  }
  return undefined;
}

/** The name and the password alone: the deployment decides where they are sent, as for secrets that Amazon RDS manages. */
async function superuserCredentials(superuserSecret: string, rotation: SecretRotation): Promise<Credentials> {
  const text = await rotation.readOther(superuserSecret, CURRENT);
  if (text === undefined) {
    throw new RotationError('configuration', "the superuser's secret has no AWSCURRENT value, or it is binary");
  }
  const { username, password } = DatabaseSecret.parse(text, "the superuser's secret");
  return { username, password };
}

function refused({ code }: SignInRefused): RotationError {
  return new RotationError('authentication', 'the database refused the login of the superuser', code);
}
