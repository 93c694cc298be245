import type { State } from './damage';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import type { LdapBench } from '../../handlers/support/ldap-bench';
import type { MysqlBench } from '../../handlers/support/mysql-bench';
import type { Credentials, RotationBench } from '../../handlers/support/rotation-bench';
import type { HandlerName } from '../../handlers/support/rotation-function';
import { LdapServer } from '../../servers/ldap-server';
import { MariadbServer } from '../../servers/mariadb-server';
import type { MysqlPeer } from '../../servers/mysql-peer';

/** What an attack is played on. */
export interface AttackedDatabase {
  readonly handler: HandlerName;
  readonly facts: DatabaseFacts;
  readonly superuser: Credentials;
  content(credentials: Credentials): Record<string, unknown>;
  createUser(credentials: Credentials): Promise<void>;
  /** What the user of a name is called. @default the name itself */
  username?(name: string): string;
  /** By name, everything of a user that an attack may change. */
  users(): Promise<State>;
  /** Connections there have been, and those of them that signed in. */
  connections(): number | Promise<number>;
  logins(): number | Promise<number>;
}

/** Every user with password, attributes, roles and settings. */
export function attackedPostgresql(bench: RotationBench): AttackedDatabase {
  return {
    handler: 'rotate-postgresql',
    facts: bench.facts,
    superuser: bench.database.superuser,
    content: (credentials) => bench.content(credentials),
    createUser: async (credentials) => bench.createUser(credentials),
    users: async () => {
      const users = await bench.database.query<{ rolname: string }>(`SELECT r.*,
        ARRAY(SELECT g.rolname::text || m.admin_option FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1) AS roles,
        ARRAY(SELECT setdatabase || setting FROM pg_db_role_setting, unnest(setconfig) AS setting WHERE setrole = r.oid ORDER BY 1) AS settings
        FROM pg_authid r`);
      return new Map(users.map((user) => [user.rolname, JSON.stringify(user)]));
    },
    connections: () => bench.connections(),
    logins: () => bench.logins(),
  };
}

/** Every user with password, demands, rights and roles. */
export function attackedMysql(bench: MysqlBench<MariadbServer | MysqlPeer>): AttackedDatabase {
  const { database, facts } = bench;
  return {
    handler: 'rotate-mysql',
    facts,
    superuser: database.superuser,
    content: (credentials) => bench.content(credentials),
    createUser: async (credentials) => database.createUser(credentials),
    users: async () => byName(database instanceof MariadbServer ? await mariadbRows(database) : mysqlRows(database)),
    connections: () =>
      database instanceof MariadbServer ? database.logins('accepted') + database.logins('refused') : database.connections,
    logins: () => database.logins('accepted'),
  };
}

/** Every user that was made here, with all attributes. */
export function attackedDirectory(bench: LdapBench): AttackedDatabase {
  const { directory, facts, superuser } = bench;
  const names = [superuser.username];
  const logins = async (): Promise<number> => directory.loginsOfOthers('accepted');
  return {
    handler: 'rotate-ldap',
    facts,
    superuser,
    content: (credentials) => bench.content(credentials),
    username: (name) => LdapServer.person(name),
    createUser: async (credentials) => {
      await directory.createUser(credentials);
      names.push(credentials.username);
    },
    users: async () =>
      new Map(await Promise.all(names.map(async (name) => [name, await directory.read(name, '*', '+')] as const))),
    connections: async () => await logins() + await directory.loginsOfOthers('refused'),
    logins,
  };
}

async function mariadbRows(server: MariadbServer): Promise<[string, object][]> {
  const tables = await Promise.all(['global_priv', 'roles_mapping', 'db', 'tables_priv'].map(async (table) =>
    server.query<{ User: string }>(`SELECT * FROM mysql.${table} ORDER BY 1, 2, 3`)));
  return tables.flat().map((row) => [row.User, row]);
}

function mysqlRows({ accounts: { accounts } }: MysqlPeer): [string, object][] {
  return [...accounts.values()].map((account) => [
    account.name,
    { ...account, privileges: [...account.privileges], roles: [...account.roles] },
  ]);
}

/** A name may have several users, from different hosts. */
function byName(rows: [string, object][]): State {
  const users = new Map<string, string>();
  rows.forEach(([name, row]) => users.set(name, `${users.get(name) ?? ''}${JSON.stringify(row)}`));
  return users;
}
