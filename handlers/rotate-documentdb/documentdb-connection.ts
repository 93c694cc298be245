/// <reference path="./mongodb-connect.d.ts" />
import type { TLSSocket } from 'node:tls';
import type { Document } from 'mongodb';
import {
  type Connection,
  type ConnectionOptions,
  type DriverCredentials,
  makeConnection,
  performInitialHandshake,
} from 'mongodb/lib/cmap/connect';
import { documentdbError } from './documentdb-error';
import { ScramLogin } from './scram-login';
import { type Deadline, inTime } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import { type Credentials, SignInRefused } from '../database/credential-target';

const LOGIN_LIMIT = 8_000;
const COMMAND_LIMIT = 10_000;
/** Many times what a server sends in a rotation; the driver would collect messages of two gigabytes. */
const MAXIMUM_RECEIVED = 4 * 1024 * 1024;
/** With this method the driver leaves the choice to the server; here it is the login's. */
const DEFAULT_MECHANISM = 'DEFAULT';
const NO_LIMIT = 0;

export interface LoginOptions {
  readonly credentials: Pick<Credentials, 'username' | 'password'>;
  /** The one that users belong to. */
  readonly database: string;
}

/** A user's connection to one server of Amazon DocumentDB or MongoDB, on a socket whose other end is verified. */
export class DocumentdbConnection {
  /** Signs in. The driver gets no password, and none of its parts that read the environment or connect to other hosts. */
  static async signIn(socket: TLSSocket, options: LoginOptions, deadline: Deadline): Promise<DocumentdbConnection> {
    const { credentials, database } = options;
    const login = new ScramLogin(credentials.username, credentials, database);
    const driverOptions = connectionOptions(options, login);
    const connection = new DocumentdbConnection(makeConnection(driverOptions, socket), socket, database, deadline);
    try {
      await connection.answered(LOGIN_LIMIT, 'the server does not finish the login',
        async () => performInitialHandshake(connection.driver, driverOptions));
      if (!login.hasProved) {
        throw new RotationError('protocol', 'the server let the user in without a proof of the password');
      }
      return connection;
    } catch (thrown) {
      connection.abandon();
      const error = RotationError.from(thrown);
      throw error.errorClass === 'authentication' ? new SignInRefused(error.code) : error;
    }
  }

  private received = 0;
  private refusal?: RotationError;

  private constructor(
    private readonly driver: Connection, socket: TLSSocket, private readonly database: string,
    private readonly deadline: Deadline,
  ) {
    socket.on('data', ({ length }: Buffer) => {
      this.received += length;
      if (this.received > MAXIMUM_RECEIVED) {
        this.refusal ??= new RotationError('protocol', 'the server sends more than any rotation asks for');
        this.abandon();
      }
    });
  }

  /** Whether the server takes changes. */
  get isPrimary(): boolean {
    const { isWritablePrimary } = this.driver.hello;
    return isWritablePrimary === true;
  }

  /** The methods by which the user may sign in, where the server tells. */
  get mechanisms(): readonly string[] {
    const { saslSupportedMechs } = this.driver.hello;
    return Array.isArray(saslSupportedMechs) ? saslSupportedMechs : [];
  }

  /** Runs a command in the database that users belong to. */
  async run(command: Document): Promise<Document> {
    return this.answered(COMMAND_LIMIT, 'the server does not answer a command', async () =>
      this.driver.command({ db: this.database }, command, {}),
    );
  }

  /** The protocol has no goodbye. */
  async close(): Promise<void> {
    this.abandon();
  }

  private abandon(): void {
    this.driver.destroy();
  }

  private async answered<T>(milliseconds: number, text: string, work: () => Promise<T>): Promise<T> {
    try {
      return await inTime({ deadline: this.deadline, milliseconds, text, abandon: () => this.abandon() }, work);
    } catch (thrown) {
      throw this.refusal ?? documentdbError(thrown);
    }
  }
}

function connectionOptions({ credentials, database }: LoginOptions, login: ScramLogin): ConnectionOptions {
  const driverCredentials: DriverCredentials = {
    username: credentials.username,
    source: database,
    mechanism: DEFAULT_MECHANISM,
    mechanismProperties: {},
    resolveAuthMechanism: () => driverCredentials,
  };
  return {
    id: 1,
    generation: 0,
    hostAddress: 'the server',
    credentials: driverCredentials,
    authProviders: { getOrCreateProvider: () => login },
    extendedMetadata: Promise.resolve({
      application: { name: 'cdk-secretsmanager-patterns' },
      driver: { name: 'nodejs', version: '6' },
      os: { type: 'Linux' },
    }),
    compressors: [],
    // The deadline limits the time instead.
    connectTimeoutMS: NO_LIMIT,
    socketTimeoutMS: NO_LIMIT,
    loadBalanced: false,
    monitorCommands: false,
  };
}
