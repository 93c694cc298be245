import { alternateLoginSid, alternateUserSid } from './alternate-sid';
import { changeAsOwner } from './change-as-owner';
import { type ContainedUser, copyDatabaseRights, findContainedUser, openDatabases, usersBySid } from './database-users';
import { checkEnabled, loginState, unlocking } from './login-obstacles';
import { quoteIdentifier, quoteLiteral } from './quoting';
import { copyServerRights, findLogin, type ServerLogin } from './server-logins';
import type { SqlserverConnection } from './sqlserver-connection';
import { RotationError } from '../core/rotation-error';
import type { AlternateChange } from '../database/credential-target';

const SYSTEM_DATABASE = 'master';

/** How a password is set: whether one that the server has refused is in force all the same is found out. */
export type SetPassword = (work: () => Promise<void>) => Promise<void>;

/** Throws for an alternate user that this function has not made for this base: its identifier shows that. */
export function checkAlternate(
  base: { readonly sid: string } | undefined,
  existing: { readonly sid: string } | undefined,
  sidOf: (baseSid: string) => string,
): void {
  if (existing && (!base || existing.sid !== sidOf(base.sid))) {
    throw new RotationError(
      'conflict',
      'the alternate user exists and is not one that this function made for this base: its SID is another; drop or rename it',
    );
  }
}

/** Gives the alternate of a login the password, and all that its base has. */
export async function changeAlternateLogin(
  connection: SqlserverConnection,
  base: ServerLogin,
  present: ServerLogin | undefined,
  { username, password }: AlternateChange,
  set: SetPassword,
): Promise<void> {
  if (base.hasCredential !== 0) {
    throw new RotationError('configuration', 'the base has a credential of the server, which is not copied to an alternate user: '
      + 'ALTER LOGIN … DROP CREDENTIAL, or rotate it as a single user');
  }
  const name = quoteIdentifier(username);
  const secret = `PASSWORD = ${quoteLiteral(password)}`;
  const policy = `CHECK_POLICY = ${onOrOff(base.policyChecked)}, CHECK_EXPIRATION = ${onOrOff(base.expirationChecked)}`;
  if (present) {
    const state = await loginState(connection, present);
    checkEnabled(state, 'the alternate user');
    const statements = [`ALTER LOGIN ${name} WITH ${[`${secret}${unlocking(state)}`, ...defaultsOf(base)].join(', ')}`];
    // By itself, and last: a login that has to change its password keeps its policy until somebody has.
    const differs = present.policyChecked !== base.policyChecked || present.expirationChecked !== base.expirationChecked;
    await set(async () =>
      connection.change(SYSTEM_DATABASE, [...statements, ...differs ? [`ALTER LOGIN ${name} WITH ${policy}`] : []], 'password'));
  } else {
    const options = [secret, `SID = ${alternateLoginSid(base.sid, username)}`, ...defaultsOf(base), policy];
    await connection.change(SYSTEM_DATABASE, [`CREATE LOGIN ${name} WITH ${options.join(', ')}`], 'password');
  }
  const alternate = present ?? await existingLogin(connection, username);
  await copyServerRights(connection, base, alternate);
  for (const database of await openDatabases(connection)) {
    await alternateInDatabase(connection, database, base, alternate);
  }
}

/** The same for a user that is contained in a database. */
export async function changeAlternateUser(
  connection: SqlserverConnection,
  database: string,
  base: ContainedUser,
  present: ContainedUser | undefined,
  { username, password }: AlternateChange,
  set: SetPassword,
): Promise<void> {
  const options = [
    `PASSWORD = ${quoteLiteral(password)}`,
    ...base.defaultLanguage === null ? [] : [`DEFAULT_LANGUAGE = ${quoteIdentifier(base.defaultLanguage)}`],
    ...present ? [] : [`SID = ${alternateUserSid(base.sid, username)}`],
  ];
  const statement = `${present ? 'ALTER' : 'CREATE'} USER ${quoteIdentifier(username)} WITH ${options.join(', ')}`;
  await set(async () => changeAsOwner(connection, database, [statement], [], 'password'));
  const alternate = present ?? (await findContainedUser(connection, database, username))!;
  await copyDatabaseRights(connection, database, base, alternate);
}

export async function existingLogin(connection: SqlserverConnection, username: string): Promise<ServerLogin> {
  const login = await findLogin(connection, username);
  if (!login) {
    throw new RotationError('conflict', 'the login that was just made is gone, or the superuser does not see it');
  }
  return login;
}

/** The user of the base may have another name there than its login; the one of the alternate user has that of its login. */
async function alternateInDatabase(
  connection: SqlserverConnection, database: string, base: ServerLogin, alternate: ServerLogin,
): Promise<void> {
  const [owner, present] = await usersBySid(connection, database, base.sid, alternate.sid);
  if (owner && !present) {
    const name = quoteIdentifier(alternate.name);
    await changeAsOwner(connection, database, [`CREATE USER ${name} FOR LOGIN ${name}`]);
  }
  const user = present ?? (owner && (await usersBySid(connection, database, alternate.sid))[0]);
  if (user) {
    await copyDatabaseRights(connection, database, owner, user);
  }
}

function defaultsOf({ defaultDatabase, defaultLanguage }: ServerLogin): string[] {
  return [
    ...defaultDatabase === null ? [] : [`DEFAULT_DATABASE = ${quoteIdentifier(defaultDatabase)}`],
    ...defaultLanguage === null ? [] : [`DEFAULT_LANGUAGE = ${quoteIdentifier(defaultLanguage)}`],
  ];
}

function onOrOff(value: number): string {
  return value === 1 ? 'ON' : 'OFF';
}
