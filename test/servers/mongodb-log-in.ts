import { MongoClient, type MongoClientOptions } from 'mongodb';

export interface MongodbLoginOptions extends MongoClientOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** Logs in as any client would, with the whole driver, and says as whom. */
export async function logInToMongodb({
  host,
  port,
  username,
  password,
  ...options
}: MongodbLoginOptions): Promise<{ user: string; db: string }> {
  const client = new MongoClient(`mongodb://${host}:${port}/`, {
    auth: { username, password },
    authSource: 'admin',
    directConnection: true,
    tls: true,
    retryWrites: false,
    serverSelectionTimeoutMS: 1500,
    connectTimeoutMS: 1500,
    ...options,
  });
  try {
    const { authInfo } = await client.db('admin').command({ connectionStatus: 1 });
    return authInfo.authenticatedUsers[0];
  } finally {
    await client.close();
  }
}

/**
 * Whether the server has refused a login: the credentials, or the method that drivers take for a user whom Amazon DocumentDB does
 * not know.
 */
export function isMongodbRefusal(thrown: unknown): boolean {
  return [18, -301].includes(Number((thrown as { code?: unknown }).code));
}
