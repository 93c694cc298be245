import type { Duplex } from 'node:stream';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import { RotationError } from '../core/rotation-error';

/** What the guard uses of the driver's connection. */
export interface GuardedConnection {
  /** The TCP socket, and the TLS one as soon as there is one. */
  readonly stream: Duplex;
  readonly config: object;
  startTLS(done: (error?: Error) => void): void;
}

/** How the driver lets an answer to a server's demand be replaced. */
type AnswerToDemand = () => () => never;

/**
 * Guards the password from the driver.
 *
 * The driver finds the password only on a connection whose other end has proved its name to this code as well, and only until it
 * has signed in: it would otherwise copy it into each statement's options. It also would answer a demand for the password itself,
 * and believe a greeting that claims a login which never happened.
 */
export class LoginGuard {
  /** Why the login was given up. */
  refusal?: RotationError;
  private proved?: Duplex;
  private handedOut = false;
  private signedIn = false;

  constructor(private readonly secret: string, private readonly serverName: string) {}

  /**
   * Has to happen before the driver reads what the server says.
   *
   * @param secure gets the TLS socket that the driver makes, before anything has arrived on it
   */
  attach(connection: GuardedConnection, secure: (stream: TLSSocket) => void): void {
    const { startTLS } = connection;
    connection.startTLS = (done) => {
      startTLS.call(connection, done);
      // The driver would keep the session, and one that is resumed shows no certificate.
      connection.stream.removeAllListeners('session');
      secure(connection.stream as TLSSocket);
    };
    // The driver writes it back where servers know several factors: whatever it writes is not the password.
    Object.defineProperty(connection.config, 'password', {
      get: () => this.password(connection),
      set: () => undefined,
      enumerable: true,
    });
  }

  /** Whether the server can know by now whether the password is right. */
  get hasAsked(): boolean {
    return this.handedOut;
  }

  /** The methods that the driver knows and that are not answered. It refuses unknown methods itself. */
  get refusals(): Record<string, AnswerToDemand> {
    const refuse: AnswerToDemand = () => () => {
      this.refusal ??= unansweredMethod();
      throw this.refusal;
    };
    return { mysql_clear_password: refuse, sha256_password: refuse };
  }

  /** Throws unless the server has asked for a proof; from now on nobody gets the password. */
  finish(): void {
    this.signedIn = true;
    if (this.refusal) {
      throw this.refusal;
    }
    if (!this.handedOut) {
      throw new RotationError('protocol', 'the server let the user in before it had proved who it is');
    }
  }

  /** Whether the other end has proved its name: found out once, for the driver asks for the password several times. */
  private hasProved(stream: Duplex): boolean {
    if (
      this.proved !== stream && stream instanceof TLSSocket && stream.authorized
      && checkServerIdentity(this.serverName, stream.getPeerCertificate()) === undefined
    ) {
      this.proved = stream;
    }
    return this.proved === stream;
  }

  private password(connection: GuardedConnection): string | undefined {
    if (this.signedIn) {
      return undefined;
    }
    const { stream } = connection;
    if (this.refusal || !this.hasProved(stream)) {
      this.refusal ??= new RotationError('tls', 'the server has not proved its name');
      stream.destroy();
      return undefined;
    }
    this.handedOut = true;
    return this.secret;
  }
}

export function unansweredMethod(): RotationError {
  return new RotationError('protocol', 'the server asked for a proof of the password by a method that is not answered: '
    + 'caching_sha2_password and mysql_native_password are');
}
