import type { Socket } from 'node:net';
import Connection, { type ConnectionConfiguration } from 'tedious/lib/connection';
import Request from 'tedious/lib/request';
import { type GuardedConnection, LoginGuard } from './login-guard';
import { quoteIdentifier } from './quoting';
import { errorOfNumbers, handshakeError, sqlserverError } from './sqlserver-error';
import { RotationError } from '../core/rotation-error';
import { type Credentials, SignInRefused } from '../database/credential-target';
import type { Phase } from '../database/error-phases';
import { LOGIN, type ServerSocket, STATEMENT } from '../tls/server-socket';

const APPLICATION = 'cdk-secretsmanager-patterns';
const MAXIMUM_TEXT = 2_147_483_647;
const READ_COMMITTED = 2;

export interface LoginOptions {
  readonly credentials: Credentials;
  readonly port: number;
  /** The name that the certificate has to carry; never an IP address. */
  readonly serverName: string;
  /** PEM. */
  readonly certificateAuthorities: string;
}

/** A user's connection to SQL Server, whose other end is verified. */
export class SqlserverConnection {
  /** Signs in; the driver gets every option from here. */
  static async signIn(server: ServerSocket, options: LoginOptions): Promise<SqlserverConnection> {
    const guard = new LoginGuard(options.credentials, options.serverName);
    const numbers: number[] = [];
    const client = new Connection(configuration(server.stream, options));
    client.on('error', () => undefined);
    client.on('secure', () => server.trust());
    client.on('errorMessage', ({ number }) => numbers.push(number));
    const guarded = client as unknown as GuardedConnection;
    const connection = new SqlserverConnection(client, server, guard);
    guard.attach(guarded, (error) => server.refuse(error));
    server.stream.once('close', () => guard.interrupt());
    try {
      await server.answered(LOGIN, async () => new Promise<void>((resolve, reject) => {
        client.connect((error) => error ? reject(error) : resolve());
      }));
      guard.finish();
      return connection;
    } catch (thrown) {
      server.destroy();
      throw loginError(thrown, numbers, guard, guarded);
    }
  }

  private constructor(
    private readonly client: Connection, private readonly server: ServerSocket, private readonly guard: LoginGuard,
  ) {}

  /** Rows of one batch of statements. */
  async rows<T extends object>(sql: string, phase: Phase = 'statement'): Promise<T[]> {
    try {
      return await this.server.answered(STATEMENT, async () => new Promise<T[]>((resolve, reject) => {
        const request = new Request(sql, (error, _count, rows) => error ? reject(error) : resolve(rows.map(valuesOf) as T[]));
        this.client.execSqlBatch(request);
      }));
    } catch (thrown) {
      throw this.guard.refusal ?? sqlserverError(thrown, phase);
    }
  }

  /** Runs statements in a database, all or none of them; one needs no transaction for that. */
  async change(database: string, statements: readonly string[], phase?: Phase): Promise<void> {
    if (statements.length > 0) {
      const work =
        statements.length === 1 ? statements : ['SET XACT_ABORT ON', 'BEGIN TRANSACTION', ...statements, 'COMMIT TRANSACTION'];
      await this.rows([`USE ${quoteIdentifier(database)}`, ...work].join('; '), phase);
    }
  }

  async close(): Promise<void> {
    // The protocol has no farewell: the connection ends where its socket does.
    this.client.close();
    this.server.destroy();
  }
}

function valuesOf(row: Record<string, { value: unknown }>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([column, { value }]) => [column, value]));
}

function configuration(
  socket: Socket,
  { credentials, port, serverName, certificateAuthorities }: LoginOptions,
): ConnectionConfiguration {
  return {
    server: serverName,
    // The guard holds what belongs here.
    authentication: { type: 'default', options: { userName: undefined, password: undefined } },
    options: {
      port,
      // Whatever address the driver asks for: where it was sent elsewhere, it has closed this socket before.
      connector: async () => socket,
      database: credentials.databaseName,
      encrypt: true,
      trustServerCertificate: false,
      serverName,
      cryptoCredentialsDetails: { ca: certificateAuthorities, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', secureOptions: 0 },
      tdsVersion: '7_4',
      fallbackToDefaultDb: false,
      maxRetriesOnTransientErrors: 0,
      connectTimeout: 2 * LOGIN.milliseconds,
      requestTimeout: 0,
      cancelTimeout: 0,
      multiSubnetFailover: false,
      readOnlyIntent: false,
      appName: APPLICATION,
      workstationId: APPLICATION,
      language: 'us_english',
      datefirst: 7,
      dateFormat: 'mdy',
      textsize: MAXIMUM_TEXT,
      packetSize: 4_096,
      isolationLevel: READ_COMMITTED,
      connectionIsolationLevel: READ_COMMITTED,
      abortTransactionOnError: true,
      enableAnsiNull: true,
      enableAnsiNullDefault: true,
      enableAnsiPadding: true,
      enableAnsiWarnings: true,
      enableArithAbort: true,
      enableConcatNullYieldsNull: true,
      enableImplicitTransactions: false,
      enableNumericRoundabort: false,
      enableQuotedIdentifier: true,
      camelCaseColumns: false,
      useColumnNames: true,
      useUTC: true,
      rowCollectionOnDone: false,
      rowCollectionOnRequestCompletion: true,
      debug: { data: false, packet: false, payload: false, token: false },
    },
  };
}

function loginError(
  thrown: unknown,
  numbers: readonly number[],
  guard: LoginGuard,
  { messageIo }: GuardedConnection,
): RotationError {
  const refusal = guard.refusal ?? (thrown instanceof RotationError ? thrown : undefined);
  if (refusal) {
    return refusal;
  }
  if (numbers.length > 0) {
    const error = errorOfNumbers(numbers, 'login');
    return error.errorClass === 'authentication' ? new SignInRefused(error.code) : error;
  }
  const negotiating = !guard.hasAsked && messageIo !== undefined;
  return negotiating && (messageIo.securePair || isOpenSslError(thrown))
    ? handshakeError(thrown)
    : sqlserverError(thrown, 'login');
}

/** Of certificate authorities that cannot be read. */
function isOpenSslError(thrown: unknown): boolean {
  return String((thrown as { code?: unknown }).code).startsWith('ERR_OSSL');
}
