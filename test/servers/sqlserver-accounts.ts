import {
  loginRow,
  type PeerLogin,
  type PeerPermission,
  type PeerUser,
  permission,
  SqlserverCatalogue,
  SqlserverError,
  userRow,
} from './sqlserver-catalogue';
import type { LoginRequest, Value } from './sqlserver-messages';

export interface PeerSession {
  readonly login?: string;
  /** A user that its database has let in. */
  readonly contained?: string;
  databaseName: string;
  /** The database as whose owner it acts, without a way back but the cookie. */
  ownerOf?: string;
}

interface Result {
  readonly rows: readonly Record<string, Value>[];
  readonly columns: readonly string[];
}

type Act = (groups: string[], session: PeerSession) => readonly Record<string, Value>[] | undefined;

const NAME = '\\[((?:[^\\]]|\\]\\])*)\\]';
const TEXT = "N'((?:[^']|'')*)'";
const OPTION = `, ([A-Z_]+) = (?:${NAME}|(0x[0-9A-F]+|ON|OFF))`;
/** Texts and names in which a semicolon ends nothing, and everything else but semicolons. */
const STATEMENT = /(?:N'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|[^;[])+/g;
const DATABASE_CHANGE = /^(CREATE|ALTER) USER |^ALTER ROLE |^(GRANT|DENY|REVOKE) /;
const REFUSED = 18456;
const ADMINISTRATIVE = ['sysadmin', 'securityadmin'];
const ADMINISTRATIVE_PERMISSIONS = ['CONTROL SERVER', 'ALTER ANY LOGIN', 'CONTROL', 'ALTER', 'IMPERSONATE'];
const CLASSES: Record<string, number> = {
  'OBJECT': 1,
  'SCHEMA': 3,
  'USER': 4,
  'ROLE': 4,
  'APPLICATION ROLE': 4,
  'TYPE': 6,
  'CERTIFICATE': 25,
  'LOGIN': 101,
  'SERVER ROLE': 101,
  'ENDPOINT': 105,
};
const PRINCIPALS = [4, 101];

const name = (quoted: string): string => quoted.replaceAll(']]', ']');
const text = (quoted: string): string => quoted.replaceAll("''", "'");

/** What a SQL Server does with the statements that rotations send: nothing else is understood. */
export class SqlserverAccounts extends SqlserverCatalogue {
  /** Runs before each statement; what it throws the client gets. */
  before?: (statement: string) => void;
  /** Runs after each statement, with its changes made. */
  after?: (statement: string) => void;
  /** Whether users that are contained in a database may sign in. */
  letsContainedIn: boolean | undefined = true;
  /** Whether the superuser sees only the databases that it may open. */
  hidesDatabases = false;
  /** As if the client had not asked for it: what a trigger could do then. */
  ignoresImpersonation = false;
  private firing = false;

  private readonly understood: [RegExp, Act][] = [
    [/^SET (NOCOUNT|XACT_ABORT) ON$|^SET LOCK_TIMEOUT \d+$|^(BEGIN|COMMIT) TRANSACTION$/, () => undefined],
    [/^DECLARE @cookie varbinary\(8000\)$/, () => undefined],
    [/^EXECUTE AS USER = N'dbo' WITH COOKIE INTO @cookie$/, (_, session) => {
      this.demandOwner(session);
      session.ownerOf = this.ignoresImpersonation ? undefined : session.databaseName;
      return undefined;
    }],
    [/^REVERT WITH COOKIE = @cookie$/, (_, session) => {
      session.ownerOf = undefined;
      return undefined;
    }],
    [/^REVERT$/, (_, { ownerOf }) => {
      if (ownerOf !== undefined) {
        throw new SqlserverError(15591, 'The current security context cannot be reverted using this statement.');
      }
      return undefined;
    }],
    [
      /^SELECT CAST\(is_trustworthy_on AS int\) AS trustworthy FROM sys\.databases\s+WHERE database_id = DB_ID\(\)$/,
      (_, { databaseName }) => [{ trustworthy: Number(this.database(databaseName).trustworthy) }],
    ],
    [new RegExp(`^USE ${NAME}$`), ([, database], session) => {
      if (session.ownerOf !== undefined && session.ownerOf !== name(database)) {
        throw new SqlserverError(916, 'The server principal is not able to access the database under the current context.');
      }
      session.databaseName = this.database(name(database)).name;
      return undefined;
    }],
    [/^SELECT ORIGINAL_LOGIN\(\) AS login/, (_, { login, contained, databaseName }) => [{
      login: login ?? 'S-1-9-3-1',
      databaseUser: contained ?? login ?? null,
      databaseName,
      contained: Number(contained !== undefined),
      readOnly: Number(this.database(databaseName).readOnly),
    }]],
    [
      new RegExp(`^SELECT principal_id AS id.* FROM sys\\.sql_logins WHERE name = ${TEXT}$`, 's'),
      ([, wanted], session) =>
        this.logins
          .filter((login) => this.administersServer(session) || login.name === session.login)
          .filter((login) => login.name.toLowerCase().trimEnd() === text(wanted).toLowerCase().trimEnd())
          .map(loginRow),
    ],
    [/ AS everywhere\s.* WHERE l\.principal_id = (\d+)$/s, ([, id]) => {
      const { disabled, locked, permissions } = this.loginOf(id);
      const has = (word: string, state: string): boolean =>
        permissions.some((one) => one.permission === word && one.state === state);
      return [{
        disabled: Number(disabled),
        locked: locked === null ? null : Number(locked),
        denied: Number(has('CONNECT SQL', 'D')),
        unconnected: Number(!has('CONNECT SQL', 'G')),
        everywhere: Number(has('CONNECT ANY DATABASE', 'G')),
      }];
    }],
    [new RegExp(`^SELECT\\s+CASE WHEN d\\.database_id IS NULL.* DB_ID\\(${TEXT}\\) `, 's'), ([, wanted]) => {
      const found = this.databases.find((one) => one.name.toLowerCase() === text(wanted).toLowerCase());
      return [{
        missing: Number(!found && !this.hidesDatabases),
        offline: Number(found?.online === false),
        open: Number(found?.open ?? false),
      }];
    }],
    [
      /^WITH held \(id\) AS \(\s+SELECT principal_id FROM sys\.database_principals WHERE sid = (\w+)/,
      ([, sid], { databaseName }) => [this.accessTo(this.database(databaseName), sid)],
    ],
    [/ FROM sys\.configurations /, () =>
      this.letsContainedIn === undefined ? [] : [{ allowed: Number(this.letsContainedIn) }]],
    [/^WITH held \(id\) AS \(\s+SELECT CAST\((\d+) AS int\)/, ([, id]) => {
      const { roles, permissions, superuser } = this.loginOf(id);
      const may = superuser || roles.some((role) => ADMINISTRATIVE.includes(role))
        || permissions.some((one) => one.state !== 'D' && ADMINISTRATIVE_PERMISSIONS.includes(one.permission));
      return [{ administers: Number(may) }];
    }],
    [
      /^SELECT r\.name AS role FROM sys\.server_role_members .* = (\d+) ORDER BY r\.name$/s,
      ([, id]) => this.loginOf(id).roles.map((role) => ({ role })),
    ],
    [
      /FROM sys\.server_permissions g .*grantee_principal_id = (\d+) ORDER BY/s,
      ([, id]) => this.loginOf(id).permissions.map((one) => ({ ...one })),
    ],
    [
      /^SELECT name AS name FROM sys\.databases/,
      () => this.databases.filter(({ open, readOnly }) => open && !readOnly).map((one) => ({ name: one.name })),
    ],
    [
      new RegExp(`authentication_type = 2 AND name = ${TEXT}$`),
      ([, wanted], { databaseName }) =>
        this.database(databaseName)
          .users.filter((user) => user.password !== undefined && user.name.toLowerCase() === text(wanted).toLowerCase())
          .map(userRow),
    ],
    [/FROM sys\.database_principals WHERE sid IN \((.*)\)$/, ([, sids], { databaseName }) =>
      this.database(databaseName).users.filter(({ sid }) => sids.split(', ').includes(sid)).map(userRow)],
    [
      /^SELECT r\.name AS role FROM sys\.database_role_members .* = (\d+) ORDER BY r\.name$/s,
      ([, id], session) => this.userOf(id, session).roles.map((role) => ({ role })),
    ],
    [
      /FROM sys\.database_permissions p WHERE p\.grantee_principal_id = (\d+)/,
      ([, id], session) => this.userOf(id, session).permissions.map((one) => ({ ...one })),
    ],
    [/^SELECT 3 AS class.* FROM sys\.schemas WHERE principal_id = (\d+)/s, ([, id], session) =>
      this.userOf(id, session).owns.map((owned) => ({ ...permission(owned.class, 'CONTROL', owned) }))],
    [
      new RegExp(`^ALTER (LOGIN|USER) ${NAME} WITH PASSWORD = ${TEXT} OLD_PASSWORD = ${TEXT}$`),
      ([, kind, who, password, old], session) => {
        const own = kind === 'LOGIN' ? this.login(name(who)) : this.user(session.databaseName, name(who));
        if (own.name !== (session.contained ?? session.login) || own.password !== text(old)) {
          throw new SqlserverError(15151, `Cannot alter the login '${own.name}'`);
        }
        this.setPassword(own, text(password));
        return undefined;
      },
    ],
    [
      new RegExp(`^(CREATE|ALTER) LOGIN ${NAME} WITH PASSWORD = ${TEXT}( UNLOCK)?((?:${OPTION})*)$`),
      ([, verb, who, password, unlock, options], session) => {
        this.demandSuperuser(session);
        const given = parseOptions(options);
        const login =
          verb === 'ALTER'
            ? this.login(name(who))
            : this.addLogin(name(who), '', given.SID === undefined ? {} : { sid: given.SID });
        this.database(given.DEFAULT_DATABASE ?? login.defaultDatabase ?? 'master');
        Object.assign(login, {
          defaultDatabase: given.DEFAULT_DATABASE ?? login.defaultDatabase,
          defaultLanguage: given.DEFAULT_LANGUAGE ?? login.defaultLanguage,
          policyChecked: given.CHECK_POLICY === undefined ? login.policyChecked : given.CHECK_POLICY === 'ON',
          expirationChecked: given.CHECK_EXPIRATION === undefined ? login.expirationChecked : given.CHECK_EXPIRATION === 'ON',
        });
        this.setPassword(login, text(password));
        login.locked = unlock === undefined && login.locked;
        return undefined;
      },
    ],
    [
      new RegExp(`^ALTER LOGIN ${NAME} WITH CHECK_POLICY = (ON|OFF), CHECK_EXPIRATION = (ON|OFF)$`),
      ([, who, policy, expiration], session) => {
        this.demandSuperuser(session);
        const login = this.login(name(who));
        if (login.mustChange) {
          throw new SqlserverError(15128, 'CHECK_POLICY and CHECK_EXPIRATION cannot be turned OFF when MUST_CHANGE is ON.');
        }
        Object.assign(login, { policyChecked: policy === 'ON', expirationChecked: expiration === 'ON' });
        return undefined;
      },
    ],
    [
      new RegExp(`^(CREATE|ALTER) USER ${NAME} WITH PASSWORD = ${TEXT}((?:${OPTION})*)$`),
      ([, verb, who, password, options], session) => {
        this.demandOwner(session);
        const { SID: sid, DEFAULT_LANGUAGE: defaultLanguage } = parseOptions(options);
        const { databaseName } = session;
        const user =
          verb === 'ALTER'
            ? this.user(databaseName, name(who))
            : this.addUser(databaseName, name(who), { password: '', ...(sid && { sid }) });
        Object.assign(user, defaultLanguage && { defaultLanguage });
        this.setPassword(user, text(password));
        return undefined;
      },
    ],
    [new RegExp(`^CREATE USER ${NAME} FOR LOGIN ${NAME}$`), ([, who, login], session) => {
      this.demandOwner(session);
      this.addUser(session.databaseName, name(who), { sid: this.login(name(login)).sid });
      return undefined;
    }],
    [new RegExp(`^ALTER USER ${NAME} WITH DEFAULT_SCHEMA = ${NAME}$`), ([, who, schema], session) => {
      this.user(session.databaseName, name(who)).defaultSchema = name(schema);
      return undefined;
    }],
    [new RegExp(`^ALTER (SERVER ROLE|ROLE) ${NAME} (ADD|DROP) MEMBER ${NAME}$`), ([, kind, role, verb, member], session) => {
      this.demandSuperuserOrOwner(kind === 'SERVER ROLE', session);
      const who = kind === 'ROLE' ? this.user(session.databaseName, name(member)) : this.login(name(member));
      if (name(role).startsWith('missing')) {
        throw new SqlserverError(15151, 'Cannot alter the role, because it does not exist or you do not have permission.');
      }
      who.roles = [...who.roles.filter((one) => one !== name(role)), ...verb === 'ADD' ? [name(role)] : []];
      return undefined;
    }],
    [new RegExp(`^(GRANT|DENY|REVOKE)( GRANT OPTION FOR)? ([A-Z]+(?: [A-Z]+)*?)(?: ON ([A-Z ]+)::(?:${NAME}\\.)?${NAME}(?: `
      + `\\(${NAME}\\))?)? (?:TO|FROM) ${NAME}`
      + '(?: CASCADE|( WITH GRANT OPTION))?$'), (groups, session) => {
      this.demandSuperuserOrOwner(session.databaseName === 'master', session);
      this.changePermission(groups, session);
      return undefined;
    }],
  ];

  /** Runs the statements of a batch. */
  run(sql: string, session: PeerSession): Result {
    const rollback = sql.includes('BEGIN TRANSACTION') ? this.savepoint() : () => undefined;
    let result: Result = { rows: [], columns: [] };
    try {
      for (const statement of (sql.match(STATEMENT) ?? []).map((part) => part.trim())) {
        const rows = this.act(statement, session);
        result = rows ? { rows, columns: columnsOf(statement) } : result;
      }
      return result;
    } catch (thrown) {
      rollback();
      throw thrown;
    }
  }

  /** The session, or the number of the error that the login is refused with. */
  signIn({ username, password, database }: LoginRequest): PeerSession | number {
    const named = this.databases.find(({ name: one }) => one === database);
    const contained = named?.contained
      ? named.users.find((user) => user.name === username && user.password === password)
      : undefined;
    if (contained && contained.password !== '') {
      return { contained: contained.name, databaseName: named!.name };
    }
    const login = this.logins.find((one) => one.name.toLowerCase() === username.toLowerCase());
    if (!login || login.password !== password || password === '') {
      return REFUSED;
    }
    const target = this.databases.find(({ name: one }) => one === (database || login.defaultDatabase));
    const access = target && this.accessTo(target, login.sid);
    const mayOpen = login.superuser || target?.name === 'master'
      || (target?.online && access && access.denied === 0 && access.connects + access.guests > 0);
    return login.refusedWith ?? refusalOf(login) ?? (target && mayOpen ? { login: login.name, databaseName: target.name } : 4060);
  }

  private act(statement: string, session: PeerSession): readonly Record<string, Value>[] | undefined {
    this.before?.(statement);
    for (const [pattern, act] of this.understood) {
      const groups = pattern.exec(statement);
      if (groups) {
        const rows = act([...groups], session);
        this.after?.(statement);
        this.fireTriggers(statement, session);
        return rows;
      }
    }
    throw new SqlserverError(102, `Incorrect syntax near '${statement}'.`);
  }

  /** With the rights of whoever has run the statement; one that fails is as if it had not been there. */
  private fireTriggers(statement: string, session: PeerSession): void {
    const { triggers } = this.database(session.databaseName);
    if (this.firing || !DATABASE_CHANGE.test(statement)) {
      return;
    }
    this.firing = true;
    for (const triggered of triggers) {
      try {
        this.act(triggered, session);
      } catch {
        // What a TRY … CATCH of the trigger would catch.
      }
    }
    this.firing = false;
  }

  private administersServer({ login, ownerOf }: PeerSession): boolean {
    return login !== undefined && ownerOf === undefined && this.login(login).superuser;
  }

  private demandSuperuser(session: PeerSession): void {
    demand(this.administersServer(session));
  }

  private demandSuperuserOrOwner(ofServer: boolean, session: PeerSession): void {
    return ofServer ? this.demandSuperuser(session) : this.demandOwner(session);
  }

  private demandOwner(session: PeerSession): void {
    demand(this.administersServer(session) || session.ownerOf === session.databaseName);
  }

  private loginOf(id: string): PeerLogin {
    return this.logins.find((login) => login.id === Number(id))!;
  }

  private userOf(id: string, { databaseName }: PeerSession): PeerUser {
    return this.database(databaseName).users.find((user) => user.id === Number(id))!;
  }

  private setPassword(principal: PeerLogin | PeerUser, password: string): void {
    const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length;
    if ('policyChecked' in principal && principal.policyChecked && (password.length < 8 || kinds < 3)) {
      throw new SqlserverError(
        15118,
        'Password validation failed. The password does not meet policy requirements because it is not complex enough.',
      );
    }
    principal.password = password;
    if ('expired' in principal) {
      Object.assign(principal, { expired: false, mustChange: false });
    }
  }

  private changePermission(groups: string[], { databaseName }: PeerSession): void {
    const [, verb, onlyOption, what, word, schema, object, column, grantee, passOn] = groups;
    const login = databaseName === 'master' ? this.logins.find((one) => one.name === name(grantee)) : undefined;
    const who = login ?? this.user(databaseName, name(grantee));
    const optional = (quoted: string | undefined): string | null => quoted === undefined ? null : name(quoted);
    const kind = word === undefined ? (login ? 100 : 0) : CLASSES[word];
    const changed: PeerPermission = {
      class: kind,
      state: verb === 'DENY' ? 'D' : passOn ? 'W' : 'G',
      permission: what,
      kind: PRINCIPALS.includes(kind) ? word : null,
      schema: optional(schema),
      name: optional(object),
      column: optional(column),
    };
    const same = (one: PeerPermission): boolean => keyOf(one) === keyOf(changed);
    who.permissions = [...who.permissions.filter((one) => !same(one)), ...verb === 'REVOKE' && !onlyOption ? [] : [changed]];
  }
}

/** Why the server does not let a login in that has the right password. */
function refusalOf({ disabled, locked, expired, mustChange, permissions }: PeerLogin): number | undefined {
  const denied = permissions.some(({ permission: word, state }) => word === 'CONNECT SQL' && state === 'D');
  const reasons: [boolean | null, number][] =
    [[disabled, 18470], [locked, 18486], [expired, 18487], [mustChange, 18488], [denied, REFUSED]];
  return reasons.find(([applies]) => applies)?.[1];
}

function demand(may: boolean): void {
  if (!may) {
    throw new SqlserverError(15247, 'User does not have permission to perform this action.');
  }
}

function keyOf(one: PeerPermission): string {
  return JSON.stringify([one.class, one.permission, one.schema, one.name, one.column]);
}

function parseOptions(options: string): Partial<Record<string, string>> {
  return Object.fromEntries(
    [...options.matchAll(new RegExp(OPTION, 'g'))].map(([, option, quoted, word]) => [option, word ?? name(quoted)]),
  );
}

const COLUMN_NAMES = [
  'login', 'databaseUser', 'databaseName', 'contained', 'readOnly', 'id', 'name', 'sid', 'default\\w+', '\\w+Checked',
  'administers', 'trustworthy', 'hasCredential', 'disabled', 'locked', 'denied', 'unconnected', 'everywhere', 'missing',
  'offline', 'open', 'held', 'guests', 'connects', 'visible', 'allowed', 'role', 'class', 'state', 'permission', 'kind', 'schema',
  'column',
];
const COLUMN = new RegExp(` AS \\[?(${COLUMN_NAMES.join('|')})\\b\\]?`, 'g');

/** The names that a query gives its columns. */
function columnsOf(statement: string): string[] {
  return [...new Set([...statement.matchAll(COLUMN)]
    .map(([, column]) => column))];
}
