import type { TLSSocket } from 'node:tls';
import type { QueryResultRow } from 'pg';
import { redshiftError } from './redshift-error';
import { logIn, type RedshiftCredentials } from './redshift-login';
import { type Deadline, inTime } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import { SignInRefused } from '../database/credential-target';
import { DriverConnection, LOGIN_LIMIT, STATEMENT_LIMIT } from '../postgresql-protocol/driver-connection';

export interface LoginOptions {
  readonly credentials: RedshiftCredentials;
  readonly host: string;
  readonly port: number;
}

/** Objects that users have made never shadow the catalogue's, and no statement waits for ever. */
const SESSION = ['SET search_path TO pg_catalog', `SET statement_timeout TO ${STATEMENT_LIMIT}`];
/** A first rotation may have thousands of rights to give. */
const STATEMENTS_A_MESSAGE = 100;

/** A user's connection to Amazon Redshift, on a socket whose other end is verified. */
export class RedshiftConnection {
  static async signIn(socket: TLSSocket, options: LoginOptions, deadline: Deadline): Promise<RedshiftConnection> {
    try {
      const limit = {
        deadline,
        milliseconds: LOGIN_LIMIT,
        text: 'the server does not finish the login',
        abandon: () => socket.destroy(),
      };
      const word = await inTime(limit, async () => logIn(socket, options.credentials));
      const driver = new DriverConnection(alreadyStarted(socket, word), driverOptions(options), deadline);
      await driver.begin();
      await driver.run(SESSION);
      return new RedshiftConnection(driver);
    } catch (thrown) {
      socket.destroy();
      const error = redshiftError(thrown);
      throw error.errorClass === 'authentication' ? new SignInRefused(error.code) : error;
    }
  }

  private constructor(private readonly driver: DriverConnection) {}

  /** Rows of one statement. */
  async rows<T extends QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.driver.rows<T>(text, values);
  }

  /** Runs statements in one transaction. */
  async change(statements: readonly string[]): Promise<void> {
    const all = ['BEGIN', ...statements, 'COMMIT'];
    for (let first = 0; first < all.length; first += STATEMENTS_A_MESSAGE) {
      await this.driver.run(all.slice(first, first + STATEMENTS_A_MESSAGE));
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

function driverOptions({ credentials, host, port }: LoginOptions): ConstructorParameters<typeof DriverConnection>[1] {
  return {
    host,
    port,
    errorOf: redshiftError,
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
function alreadyStarted(socket: TLSSocket, answer: Buffer): TLSSocket {
  const { write } = socket;
  socket.write = () => {
    socket.write = write;
    socket.unshift(answer);
    return true;
  };
  return socket;
}
