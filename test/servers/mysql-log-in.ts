import { type ConnectionOptions, createConnection, type QueryOptions } from 'mysql2';

/** Logs in as any client would and runs a statement, where there is one. */
export async function logInToMysql<T extends object = Record<string, unknown>>(
  options: ConnectionOptions, sql?: string | QueryOptions,
): Promise<T[]> {
  const client = createConnection({ connectTimeout: 2000, ...options });
  try {
    return await new Promise((resolve, reject) => {
      client.on('error', reject);
      if (sql === undefined) {
        client.once('connect', () => resolve([]));
      } else {
        client.query(sql as QueryOptions, (error, rows) => error ? reject(error) : resolve(rows as T[]));
      }
    });
  } finally {
    client.destroy();
  }
}

/** Whether the server has refused a login: access denied, with or without a password, or a locked account. */
export function isMysqlRefusal(thrown: unknown): boolean {
  return [1045, 1698, 3118, 4151].includes(Number((thrown as { errno?: unknown }).errno));
}
