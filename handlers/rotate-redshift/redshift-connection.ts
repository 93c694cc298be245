import type { Socket } from 'node:net';
import type { QueryResultRow } from 'pg';
import { redshiftError } from './redshift-error';
import { logIn, type RedshiftCredentials } from './redshift-login';
import { RotationError } from '../core/rotation-error';
import { SignInRefused } from '../database/credential-target';
import { PerhapsSet, type Phase } from '../database/error-phases';
import { DriverConnection } from '../postgresql-protocol/driver-connection';
import { LOGIN, type ServerSocket, STATEMENT } from '../tls/server-socket';

export interface LoginOptions {
  readonly credentials: RedshiftCredentials;
  readonly host: string;
  readonly port: number;
}

/** What a failure of the statement that runs would mean. */
interface Doing {
  phase: Phase;
}

/** Objects that users have made never shadow the catalogue's, and no statement waits for ever. */
const SESSION = ['SET search_path TO pg_catalog', `SET statement_timeout TO ${STATEMENT.milliseconds}`];
/** A first rotation may have thousands of rights to give. */
const STATEMENTS_A_MESSAGE = 100;

/** A user's connection to Amazon Redshift, on a socket whose other end is verified. */
export class RedshiftConnection {
  static async signIn(server: ServerSocket, options: LoginOptions): Promise<RedshiftConnection> {
    try {
      const word = await server.answered(LOGIN, async () => logIn(server.stream, options.credentials));
      alreadyStarted(server.stream, word);
      const doing: Doing = { phase: 'statement' };
      const driver = new DriverConnection(server, driverOptions(options, doing));
      await driver.begin();
      await driver.run(SESSION);
      return new RedshiftConnection(driver, doing);
    } catch (thrown) {
      server.destroy();
      const error = redshiftError(thrown, 'login');
      throw error.errorClass === 'authentication' ? new SignInRefused(error.code) : error;
    }
  }

  private constructor(private readonly driver: DriverConnection, private readonly doing: Doing) {}

  /** Rows of one statement. */
  async rows<T extends QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.driver.rows<T>(text, values);
  }

  /** Runs statements in one transaction. */
  async change(statements: readonly string[], phase: Phase = 'statement'): Promise<void> {
    const all = ['BEGIN', ...statements, 'COMMIT'];
    this.doing.phase = phase;
    try {
      for (let first = 0; first < all.length; first += STATEMENTS_A_MESSAGE) {
        await this.driver.run(all.slice(first, first + STATEMENTS_A_MESSAGE));
      }
    } catch (thrown) {
      if (thrown instanceof PerhapsSet) {
        // The session may go on; where it cannot, what was refused says more.
        await this.driver.run(['ROLLBACK']).catch(() => undefined);
      }
      throw thrown;
    } finally {
      this.doing.phase = 'statement';
    }
  }

  /** Runs statements each by itself. */
  async changeSingly(statements: readonly string[]): Promise<void> {
    for (const statement of statements) {
      await this.driver.run([statement]);
    }
  }

  async close(): Promise<void> {
    await this.driver.close();
  }
}

function driverOptions(
  { credentials, host, port }: LoginOptions, doing: Doing,
): ConstructorParameters<typeof DriverConnection>[1] {
  return {
    host,
    port,
    errorOf: (thrown) => redshiftError(thrown, doing.phase),
    session: {
      user: credentials.username,
      database: credentials.databaseName,
      password: async () => {
        throw new RotationError('protocol', 'the server asked for a second proof of the password');
      },
      // None of this is sent, but what is missing would come from the environment.
      options: '-c search_path=pg_catalog',
    },
  };
}

/** The driver begins with a message that the server already had: instead of sending it, the server's answer is put back. */
function alreadyStarted(socket: Socket, answer: Buffer): void {
  const { write } = socket;
  socket.write = () => {
    socket.write = write;
    socket.unshift(answer);
    return true;
  };
}
