import type { SecureContext } from 'node:tls';
import type { Deadline } from '../core/deadline';

/** What sessions use of a connection, and all that they use. Every failure is a `RotationError`. */
export interface OracleStatements {
  /** Rows of a query; values go beside it and not into it. */
  rows<T extends object>(sql: string, values?: Readonly<Record<string, string>>): Promise<T[]>;
  /** Runs one statement, which takes effect at once. */
  run(statement: string): Promise<void>;
  close(): Promise<void>;
}

export interface OracleLogin {
  /** As it stands in the catalogue. */
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  readonly serviceName: string;
  /** The name that the certificate has to carry; never an IP address. */
  readonly serverName: string;
  readonly secureContext: SecureContext;
}

/** Signs a user in; throws `SignInRefused` where the credentials are wrong. */
export type OracleLogInto = (login: OracleLogin, deadline: Deadline) => Promise<OracleStatements>;
