import { setTimeout } from 'node:timers/promises';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { CachedSecret } from 'cdk-secretsmanager-patterns/secret-client';
import { Client } from 'pg';

interface Credentials {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

const SECONDS_BETWEEN_QUESTIONS = 10;

// Read by the task's role, and again when a login is refused.
const credentials = new CachedSecret({ secretId: process.env.PERSONNEL_SECRET!, source: new SecretsManager({}) });

/** Signs in to the Personnel database. */
async function connect(): Promise<Client> {
  return credentials.withValue(async (version) => {
    const { host, port, username, password } = version.json<Credentials>();
    const client = new Client({ host, port, user: username, password, database: 'postgres', ssl: true });
    // An error between two questions would otherwise end the process; the next question fails, and ends it.
    client.on('error', (error) => console.error(error.message));
    await client.connect();
    return client;
  });
}

/** Asks over one connection who it is there, until the task is stopped: Amazon ECS starts another where it fails. */
async function main(): Promise<void> {
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  const client = await connect();
  while (!stop.signal.aborted) {
    const { rows: [row] } = await client.query<{ username: string }>('SELECT session_user AS username');
    console.log(`signed in as ${row.username}`);
    await setTimeout(SECONDS_BETWEEN_QUESTIONS * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  await client.end();
}

void main();
