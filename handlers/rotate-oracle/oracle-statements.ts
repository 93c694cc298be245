import type { SecureContext } from 'node:tls';
import type { Deadline } from '../core/deadline';
import type { Phase } from '../database/error-phases';

/** All that sessions use of a connection. Every failure is a `RotationError`. */
export interface OracleStatements {
  /** Rows of a query; values are bound, not part of the text. */
  rows<T extends object>(sql: string, values?: Readonly<Record<string, string>>): Promise<T[]>;
  /**
   * Runs one statement, which takes effect at once.
   *
   * @param phase what a failure means. @default that of any statement
   */
  run(statement: string, phase?: Phase): Promise<void>;
  close(): Promise<void>;
}

export interface OracleLogin {
  /** As the catalogue has it. */
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
