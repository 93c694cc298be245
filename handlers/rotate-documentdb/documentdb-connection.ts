/// <reference path="./mongodb-connect.d.ts" />
import type { Document } from 'mongodb';
import {
  type ConnectionOptions,
  type DriverCredentials,
  makeConnection,
  performInitialHandshake,
  type ReadingConnection,
} from 'mongodb/lib/cmap/connect';
import { documentdbError } from './documentdb-error';
import { ScramLogin } from './scram-login';
import { type ErrorClass, RotationError } from '../core/rotation-error';
import { type Credentials, SignInRefused } from '../database/credential-target';
import type { Phase } from '../database/error-phases';
import { LOGIN, type ServerSocket, type Wait } from '../tls/server-socket';

const COMMAND: Wait = { milliseconds: 10_000, text: 'the server does not answer a command' };
/** With this method the driver leaves the choice to the server; here it is the login's. */
const DEFAULT_MECHANISM = 'DEFAULT';
const NO_LIMIT = 0;
/** Answers to a command that the server would give again. */
const REFUSALS: readonly ErrorClass[] = ['permission', 'configuration', 'conflict'];
/** Of a message: its header, the kind of operation in it, and the kind whose size the server chooses when it is unpacked. */
const HEADER_BYTES = 16;
const OPERATION_AT = 12;
const COMPRESSED = 2012;

export interface LoginOptions {
  readonly credentials: Pick<Credentials, 'username' | 'password'>;
  /** The one that users belong to. */
  readonly database: string;
}

/** A user's connection to one server of Amazon DocumentDB or MongoDB, on a socket whose other end is verified. */
export class DocumentdbConnection {
  /** Signs in. The driver gets no password, and none of its parts that read the environment or connect to other hosts. */
  static async signIn(server: ServerSocket, options: LoginOptions): Promise<DocumentdbConnection> {
    const { credentials, database } = options;
    const login = new ScramLogin(credentials.username, credentials, database);
    const driverOptions = connectionOptions(options, login);
    const connection = new DocumentdbConnection(makeConnection(driverOptions, server.stream), server, database);
    try {
      await connection.answered(LOGIN, 'login', async () => performInitialHandshake(connection.driver, driverOptions));
      if (!login.hasProved) {
        throw new RotationError('protocol', 'the server let the user in without a proof of the password');
      }
      return connection;
    } catch (thrown) {
      server.destroy();
      const error = RotationError.from(thrown);
      throw error.errorClass === 'authentication' ? new SignInRefused(error.code) : error;
    }
  }

  private constructor(
    private readonly driver: ReadingConnection, private readonly server: ServerSocket, private readonly database: string,
  ) {
    const { messageStream } = driver;
    const push = messageStream.push.bind(messageStream);
    messageStream.push = (message: Buffer | null) => {
      if (message && message.length >= HEADER_BYTES && message.readInt32LE(OPERATION_AT) === COMPRESSED) {
        this.server.refuse(new RotationError('protocol', 'the server compresses its answers, which nobody has asked it for'));
        return false;
      }
      return push(message);
    };
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
  async run(command: Document, phase: Phase = 'statement'): Promise<Document> {
    return this.answered(COMMAND, phase, async () => this.driver.command({ db: this.database }, command, {}));
  }

  /** The same where the server may not know the command, or not let this user run it: nothing then. What may pass is thrown. */
  async runIfAllowed(command: Document): Promise<Document | undefined> {
    return this.run(command).catch((thrown: unknown) => {
      const error = RotationError.from(thrown);
      if (!REFUSALS.includes(error.errorClass)) {
        throw error;
      }
      return undefined;
    });
  }

  /** The protocol has no goodbye. */
  async close(): Promise<void> {
    this.server.destroy();
  }

  private async answered<T>(wait: Wait, phase: Phase, work: () => Promise<T>): Promise<T> {
    try {
      return await this.server.answered(wait, work);
    } catch (thrown) {
      throw documentdbError(thrown, phase);
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
