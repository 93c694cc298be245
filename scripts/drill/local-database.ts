/** Credentials as secrets hold them. */
export interface LocalCredentials {
  readonly username: string;
  readonly password: string;
  readonly dbname?: string;
}

/** A server of our own in place of one of the app's. */
export interface LocalDatabase {
  readonly host: string;
  readonly port: number;
  /** PEM of the authority of its certificate. */
  readonly certificateAuthority: string;
  /** Creates a user who may change others, as the master user of Amazon RDS may. */
  createMaster(credentials: LocalCredentials): Promise<void>;
  /** Creates a user that the app takes for granted, unless there is one of that name, as if the master user had made it. */
  ensureUser(credentials: LocalCredentials, master?: string): Promise<void>;
  /** Creates roles that the app takes for granted, which the master user may give to others. */
  ensureRoles(roles: readonly string[], master: string): Promise<void>;
  ensureDatabase(name: string): Promise<void>;
  /** Signs in as an application does; throws where that fails. */
  logIn(credentials: LocalCredentials): Promise<void>;
  /** Whether the server has refused a login, and not something else has failed. */
  isRefusal(thrown: unknown): boolean;
  stop(): Promise<void>;
}
