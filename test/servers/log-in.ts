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
