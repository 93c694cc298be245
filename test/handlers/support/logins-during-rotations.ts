import { setTimeout as sleep } from 'node:timers/promises';
import { type Credentials, type RotationBench, STEPS } from './rotation-bench';
import { logIn } from '../../servers/log-in';

/** Milliseconds between two logins of a worker. */
const PAUSE = 5;
/** Milliseconds between two steps of a rotation: Secrets Manager invokes the function anew for each. */
const BETWEEN_STEPS = 250;
const WORKERS = 8;
const ROTATIONS = 3;

export interface LoginCount {
  /** How often the application wanted a connection. */
  readonly tried: number;
  /** How often it got none. */
  readonly failed: number;
  /** How many logins the server has refused. */
  readonly refused: number;
  /** How often the secret was read. */
  readonly reads: number;
}

/** How an application signs in: `connect` is its driver. */
export type SigningIn = (connect: (credentials: Credentials) => Promise<unknown>) => Promise<unknown>;

/**
 * Rotates the password of a single user three times, while an application signs in over and over.
 *
 * @param application makes what signs in, for the secret
 */
export async function loginsDuringRotations(
  bench: RotationBench,
  username: string,
  application: (arn: string) => SigningIn,
): Promise<LoginCount> {
  const before = { username, password: 'the first password' };
  await bench.createUser(before);
  const arn = await bench.createSecret(bench.content(before));
  const rotating = bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts });
  const signIn = application(arn);
  const connect = async ({ username: user, password }: Credentials): Promise<unknown> => {
    const { host, port } = bench.database;
    return logIn({ host, port, user, password, ssl: { ca: bench.certificates.authority.certificate } });
  };
  const refusals = bench.refusals();
  let [tried, failed, isOver] = [0, 0, false];
  bench.guard.reset();
  const workers = Array.from({ length: WORKERS }, async () => {
    while (!isOver) {
      tried += 1;
      await signIn(connect).catch(() => failed += 1);
      await sleep(PAUSE);
    }
  });
  try {
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      const begun = await bench.begin(arn);
      for (const step of STEPS) {
        await sleep(BETWEEN_STEPS);
        await bench.step(rotating, begun, step);
      }
      await sleep(BETWEEN_STEPS);
    }
  } finally {
    isOver = true;
    await Promise.all(workers);
  }
  const reads = bench.guard.calls.filter(({ action, caller }) => action === 'GetSecretValue' && caller === APPLICATION).length;
  return { tried, failed, refused: bench.refusals() - refusals, reads };
}

/** What the strict guard knows the application by: its access key. */
export const APPLICATION = 'AKIAIOSFODNN8EXAMPLE';
