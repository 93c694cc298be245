import { type CredentialSession, PasswordOver } from './credential-target';
import { PerhapsSet, RightPassword } from './error-phases';

/**
 * Sets a password. Where the statement fails and may have set it all the same, one login with it tells.
 *
 * A trigger may fail after the change, and a policy may refuse a password because an earlier attempt at the step has set it.
 */
export async function setPassword(set: () => Promise<void>, signIn: () => Promise<CredentialSession>): Promise<void> {
  try {
    await set();
  } catch (thrown) {
    if (!(thrown instanceof PerhapsSet) || !(await isRight(signIn))) {
      throw thrown;
    }
  }
}

/** A user that is not finished yet may have its password already, and not the right to sign in, or to do anything with it. */
async function isRight(signIn: () => Promise<CredentialSession>): Promise<boolean> {
  try {
    const session = await signIn();
    await session.close();
    return true;
  } catch (thrown) {
    return thrown instanceof RightPassword || thrown instanceof PasswordOver;
  }
}
