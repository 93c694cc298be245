import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { RotationError } from '../core/rotation-error';

/** What the guard uses of the driver's connection. */
export interface GuardedConnection extends EventEmitter {
  readonly stream: Duplex;
}

/** What OWASP advises for the hash, and half a second of a small function; a server could demand any number. */
export const MAXIMUM_SCRAM_ITERATIONS = 600_000;
const ITERATIONS = /(?:^|,)i=(\d+)(?:,|$)/;
const SALT = /(?:^|,)s=([A-Za-z0-9+/=]+)(?:,|$)/;

/**
 * Guards the password against the server's demands: the driver would answer any of them.
 *
 * SCRAM, in which both sides prove that they know the password and neither shows it, is the only method; MD5 where the
 * deployment says so. The driver gets the password from here, so that nothing is sent if it stops announcing demands.
 */
export class LoginGuard {
  /** Why the login was given up. */
  refusal?: RotationError;
  /** The salt that the server holds for the user. */
  salt?: Buffer;
  private method?: 'scram' | 'md5';
  private serverHasProved = false;

  constructor(private readonly secret: string, private readonly allowMd5: boolean) {}

  /** Has to happen before the driver attaches its own listeners. */
  attach(connection: GuardedConnection): void {
    const refuse = (text: string): void => {
      this.refusal ??= new RotationError('protocol', text);
      connection.stream.destroy();
    };
    const begin = (method: 'scram' | 'md5'): void => {
      if (this.method !== undefined) {
        refuse('the server asked for a second proof of the password');
      }
      this.method = method;
    };
    connection.on('authenticationCleartextPassword', () =>
      refuse('the server asked for the password itself, as Amazon RDS asks members of rds_iam: REVOKE rds_iam FROM <user>'),
    );
    connection.on('authenticationMD5Password', () =>
      this.allowMd5 ? begin('md5') : refuse('the server asked for an MD5 hash of the password, and only SCRAM-SHA-256 is '
        + 'answered: set the password anew while password_encryption is scram-sha-256, or allow '
        + 'PostgreSqlAuthentication.scramSha256OrMd5()'),
    );
    connection.on('authenticationSASL', () => begin('scram'));
    connection.on('authenticationSASLContinue', ({ data }: { data: string }) => {
      const salt = SALT.exec(data)?.[1];
      this.salt = salt === undefined ? undefined : Buffer.from(salt, 'base64');
      if (Number(ITERATIONS.exec(data)?.[1]) > MAXIMUM_SCRAM_ITERATIONS) {
        refuse(`the server asked for more than ${MAXIMUM_SCRAM_ITERATIONS} iterations of SCRAM: set the password anew with a `
          + 'lower scram_iterations');
      }
    });
    connection.on('authenticationSASLFinal', () => {
      this.serverHasProved = true;
    });
    connection.on('authenticationOk', () => {
      if (this.method === undefined || (this.method === 'scram' && !this.serverHasProved)) {
        refuse('the server let the user in without a proof of the password');
      }
    });
  }

  /** What the driver calls when the server has asked for a proof. */
  password(): string {
    if (this.refusal !== undefined || this.method === undefined) {
      throw new RotationError('protocol', 'nothing that may have the password has asked for it');
    }
    return this.secret;
  }
}
