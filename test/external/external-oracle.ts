import oracledb from 'oracledb';
import { ExternalBench } from './external-bench';
import type { ExternalServer } from './external-server';
import type { DatabaseFacts } from '../../src/contract/database-facts';
import type { EngineBench, NewRoles, Turn } from '../handlers/engines/engine-under-test';
import { type Credentials, RotationBench } from '../handlers/support/rotation-bench';
import { ServerPassage } from '../handlers/support/server-passage';
import { letsIn } from '../servers/lets-in';

/** The pluggable database that Oracle Database Free comes with. */
const SERVICE = 'FREEPDB1';
/** A wrong password, a user that does not exist, an account that is locked. */
const REFUSALS = [1017, 28000];

/**
 * An Oracle Database. Neither its logins nor its statements are read.
 *
 * The driver has no option for an authority alone: the process has to be started with NODE_EXTRA_CA_CERTS.
 */
export class ExternalOracleBench extends ExternalBench implements EngineBench {
  static async start(server: ExternalServer): Promise<ExternalOracleBench> {
    const passage = await ServerPassage.start(server.port);
    const connection = await oracledb.getConnection(login(server, server.administrator));
    return new ExternalOracleBench(await RotationBench.start(), server, connection, passage);
  }

  private constructor(
    rotations: RotationBench, server: ExternalServer, private readonly connection: oracledb.Connection,
    readonly passage: ServerPassage,
  ) {
    super(rotations, server, 'oracle');
  }

  /** It has a port for TLS of its own: that one is on the way. */
  override get facts(): DatabaseFacts {
    return { ...super.facts, port: this.passage.port, tlsPort: this.passage.port, databaseName: SERVICE };
  }

  override content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    return super.content(credentials, { dbname: SERVICE, ...more });
  }

  async createUser({ username, password }: Credentials): Promise<void> {
    await this.query(`CREATE USER ${name(username)} IDENTIFIED BY "${password}"`);
    await this.query(`GRANT CREATE SESSION TO ${name(username)}`);
  }

  async exists(username: string): Promise<boolean> {
    return (await this.query('SELECT username FROM dba_users WHERE username = :1', unquoted(username))).length > 0;
  }

  async worksFor(credentials: Credentials): Promise<boolean> {
    return letsIn(
      async () => (await oracledb.getConnection(login(this.server, credentials))).close(),
      (thrown) => REFUSALS.includes(Number((thrown as { errorNum?: unknown }).errorNum)),
    );
  }

  async newRoles(): Promise<NewRoles> {
    const role = this.fresh('reader').toUpperCase();
    await this.query(`CREATE ROLE ${role}`);
    return { names: [role], heldBy: async (username) => (await this.rolesOf(username)).includes(role) };
  }

  /** A role, whatever the turn. */
  async share({ username }: Credentials): Promise<(turn: Turn) => Promise<void>> {
    const { names: [role] } = await this.newRoles();
    await this.query(`GRANT ${role} TO ${name(username)}`);
    return async ({ before, after }) => {
      for (const credentials of [before, after]) {
        expect(await this.rolesOf(credentials.username)).toContain(role);
      }
    };
  }

  protected async disconnect(): Promise<void> {
    await this.connection.close();
  }

  private async rolesOf(username: string): Promise<unknown[]> {
    return this.query('SELECT granted_role FROM dba_role_privs WHERE grantee = :1', unquoted(username));
  }

  /** The first column of each row. */
  private async query(sql: string, ...values: string[]): Promise<unknown[]> {
    const { rows = [] } = await this.connection.execute<unknown[]>(sql, values);
    return rows.map(([column]) => column);
  }
}

function login({ host, port }: ExternalServer, { username, password }: Credentials): oracledb.ConnectionAttributes {
  return { user: username, password, connectString: `tcps://${host}:${port}/${SERVICE}` };
}

/** As a statement has it. */
function name(username: string): string {
  return `"${unquoted(username)}"`;
}

/** As the dictionary has it. */
function unquoted(username: string): string {
  return username.startsWith('"') ? username.slice(1, -1) : username.toUpperCase();
}
