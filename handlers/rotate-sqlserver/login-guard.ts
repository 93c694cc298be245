import type { EventEmitter } from 'node:events';
import type { Duplex, Readable } from 'node:stream';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import { RotationError } from '../core/rotation-error';
import type { Credentials } from '../database/credential-target';
import { tooMuch } from '../tls/server-socket';
import { noTls } from '../tls/tls-error';

/** What reads the server's answer: its source fails where the bytes are not an answer. */
interface AnswerReader extends EventEmitter {
  readonly parser: Readable;
}

/** What the guard reads of parts of an answer. */
interface AnswerPart {
  readonly newValue?: number;
  readonly columns?: readonly unknown[];
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

/** What the protocol allows. The driver would cut what it sends into pieces of any size, of none as well, and never end. */
const PACKET_SIZES = { minimum: 512, maximum: 32_767 };
/** Many times what a rotation asks for. A server needs a bit for an empty one, and the driver makes a hundred bytes of it. */
const MAXIMUM_VALUES = 500_000;

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
  private columns = 0;
  private values = 0;

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
      const reader = create(message, this.guarded(handlers, fail));
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

  /**
   * Ends the wait for an answer that will not come: the driver has no limit for the end of one that has begun. One that ends
   * after its connection would end the process.
   */
  interrupt(): void {
    this.reader?.emit('error', nonsense());
    this.reader?.parser.removeAllListeners('end').destroy();
  }

  /** From now on nobody gets the credentials. */
  finish(): void {
    this.signedIn = true;
    if (this.refusal) {
      throw this.refusal;
    }
  }

  /** The driver's handlers, with those that must not act replaced and those that throw caught. */
  private guarded(handlers: PartHandlers, fail: (error: RotationError) => void): PartHandlers {
    return new Proxy(handlers, {
      get: (target, name) => (part: never): void => {
        try {
          this.check(String(name), part);
          (target[String(name)] as (one: unknown) => void).call(target, part);
        } catch (thrown) {
          fail(thrown instanceof RotationError ? thrown : nonsense());
        }
      },
    });
  }

  private check(name: string, { newValue, columns }: AnswerPart): void {
    switch (name) {
      case 'onPacketSizeChange':
        if (!(newValue! >= PACKET_SIZES.minimum && newValue! <= PACKET_SIZES.maximum)) {
          throw nonsense();
        }
        return;
      case 'onColMetadata':
        this.columns = columns!.length;
        return;
      case 'onRow':
        this.values += this.columns + 1;
        if (this.values > MAXIMUM_VALUES) {
          throw tooMuch();
        }
        return;
    }
    const refused = REFUSED_PARTS[name];
    if (refused !== undefined) {
      throw new RotationError('protocol', refused);
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

function nonsense(): RotationError {
  return new RotationError('protocol', 'the server broke its protocol');
}
