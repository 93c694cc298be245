import type { LoginCount } from './running-application';

/** What the demonstration saw. */
export interface Outcome {
  readonly logins: LoginCount;
  /** Logins of the application's users that the database let in, by its own log. */
  readonly letIn: number;
  /** Logins that the database refused while the application ran, whoever tried, by its own log. */
  readonly refused: number;
  /** Rotations of the application's secret while it ran. */
  readonly rotations: number;
  /** Whether the rotation whose function was killed finished at the next attempt, with the version that it had begun. */
  readonly healed: boolean;
  /** Regions whose replica of the application's secret has another value than the primary. */
  readonly staleReplicas: readonly string[];
}

const ROTATIONS = 4;
const USERS = 2;

/** What did not come true of what the demonstration is to show; empty where all of it did. */
export function shortcomingsOf({ logins, letIn, refused, rotations, healed, staleReplicas }: Outcome): string[] {
  const worked = logins.tried - logins.failed;
  return [
    logins.tried === 0 ? ['the application did not try to sign in'] : [],
    logins.failed > 0 ? [`${logins.failed} logins of the application failed`] : [],
    letIn < worked ? [`the application counts ${worked} logins, the database ${letIn}`] : [],
    refused > 0 ? [`the database refused ${refused} logins`] : [],
    rotations < ROTATIONS ? [`${rotations} rotations were done, not ${ROTATIONS}`] : [],
    logins.users.size < USERS ? [`${logins.users.size} users signed in, not ${USERS} that take turns`] : [],
    healed ? [] : ['the rotation whose function was killed did not finish'],
    staleReplicas.map((region) => `the replica in ${region} has another value than the primary`),
  ].flat();
}
