import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Document } from 'mongodb';
import type { AuthProvider, Connection } from 'mongodb/lib/cmap/connect';
import { preparePassword } from './prepare-password';
import { RotationError } from '../core/rotation-error';
import type { Credentials } from '../database/credential-target';

interface Mechanism {
  readonly hash: 'sha1' | 'sha256';
  readonly bytes: number;
}

interface Proofs {
  readonly clientProof: Buffer;
  readonly serverSignature: Buffer;
  /** The client's last message without its proof. */
  readonly finalBare: string;
}

export const SCRAM_SHA_1 = 'SCRAM-SHA-1';
export const SCRAM_SHA_256 = 'SCRAM-SHA-256';
/** The methods that are answered, the better one first; a server with no better one does not get the password. */
const MECHANISMS: ReadonlyMap<string, Mechanism> = new Map([
  [SCRAM_SHA_256, { hash: 'sha256', bytes: 32 }],
  [SCRAM_SHA_1, { hash: 'sha1', bytes: 20 }],
]);
const NONCE_BYTES = 24;
const MINIMUM_ITERATIONS = 4_096;
/** Half a second of a small function; a server could otherwise make the function compute for any time. */
const MAXIMUM_ITERATIONS = 600_000;
/** `n,,`: no channel binding, no other user to act as. */
const HEADER = 'n,,';
const FIRST_ANSWER = /^r=(?<nonce>[\x21-\x2b\x2d-\x7e]+),s=(?<salt>[A-Za-z0-9+/=]+),i=(?<iterations>\d{1,9})(?:,|$)/;
const FINAL_ANSWER = /^v=(?<signature>[A-Za-z0-9+/=]+)(?:,|$)/;

/**
 * Signs in by SCRAM (RFC 5802, 7677), in which both sides prove that they know the password and neither shows it.
 *
 * It replaces the driver's own, which keeps what it derives from passwords for as long as the process lives, computes as long as
 * a server likes, and accepts a nonce that is not its own. The driver never gets the password.
 */
export class ScramLogin implements AuthProvider {
  /** Whether the server has proved that it knows the password. */
  hasProved = false;
  readonly #password: string;

  /** @param database the one that the user belongs to */
  constructor(private readonly username: string, { password }: Pick<Credentials, 'password'>, private readonly database: string) {
    this.#password = password;
  }

  async prepare(hello: Document): Promise<Document> {
    return { ...hello, saslSupportedMechs: `${this.database}.${this.username}` };
  }

  async auth({ connection, response }: { connection: Connection; response: Document }): Promise<void> {
    const mechanism = mechanismOf(response.saslSupportedMechs);
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    const firstBare = `n=${this.username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
    const first = await this.say(connection, {
      saslStart: 1, mechanism, payload: Buffer.from(HEADER + firstBare), autoAuthorize: 1, options: { skipEmptyExchange: true },
    });
    const challenge = FIRST_ANSWER.exec(first.text)?.groups;
    if (!challenge || !challenge.nonce.startsWith(nonce) || challenge.nonce === nonce) {
      throw new RotationError('protocol', 'the server answered a login with something that is not SCRAM');
    }
    const { clientProof, serverSignature, finalBare } = this.proofs(mechanism, challenge, `${firstBare},${first.text}`);
    const final = await this.say(connection, {
      saslContinue: 1,
      conversationId: first.conversationId,
      payload: Buffer.from(`${finalBare},p=${clientProof.toString('base64')}`),
    });
    const signature = Buffer.from(FINAL_ANSWER.exec(final.text)?.groups?.signature ?? '', 'base64');
    if (signature.length !== serverSignature.length || !timingSafeEqual(signature, serverSignature)) {
      throw new RotationError('protocol', 'the server has not proved that it knows the password');
    }
    // Servers that know no `skipEmptyExchange` want one more message, which says nothing.
    const { conversationId } = final;
    const { done } = final.done
      ? final
      : await this.say(connection, { saslContinue: 1, conversationId, payload: Buffer.alloc(0) });
    if (!done) {
      throw new RotationError('protocol', 'the server does not end the login');
    }
    this.hasProved = true;
  }

  private async say(
    connection: Connection,
    command: Document,
  ): Promise<{ text: string; conversationId: unknown; done: boolean }> {
    const { payload, conversationId, done } = await connection.command({ db: this.database }, command, { promoteBuffers: true });
    return { text: Buffer.isBuffer(payload) ? payload.toString('latin1') : '', conversationId, done: done === true };
  }

  private proofs(name: string, challenge: Record<string, string>, beginning: string): Proofs {
    const iterations = Number(challenge.iterations);
    if (iterations < MINIMUM_ITERATIONS || iterations > MAXIMUM_ITERATIONS) {
      throw new RotationError(
        'protocol',
        `the server asked for fewer than ${MINIMUM_ITERATIONS} or more than ${MAXIMUM_ITERATIONS} iterations of SCRAM`,
      );
    }
    const { hash, bytes: length } = MECHANISMS.get(name)!;
    const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
    const password = name === SCRAM_SHA_1 ? md5(`${this.username}:mongo:${this.#password}`) : preparePassword(this.#password);
    const salted = pbkdf2Sync(password, Buffer.from(challenge.salt, 'base64'), iterations, length, hash);
    const finalBare = `c=${Buffer.from(HEADER).toString('base64')},r=${challenge.nonce}`;
    const clientKey = hmac(salted, 'Client Key');
    const clientSignature = hmac(createHash(hash).update(clientKey).digest(), `${beginning},${finalBare}`);
    return {
      // eslint-disable-next-line no-bitwise
      clientProof: Buffer.from(clientKey.map((byte, index) => byte ^ clientSignature[index])),
      serverSignature: hmac(hmac(salted, 'Server Key'), `${beginning},${finalBare}`),
      finalBare,
    };
  }
}

/**
 * What the server says that the user has. It says nothing of users that it does not know; Amazon DocumentDB knows SHA-1 alone.
 */
function mechanismOf(offered: unknown): string {
  if (!Array.isArray(offered)) {
    return SCRAM_SHA_1;
  }
  const mechanism = [...MECHANISMS.keys()].find((name) => offered.includes(name));
  if (mechanism === undefined) {
    throw new RotationError(
      'protocol',
      `the user signs in by a method that is not answered: ${SCRAM_SHA_256} and ${SCRAM_SHA_1} are`,
    );
  }
  return mechanism;
}

/** What MongoDB derives SCRAM-SHA-1's keys from, instead of the password. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
