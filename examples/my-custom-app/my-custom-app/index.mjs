import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const client = new SecretsManagerClient();

/** Reads the credentials each time it is called: after a rotation the next call has the new ones. */
export async function handler() {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_NAME }));
  const { host, port, username } = JSON.parse(SecretString);
  return { database: `${host}:${port}`, username };
}
