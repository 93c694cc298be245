import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { readMessage } from './message-reader';
import { type DigestDemand, digestProof, md5Proof } from './password-proof';
import { redshiftError } from './redshift-error';
import { RotationError } from '../core/rotation-error';
import type { Credentials } from '../database/credential-target';

const PROTOCOL_VERSION = 196_608;
const OK = 0;
const CLEARTEXT = 3;
const MD5 = 5;
const DIGEST = 13;
const SHA256 = 0;
const MD5_SALT_BYTES = 4;
const NONCE_BYTES = 32;
/** Of an error, the field that holds its SQLSTATE. */
const SQLSTATE_FIELD = 'C';

export type RedshiftCredentials = Credentials & { readonly databaseName: string };

/**
 * Signs in to Amazon Redshift and returns the server's message of success, as it came.
 *
 * MD5 and Redshift's digest are the only methods, each once. The driver knows no digest, so it gets the connection
 * afterwards and never the password. Neither method proves the server: its certificate has.
 */
export async function logIn(stream: Duplex, credentials: RedshiftCredentials): Promise<Buffer> {
  stream.write(startupMessage(credentials));
  let proved = false;
  for (;;) {
    const { type, body, whole } = await readMessage(stream);
    if (type === 'N') {
      continue;
    }
    if (type === 'E') {
      throw redshiftError({ code: sqlStateOf(body) }, 'login');
    }
    const demand = type === 'R' && body.length >= 4 ? body.readInt32BE(0) : undefined;
    if (demand === OK && proved) {
      return whole;
    }
    if (proved) {
      throw refusal('the server asked for a second proof of the password');
    }
    stream.write(answer(demand, body.subarray(4), credentials));
    proved = true;
  }
}

function answer(demand: number | undefined, body: Buffer, { username, password }: Credentials): Buffer {
  switch (demand) {
    case MD5:
      if (body.length !== MD5_SALT_BYTES) {
        throw broken();
      }
      return message('p', Buffer.from(`${md5Proof(username, password, body)}\0`));
    case DIGEST: {
      const clientNonce = randomBytes(NONCE_BYTES);
      const digest = digestProof(password, digestDemand(body), clientNonce);
      return message('d', Buffer.concat([int32(digest.length), digest, int32(clientNonce.length), clientNonce]));
    }
    case OK:
      throw refusal('the server let the user in without a proof of the password');
    case CLEARTEXT:
      throw refusal('the server asked for the password itself');
    case undefined:
      throw broken();
    default:
      throw refusal(
        'the server asked for a login method that is not answered: only MD5 and the SHA-256 digest of Amazon Redshift are',
      );
  }
}

function digestDemand(body: Buffer): DigestDemand {
  if (body.length < 4 || body.readInt32BE(0) !== SHA256) {
    throw refusal('the server asked for a digest other than SHA-256');
  }
  const salt = counted(body.subarray(4));
  const serverNonce = counted(body.subarray(8 + salt.length));
  return { salt, serverNonce };
}

/** Bytes after their count. */
function counted(bytes: Buffer): Buffer {
  const length = bytes.length < 4 ? -1 : bytes.readInt32BE(0);
  if (length < 0 || bytes.length < 4 + length) {
    throw broken();
  }
  return bytes.subarray(4, 4 + length);
}

function startupMessage({ username, databaseName }: RedshiftCredentials): Buffer {
  const parameters = [
    'user', username, 'database', databaseName, 'client_encoding', 'UTF8', 'application_name',
    'cdk-secretsmanager-patterns',
  ];
  const body = Buffer.from(`${parameters.join('\0')}\0\0`);
  return Buffer.concat([int32(body.length + 8), int32(PROTOCOL_VERSION), body]);
}

function sqlStateOf(body: Buffer): string | undefined {
  return body.toString('latin1').split('\0').find((field) => field.startsWith(SQLSTATE_FIELD))?.slice(1);
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function refusal(text: string): RotationError {
  return new RotationError('protocol', text);
}

function broken(): RotationError {
  return refusal('the server broke its protocol');
}
