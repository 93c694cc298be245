import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';

interface Credentials {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

const SECONDS_BETWEEN_QUESTIONS = 10;

/** Signs in to the Personnel database with what was mounted when the pod was started, as programs do that know files only. */
async function connect(): Promise<Client> {
  const { host, port, username, password } = JSON.parse(readFileSync(process.env.PERSONNEL_FILE!, 'utf8')) as Credentials;
  const client = new Client({ host, port, user: username, password, database: 'postgres', ssl: true });
  // An error between two questions would otherwise end the process; the next question fails, and ends it.
  client.on('error', (error) => console.error(error.message));
  await client.connect();
  return client;
}

/** Asks over one connection who it is there, until the pod is stopped: Kubernetes starts it again where it fails. */
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
