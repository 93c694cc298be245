import type { RotationBench } from '../../handlers/support/rotation-bench';

/** What an attack has done. */
export interface Damage {
  /** Users of the database and secrets that are new, gone or not what they were. */
  readonly changed: string[];
  /** Whose values stand in the function's output or in its errors. */
  readonly shown: string[];
  /** Connections to the database, and those of them that signed in. */
  readonly connections: number;
  readonly logins: number;
}

export const NO_DAMAGE: Damage = { changed: [], shown: [], connections: 0, logins: 0 };

/** Everything that an attack may change, by a name for it. */
export type State = ReadonlyMap<string, string>;

/** Every user with password, attributes, roles and settings; and what clients read of the secrets. */
export async function stateOf(bench: RotationBench, secrets: readonly string[]): Promise<State> {
  const users = await bench.database.query<{ rolname: string }>(`SELECT r.*,
    ARRAY(SELECT g.rolname::text || m.admin_option FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1) AS roles,
    ARRAY(SELECT setdatabase || setting FROM pg_db_role_setting, unnest(setconfig) AS setting WHERE setrole = r.oid ORDER BY 1) AS settings
    FROM pg_authid r`);
  const values = await Promise.all(secrets.map(async (arn) => [arn, await bench.value(arn)] as const));
  return new Map([...users.map((user) => [user.rolname, JSON.stringify(user)] as const), ...values]);
}

export function changedBetween(before: State, after: State): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name)).sort();
}
