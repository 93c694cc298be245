import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import { RotationError } from '../core/rotation-error';
import type { Credentials } from '../database/credential-target';
import { noTls } from '../tls/tls-error';

/** What reads the server's answer: its source fails where the bytes are not an answer. */
interface AnswerReader extends EventEmitter {
  readonly parser: EventEmitter;
}

/** What is done with each part of an answer, by its name. */
type PartHandlers = Record<string, unknown>;

/** What the guard uses of the driver's connection. */
export interface GuardedConnection {
  readonly config: { readonly authentication: { readonly options: object } };
  /** The TLS stream, as soon as one was begun. */
  readonly messageIo?: { readonly securePair?: { readonly cleartext: Duplex } };
  createTokenStreamParser(message: unknown, handlers: PartHandlers): AnswerReader;
}

/** Parts of an answer that ask for more than a login with a password. */
const REFUSED_PARTS: Readonly<Record<string, string>> = {
  onRoutingChange: 'the server sent the login to another server, which is not followed',
  onSSPI: 'the server asked for a login by Windows, which is not answered',
  onFedAuthInfo: 'the server asked for a login by Microsoft Entra, which is not answered',
};

/**
 * Guards the credentials from the driver.
 *
 * The driver finds them only on a connection whose other end has proved its name to this code as well: without that it would send
 * the login in plaintext to a server that says it has no TLS. At an answer that makes no sense, the driver would end the process.
 */
export class LoginGuard {
  /** Why the connection was given up. */
  refusal?: RotationError;
  private handedOut = false;
  private signedIn = false;
  private reader?: AnswerReader;

  constructor(private readonly credentials: Credentials, private readonly serverName: string) {}

  /** Has to happen before the driver connects. */
  attach(connection: GuardedConnection, abandon: (error: RotationError) => void): void {
    const property = (value: () => string): PropertyDescriptor => ({
      get: () => (this.isProved(connection) ? value() : undefined),
      enumerable: true,
    });
    Object.defineProperties(connection.config.authentication.options, {
      userName: property(() => this.credentials.username),
      password: property(() => {
        this.handedOut = true;
        return this.credentials.password;
      }),
    });
    const create = connection.createTokenStreamParser.bind(connection);
    connection.createTokenStreamParser = (message, handlers) => {
      const fail = (error: RotationError): void => {
        this.refusal ??= error;
        abandon(this.refusal);
        this.interrupt();
      };
      const reader = create(message, guarded(handlers, fail));
      reader.on('error', () => undefined);
      reader.parser.on('error', () => fail(nonsense()));
      this.reader = reader;
      return reader;
    };
  }

  /** Whether the server can know by now whether the password is right. */
  get hasAsked(): boolean {
    return this.handedOut;
  }

  /** Ends the wait for an answer that will not come: the driver has no limit for the end of one that has begun. */
  interrupt(): void {
    this.reader?.emit('error', nonsense());
  }

  /** From now on nobody gets the credentials. */
  finish(): void {
    this.signedIn = true;
    if (this.refusal) {
      throw this.refusal;
    }
  }

  private isProved({ messageIo }: GuardedConnection): boolean {
    if (this.signedIn) {
      return false;
    }
    const stream = messageIo?.securePair?.cleartext;
    const proved = stream instanceof TLSSocket && stream.authorized
      && checkServerIdentity(this.serverName, stream.getPeerCertificate()) === undefined;
    if (!proved) {
      this.refusal ??= stream ? new RotationError('tls', 'the server has not proved its name') : noTls();
      throw this.refusal;
    }
    return true;
  }
}

/** The driver's handlers, with those that must not act replaced and those that throw caught. */
function guarded(handlers: PartHandlers, fail: (error: RotationError) => void): PartHandlers {
  return new Proxy(handlers, {
    get: (target, name) => (part: unknown): void => {
      const refused = REFUSED_PARTS[String(name)];
      if (refused !== undefined) {
        fail(new RotationError('protocol', refused));
        return;
      }
      try {
        (target[String(name)] as (one: unknown) => void).call(target, part);
      } catch {
        fail(nonsense());
      }
    },
  });
}

function nonsense(): RotationError {
  return new RotationError('protocol', 'the server broke its protocol');
}
