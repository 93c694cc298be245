import { existsSync, readFileSync } from 'node:fs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';

// Lambda has the SDK; pg comes from package.json: `npm install` in this directory before the deployment.
// The certificate authorities of Amazon RDS are a file of the runtime that Node.js does not read by itself.
const CERTIFICATE_AUTHORITIES = '/var/runtime/ca-cert.pem';
const ssl = existsSync(CERTIFICATE_AUTHORITIES) ? { ca: readFileSync(CERTIFICATE_AUTHORITIES) } : {};

const secretsManager = new SecretsManagerClient();

/** Signs in to the Personnel database and asks who it is there: after a rotation the next call has the new credentials. */
export async function handler() {
  const { host, port, username, password, dbname = 'postgres' } = await readCredentials();
  const client = new pg.Client({ host, port, user: username, password, database: dbname, ssl, connectionTimeoutMillis: 5000 });
  // An error after the last answer would otherwise end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows: [row] } = await client.query('SELECT session_user AS username');
    return { database: `${host}:${port}`, username: row.username };
  } finally {
    await client.end();
  }
}

/** From Secrets Manager each time; what is kept instead lasts until the next rotation but one. */
async function readCredentials() {
  const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_NAME }));
  return JSON.parse(SecretString);
}
