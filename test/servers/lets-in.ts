import { setTimeout as sleep } from 'node:timers/promises';

/** Generous: only a server that is gone needs all of it. */
const LIMIT = 30_000;
const PAUSE = 50;

/**
 * Whether a server lets somebody in.
 *
 * It is a no only where the server has refused the login. Whatever else goes wrong says nothing about the login: it is tried
 * again, and is an error of the test in the end.
 */
export async function letsIn(logIn: () => Promise<unknown>, isRefusal: (thrown: unknown) => boolean): Promise<boolean> {
  const end = Date.now() + LIMIT;
  for (;;) {
    try {
      await logIn();
      return true;
    } catch (thrown) {
      if (isRefusal(thrown)) {
        return false;
      }
      if (Date.now() > end) {
        throw thrown;
      }
      await sleep(PAUSE);
    }
  }
}
