import Connection from 'tedious/lib/connection';

export interface SqlserverLoginOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** @default the login's own */
  readonly databaseName?: string;
  /** PEM. */
  readonly ca: string;
}

/** A login that did not come about, with the numbers of the errors that the server gave. */
export class SqlserverLoginError extends Error {
  constructor(
    message: string,
    readonly numbers: readonly number[],
  ) {
    super(message);
  }
}

/** Logs in as any client would, with the plain driver, over TLS that it verifies. */
export async function logInToSqlserver({
  host,
  port,
  username,
  password,
  databaseName,
  ca,
}: SqlserverLoginOptions): Promise<void> {
  const numbers: number[] = [];
  const client = new Connection({
    server: host,
    authentication: { type: 'default', options: { userName: username, password } },
    options: {
      port,
      database: databaseName,
      encrypt: true,
      trustServerCertificate: false,
      cryptoCredentialsDetails: { ca, maxVersion: 'TLSv1.2' },
      connectTimeout: 5_000,
    },
  });
  client.on('error', () => undefined);
  client.on('errorMessage', ({ number }: { number: number }) => numbers.push(number));
  try {
    await new Promise<void>((resolve, reject) => {
      client.connect((error) => (error ? reject(new SqlserverLoginError(error.message, numbers)) : resolve()));
    });
  } finally {
    client.close();
  }
}

/** Whether the server has refused a login, or the database that it asks for. */
export function isSqlserverRefusal(thrown: unknown): boolean {
  return thrown instanceof SqlserverLoginError && thrown.numbers.some((number) => [18456, 4060].includes(number));
}
