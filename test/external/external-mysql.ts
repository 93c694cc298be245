import { type Connection, createConnection } from 'mysql2/promise';
import { ExternalBench } from './external-bench';
import type { ExternalServer } from './external-server';
import type { EngineBench, Logins, NewRoles, Turn } from '../handlers/engines/engine-under-test';
import { type Credentials, RotationBench } from '../handlers/support/rotation-bench';
import { letsIn } from '../servers/lets-in';
import { isMysqlRefusal, logInToMysql } from '../servers/mysql-log-in';

/** Where each product keeps which role has been given to whom. */
const ROLES = {
  mysql: { table: 'mysql.role_edges', role: 'FROM_USER', to: 'TO_USER' },
  mariadb: { table: 'mysql.roles_mapping', role: 'Role', to: 'User' },
};

/** A MySQL or MariaDB server; its general log, as a table, has every login and every statement. */
export class ExternalMysqlBench extends ExternalBench implements EngineBench {
  static async start(server: ExternalServer, product: keyof typeof ROLES): Promise<ExternalMysqlBench> {
    const { host, port, administrator, certificateAuthority } = server;
    const { username: user, password } = administrator;
    // One connection for all: each login would be counted.
    const ssl = { ca: certificateAuthority, verifyIdentity: true };
    const connection = await createConnection({ host, port, user, password, ssl });
    const bench = new ExternalMysqlBench(await RotationBench.start(), server, product, connection);
    await bench.query("SET GLOBAL log_output = 'TABLE'");
    await bench.query('SET GLOBAL general_log = ON');
    return bench;
  }

  private constructor(
    rotations: RotationBench, server: ExternalServer, private readonly product: keyof typeof ROLES,
    private readonly connection: Connection,
  ) {
    super(rotations, server, product);
  }

  async createUser({ username, password }: Credentials): Promise<void> {
    await this.query("CREATE USER ?@'%' IDENTIFIED BY ?", username, password);
  }

  async exists(username: string): Promise<boolean> {
    return (await this.query('SELECT User FROM mysql.user WHERE User = ?', username)).length > 0;
  }

  async worksFor(credentials: Credentials): Promise<boolean> {
    return letsIn(async () => this.as(credentials), isMysqlRefusal);
  }

  /** Both products log a login before they refuse it. */
  async logins(outcome: keyof Logins): Promise<number> {
    const [{ tried, refused }] = await this.query(
      "SELECT COUNT(*) AS tried, COALESCE(SUM(argument LIKE 'Access denied for user%'), 0) AS refused "
      + "FROM mysql.general_log WHERE command_type = 'Connect'",
    );
    return outcome === 'refused' ? Number(refused) : Number(tried) - 2 * Number(refused);
  }

  async statements(): Promise<string> {
    const rows = await this.query('SELECT CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log');
    return rows.map(({ argument }) => String(argument)).join('\n');
  }

  async newRoles(): Promise<NewRoles> {
    const name = this.fresh('reader');
    await this.query(`CREATE ROLE \`${name}\``);
    await this.query(`GRANT \`${name}\` TO ?@'%' WITH ADMIN OPTION`, this.superuser.username);
    const { table, role, to } = ROLES[this.product];
    return {
      names: [name],
      // Itself, or by a role that it has: an alternate user of MySQL has its base as a role.
      heldBy: async (username) => (await this.query(
        `WITH RECURSIVE held (name) AS (SELECT ${role} FROM ${table} WHERE ${to} = ? `
        + `UNION SELECT ${role} FROM ${table} JOIN held ON ${to} = held.name) SELECT name FROM held WHERE name = ?`,
        username, name,
      )).length > 0,
    };
  }

  /** A table that both write. */
  async share({ username }: Credentials): Promise<(turn: Turn) => Promise<void>> {
    const schema = this.fresh('shared');
    await this.query(`CREATE DATABASE ${schema}`);
    await this.query(`CREATE TABLE ${schema}.written (id int)`);
    await this.query(`GRANT SELECT, INSERT ON ${schema}.* TO ?@'%'`, username);
    return async ({ before, after }) => {
      for (const credentials of [before, after]) {
        await this.as(credentials, `INSERT INTO ${schema}.written VALUES (1)`);
      }
    };
  }

  protected async disconnect(): Promise<void> {
    await this.connection.end();
  }

  private async as({ username, password }: Credentials, sql?: string): Promise<object[]> {
    const { host, port, certificateAuthority } = this.server;
    return logInToMysql({ host, port, user: username, password, ssl: { ca: certificateAuthority, verifyIdentity: true } }, sql);
  }

  private async query(sql: string, ...values: string[]): Promise<Record<string, unknown>[]> {
    const [rows] = await this.connection.query(sql, values);
    return rows as Record<string, unknown>[];
  }
}
