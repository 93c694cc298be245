import { Client, type ClientConfig } from 'pg';

export interface LoginOptions extends ClientConfig {
  readonly host: string;
  readonly port: number;
}

/** Logs in over verified TLS unless told otherwise, and says as whom, and whether TLS was used. */
export async function logIn(options: LoginOptions): Promise<{ user: string; ssl: boolean }> {
  const client = new Client({ database: 'postgres', connectionTimeoutMillis: 2000, ...options });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query('SELECT current_user AS user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether the server has refused a login: class 28 of SQLSTATE. PgBouncer has one code for all that it says. */
export function isPostgresqlRefusal(thrown: unknown): boolean {
  const { code, message } = thrown as { code?: unknown; message?: unknown };
  return /^28/.test(String(code)) || code === '08P01' && /authentication failed/.test(String(message));
}
