/* eslint-disable no-bitwise */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

export type ScramMechanism = 'SCRAM-SHA-1' | 'SCRAM-SHA-256';

/** The fewest iterations that a server can be told to do: they are most of the time that a login takes. */
const iterations = 5_000;
const PARAMETERS = {
  'SCRAM-SHA-1': { hash: 'sha1', bytes: 20, iterations },
  'SCRAM-SHA-256': { hash: 'sha256', bytes: 32, iterations },
} as const;

/** What a server stores of a password for one method (RFC 5802, section 3). */
export class ScramCredential {
  private readonly salt = randomBytes(16);
  private readonly storedKey: Buffer;
  private readonly serverKey: Buffer;

  constructor(private readonly mechanism: ScramMechanism, username: string, password: string) {
    const { hash, bytes } = PARAMETERS[mechanism];
    const text =
      mechanism === 'SCRAM-SHA-1'
        ? createHash('md5').update(`${username}:mongo:${password}`).digest('hex')
        : password.normalize('NFKC');
    const salted = pbkdf2Sync(text, this.salt, iterations, bytes, hash);
    this.storedKey = createHash(hash).update(this.hmac(salted, 'Client Key')).digest();
    this.serverKey = this.hmac(salted, 'Server Key');
  }

  /** A conversation that a client has begun. */
  begin(clientFirst: string, asked: number = iterations): ScramConversation {
    const bare = clientFirst.replace(/^n,[^,]*,/, '');
    const nonce = /(?:^|,)r=([^,]+)/.exec(bare)![1] + randomBytes(18).toString('base64');
    const serverFirst = `r=${nonce},s=${this.salt.toString('base64')},i=${asked}`;
    return { serverFirst, finish: (clientFinal) => this.finish(`${bare},${serverFirst}`, nonce, clientFinal) };
  }

  private finish(beginning: string, nonce: string, clientFinal: string): string | undefined {
    const [withoutProof, proof] = clientFinal.split(',p=');
    const authentication = `${beginning},${withoutProof}`;
    const signature = this.hmac(this.storedKey, authentication);
    const clientKey = Buffer.from(Buffer.from(proof, 'base64').map((byte, index) => byte ^ signature[index]));
    const proved =
      withoutProof === `c=biws,r=${nonce}`
      && createHash(PARAMETERS[this.mechanism].hash).update(clientKey).digest().equals(this.storedKey);
    return proved ? `v=${this.hmac(this.serverKey, authentication).toString('base64')}` : undefined;
  }

  private hmac(key: Buffer, text: string): Buffer {
    return createHmac(PARAMETERS[this.mechanism].hash, key).update(text).digest();
  }
}

export interface ScramConversation {
  readonly serverFirst: string;
  /** The server's own proof; `undefined` where the client does not know the password. */
  finish(clientFinal: string): string | undefined;
}

/** The name in a client's first message. */
export function usernameIn(clientFirst: string): string {
  return /(?:^|,)n=([^,]*)/.exec(clientFirst.replace(/^n,[^,]*,/, ''))![1].replaceAll('=2C', ',').replaceAll('=3D', '=');
}
