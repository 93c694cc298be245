import { Request } from 'tedious';
import Connection from 'tedious/lib/connection';
import { ExternalBench } from './external-bench';
import type { ExternalServer } from './external-server';
import type { EngineBench, NewRoles, Turn } from '../handlers/engines/engine-under-test';
import { type Credentials, RotationBench } from '../handlers/support/rotation-bench';
import { letsIn } from '../servers/lets-in';
import { isSqlserverRefusal, logInToSqlserver } from '../servers/sqlserver-log-in';

const ROLE = 'db_datareader';

/** A SQL Server. Its audit would count logins, and keeps passwords out of statements: neither is read. */
export class ExternalSqlserverBench extends ExternalBench implements EngineBench {
  static async start(server: ExternalServer): Promise<ExternalSqlserverBench> {
    const { host, port, administrator: { username: userName, password }, certificateAuthority: ca } = server;
    const connection = new Connection({
      server: host,
      authentication: { type: 'default', options: { userName, password } },
      options: { port, encrypt: true, trustServerCertificate: false, cryptoCredentialsDetails: { ca, maxVersion: 'TLSv1.2' } },
    });
    await new Promise<void>((resolve, reject) => connection.connect((error) => error ? reject(error) : resolve()));
    return new ExternalSqlserverBench(await RotationBench.start(), server, connection);
  }

  private constructor(rotations: RotationBench, server: ExternalServer, private readonly connection: Connection) {
    super(rotations, server, 'sqlserver');
  }

  async createUser({ username, password }: Credentials): Promise<void> {
    await this.query(`CREATE LOGIN ${name(username)} WITH PASSWORD = ${text(password)}, CHECK_POLICY = OFF`);
  }

  async exists(username: string): Promise<boolean> {
    return (await this.query(`SELECT name FROM sys.server_principals WHERE name = ${text(username)}`)).length > 0;
  }

  async worksFor({ username, password }: Credentials, databaseName?: string): Promise<boolean> {
    const { host, port, certificateAuthority: ca } = this.server;
    return letsIn(async () => logInToSqlserver({ host, port, username, password, databaseName, ca }), isSqlserverRefusal);
  }

  /** Roles are in a database. */
  async newRoles(): Promise<NewRoles> {
    const databaseName = await this.newDatabase();
    return {
      names: [ROLE],
      databaseName,
      heldBy: async (username) => (await this.rolesOf(databaseName, username)).join() === ROLE,
    };
  }

  /** A database in which the login is a user of another name, with a role. */
  async share({ username }: Credentials): Promise<(turn: Turn) => Promise<void>> {
    const databaseName = await this.newDatabase();
    await this.query(`USE ${name(databaseName)}; CREATE USER [mapped name] FOR LOGIN ${name(username)}; `
      + `ALTER ROLE ${ROLE} ADD MEMBER [mapped name]; USE master`);
    return async ({ before, after }) => {
      for (const credentials of [before, after]) {
        expect(await this.worksFor(credentials, databaseName)).toBe(true);
        expect(await this.rolesOf(databaseName, credentials.username)).toEqual([ROLE]);
      }
    };
  }

  protected async disconnect(): Promise<void> {
    this.connection.close();
  }

  private async newDatabase(): Promise<string> {
    const databaseName = this.fresh('database');
    await this.query(`CREATE DATABASE ${name(databaseName)}`);
    return databaseName;
  }

  private async rolesOf(databaseName: string, login: string): Promise<unknown[]> {
    const of = name(databaseName);
    return this.query(`SELECT r.name FROM ${of}.sys.database_role_members m `
      + `JOIN ${of}.sys.database_principals r ON r.principal_id = m.role_principal_id `
      + `JOIN ${of}.sys.database_principals u ON u.principal_id = m.member_principal_id `
      + `JOIN sys.server_principals l ON l.sid = u.sid WHERE l.name = ${text(login)}`);
  }

  /** The first column of each row. */
  private async query(sql: string): Promise<unknown[]> {
    const found: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const request = new Request(sql, (error) => error ? reject(error) : resolve());
      request.on('row', ([column]: { value: unknown }[]) => found.push(column.value));
      this.connection.execSqlBatch(request);
    });
    return found;
  }
}

function name(of: string): string {
  return `[${of.replaceAll(']', ']]')}]`;
}

function text(value: string): string {
  return `N'${value.replaceAll("'", "''")}'`;
}
