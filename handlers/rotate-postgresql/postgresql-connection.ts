import type { QueryResultRow } from 'pg';
import { type GuardedConnection, LoginGuard, MAXIMUM_SCRAM_ITERATIONS } from './login-guard';
import { loginError, passwordStatementError, statementError } from './postgresql-error';
import { saltFor } from './scram-verifier';
import type { RotationError } from '../core/rotation-error';
import { type Credentials, SignInRefused } from '../database/credential-target';
import { DriverConnection, type DriverOptions, LOCK_LIMIT } from '../postgresql-protocol/driver-connection';
import { type ServerSocket, STATEMENT } from '../tls/server-socket';

export interface LoginOptions {
  readonly credentials: Credentials & { readonly databaseName: string };
  readonly host: string;
  readonly port: number;
  readonly allowMd5: boolean;
  /** Whether salts are ours, so that the server's tells which version its password was set for. */
  readonly ownSalts: boolean;
}

/** The last statements of a transaction, whose refusals mean something else than those of others. */
export interface BlamedStatements {
  readonly statements: readonly string[];
  readonly refused: (error: RotationError) => RotationError | undefined;
}

/** A user's connection to PostgreSQL, on a socket whose other end is verified. */
export class PostgresqlConnection {
  /** Signs in; the driver gets every option from here, so that no environment variable decides one. */
  static async signIn(server: ServerSocket, options: LoginOptions): Promise<PostgresqlConnection> {
    const { credentials } = options;
    const guard = new LoginGuard(credentials.password, options.allowMd5);
    const driver = new DriverConnection(server, driverOptions(options, guard));
    guard.attach((driver.client as unknown as { connection: GuardedConnection }).connection);
    try {
      await driver.begin();
      if (guard.refusal) {
        throw guard.refusal;
      }
      return new PostgresqlConnection(driver);
    } catch (thrown) {
      server.destroy();
      const error = guard.refusal ?? loginError(thrown);
      if (error.errorClass !== 'authentication') {
        throw error;
      }
      throw new SignInRefused(error.code, options.ownSalts ? recognition(credentials.username, guard.salt) : undefined);
    }
  }

  private constructor(private readonly driver: DriverConnection) {}

  /** Rows of one statement. */
  async rows<T extends QueryResultRow>(text: string, values?: unknown[]): Promise<T[]> {
    return this.driver.rows<T>(text, values);
  }

  /** Runs statements in one transaction and, unless their refusals have to be told apart, in one round trip. */
  async change(statements: readonly string[], { statements: more, refused }: BlamedStatements): Promise<void> {
    const beginning = ['BEGIN READ WRITE', ...statements];
    if (more.length === 0) {
      return this.driver.run([...beginning, 'COMMIT'], passwordStatementError);
    }
    await this.driver.run(beginning, passwordStatementError);
    await this.driver.run(more).catch((error: RotationError) => {
      throw refused(error) ?? error;
    });
    await this.driver.run(['COMMIT']);
  }

  async close(): Promise<void> {
    await this.driver.close();
  }
}

function driverOptions({ credentials, host, port }: LoginOptions, guard: LoginGuard): DriverOptions {
  return {
    host,
    port,
    errorOf: statementError,
    session: {
      user: credentials.username,
      database: credentials.databaseName,
      password: async () => guard.password(),
      enableChannelBinding: true,
      scramMaxIterations: MAXIMUM_SCRAM_ITERATIONS,
      // Objects that users have made never shadow the catalogue's, and timestamps have one form.
      options: '-c search_path=pg_catalog -c datestyle=ISO',
      statement_timeout: STATEMENT.milliseconds,
      lock_timeout: LOCK_LIMIT,
      idle_in_transaction_session_timeout: STATEMENT.milliseconds,
    },
  };
}

/** The salt that the server showed tells which version its password was set for. */
function recognition(username: string, salt: Buffer | undefined): ((token: string) => boolean) | undefined {
  return salt && ((token) => saltFor(username, token).equals(salt));
}
