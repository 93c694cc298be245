import type { LoginCount } from './login-loop';
import type { DrilledSecret, NotDrilled } from './plan';
import { keepsFormer, titleOf } from './strategy';

/** What came of one secret. */
export interface SecretOutcome {
  readonly secret: DrilledSecret;
  /** Rotations that finished, beside the first one. */
  readonly rotations: number;
  /** How often the function was killed. */
  readonly kills: number;
  /** How long the attempt after a kill took at most, in seconds. @default - it was never killed */
  readonly recovered?: number;
  readonly logins: LoginCount;
  /** What went wrong, in the order of time. */
  readonly failures: readonly string[];
}

/** Why the drill of a secret has failed; empty where nothing locked out. */
export function lockouts({ secret, logins, failures }: SecretOutcome): string[] {
  const { tried, failed, unexplained, lastFailure } = logins;
  const { strategy } = secret;
  const rule = keepsFormer(strategy) ? `, and with ${titleOf(strategy)} none may` : ' while no rotation was under way';
  return [
    ...failures,
    ...tried === failed && failures.length === 0 ? ['nobody signed in'] : [],
    ...unexplained > 0 ? [`${unexplained} logins failed${rule}: ${lastFailure}`] : [],
  ];
}

const HEAD = ['secret', 'engine', 'strategy', 'rotations', 'kills', 'logins', 'failed', 'longest outage', 'recovered within'];

/** What a person reads in the end. */
export function reportOf(outcomes: readonly SecretOutcome[], notDrilled: readonly NotDrilled[], seed: number): string {
  const rows = outcomes.map(({ secret, rotations, kills, recovered, logins }) => [
    secret.name, secret.engine, titleOf(secret.strategy), rotations, kills, logins.tried, logins.failed,
    seconds(logins.failed > 0 ? logins.longestOutage : undefined), seconds(recovered),
  ].map(String));
  const failed = outcomes.filter((outcome) => lockouts(outcome).length > 0);
  return [
    ...outcomes.length > 0 ? ['', ...table([HEAD, ...rows]), ''] : [],
    ...outcomes.filter(({ logins }) => logins.unanswered > 0)
      .map(({ secret, logins }) => `${secret.name}: ${logins.unanswered} more logins were neither let in nor refused`),
    ...namesNotDrilled(notDrilled),
    ...failed.flatMap((outcome) => lockouts(outcome).map((lockout) => `FAILED ${outcome.secret.name}: ${lockout}`)),
    verdict(outcomes.length, failed.length),
    `Again with the same kills: --seed ${seed}`,
  ].join('\n');
}

export function namesNotDrilled(notDrilled: readonly NotDrilled[]): string[] {
  return notDrilled.map(({ name, reason }) => `not drilled: ${name}: ${reason}`);
}

function verdict(drilled: number, failed: number): string {
  return failed === 0
    ? `Nothing locked out: ${drilled} secrets were drilled.`
    : `${failed} of ${drilled} secrets that were drilled have failed.`;
}

function seconds(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(1)} s`;
}

function table(rows: readonly string[][]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}
