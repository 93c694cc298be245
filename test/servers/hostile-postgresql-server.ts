import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ServerCertificate } from './certificates';
import { drip, flood } from './flood';
import { PeerListener, secureServerSide } from './peer-listener';
import { type ClientMessage, ClientMessages, ServerMessage } from './postgresql-messages';

const SSL_REQUEST = 80877103;

export type HostileBehaviour =
  /** Asks for the password itself. */
  | 'cleartext'
  /** Asks for the password's md5 hash. */
  | 'md5'
  /** Offers only a SASL mechanism that does not exist. */
  | 'unknown-sasl'
  /** Runs SCRAM without knowing the password. */
  | 'wrong-signature'
  /** Lets everybody in without a question. */
  | 'no-authentication'
  /** Answers `N` to the wish for TLS and goes on in plaintext, asking for the password. */
  | 'refuse-tls'
  /** Accepts the connection and says nothing. */
  | 'silent'
  /** Completes the TLS handshake and says nothing. */
  | 'silent-after-tls'
  /** Sends for ever: in place of its answer to the wish for TLS, notices, an error of one message, rows. */
  | 'floods-before-tls' | 'floods-login' | 'floods-error' | 'floods-rows'
  /** Answers one byte at a time. */
  | 'drips' | 'drips-rows'
  /** Wants SCRAM of more rounds than anybody computes. */
  | 'endless-rounds';

/** Columns of one result, and as many of its rows as anybody wants. */
const COLUMNS = ServerMessage.of('T', Buffer.concat([Buffer.from([0, 1]), Buffer.from('x\0'), Buffer.alloc(18)]));
const ROW = ServerMessage.of('D', Buffer.concat([Buffer.from([0, 1, 0, 0, 0, 100]), Buffer.alloc(100, 'x')]));
/** The beginning of an error of two gigabytes. */
const ENDLESS_ERROR = Buffer.from([0x45, 0x7f, 0xff, 0xff, 0xff]);
const ROUNDS = 1_000_000_000;

/** Something that pretends to be PostgreSQL in order to get at a password. Whatever the client sends, it lets the client in. */
export class HostilePostgreSqlServer extends PeerListener {
  static async start(behaviour: HostileBehaviour, certificate: ServerCertificate): Promise<HostilePostgreSqlServer> {
    return new HostilePostgreSqlServer(behaviour, certificate).listen();
  }

  /** How many TLS handshakes were completed. */
  handshakes = 0;
  /** Messages with a password, a hash or a step of SASL. */
  readonly passwordMessages: Buffer[] = [];
  private readonly chunks: Buffer[] = [];

  private constructor(private readonly behaviour: HostileBehaviour, private readonly certificate: ServerCertificate) {
    super();
  }

  /** Every byte that clients sent inside TLS, and outside of it all but the wish for TLS. */
  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  protected accept(socket: Socket): void {
    if (this.behaviour === 'silent') {
      socket.resume();
      return;
    }
    socket.once('data', (first: Buffer) => {
      const wantsTls = first.length === 8 && first.readInt32BE(4) === SSL_REQUEST;
      if (!wantsTls) {
        this.converse(socket, first);
      } else if (this.behaviour === 'floods-before-tls') {
        flood(socket, Buffer.from('S'));
      } else if (this.behaviour === 'refuse-tls') {
        socket.write('N');
        this.converse(socket);
      } else {
        const secure = secureServerSide(socket, this.certificate).once('secure', () => this.handshakes += 1);
        socket.write('S');
        this.converse(secure);
      }
    });
  }

  private converse(socket: Socket, first?: Buffer): void {
    const messages = new ClientMessages();
    const receive = (chunk: Buffer) => {
      this.chunks.push(Buffer.from(chunk));
      if (this.behaviour !== 'silent-after-tls') {
        messages.read(chunk).forEach((message) => this.respond(socket, message));
      }
    };
    socket.on('data', receive);
    if (first !== undefined) {
      receive(first);
    }
  }

  private respond(socket: Socket, { type, body }: ClientMessage): void {
    switch (type) {
      case undefined:
        this.greet(socket);
        return;
      case 'p':
        this.passwordMessages.push(Buffer.from(body));
        socket.write(this.verdict(body));
        return;
      case 'Q':
      case 'S':
        this.answer(socket, type);
        return;
      case 'X':
        socket.end();
    }
  }

  private greet(socket: Socket): void {
    switch (this.behaviour) {
      case 'floods-login':
        flood(socket, ServerMessage.notice);
        return;
      case 'floods-error':
        socket.write(ENDLESS_ERROR);
        flood(socket, Buffer.alloc(1_000));
        return;
      case 'drips':
        drip(socket, ServerMessage.error('28000', 'x'.repeat(1_000)));
        return;
      default:
        socket.write(this.greeting());
    }
  }

  private answer(socket: Socket, type: 'Q' | 'S'): void {
    const result = type === 'Q' ? ServerMessage.emptyResult : ServerMessage.emptyExtendedResult;
    switch (this.behaviour) {
      case 'floods-rows':
        socket.write(COLUMNS);
        flood(socket, ROW);
        return;
      case 'drips-rows':
        drip(socket, Buffer.concat([COLUMNS, ...Array.from({ length: 100 }, () => ROW)]));
        return;
      default:
        socket.write(result);
    }
  }

  private greeting(): Buffer {
    switch (this.behaviour) {
      case 'md5':
      case 'floods-rows':
      case 'drips-rows':
        return ServerMessage.md5Password(randomBytes(4));
      case 'unknown-sasl':
        return ServerMessage.sasl('SCRAM-SHA-0');
      case 'wrong-signature':
      case 'endless-rounds':
        return ServerMessage.sasl('SCRAM-SHA-256');
      case 'no-authentication':
        return ServerMessage.authenticationOk;
      default:
        return ServerMessage.cleartextPassword;
    }
  }

  private verdict(body: Buffer): Buffer {
    const isScram = this.behaviour === 'wrong-signature' || this.behaviour === 'endless-rounds';
    const clientNonce = isScram ? /n=[^,]*,r=([^,]+)$/.exec(body.toString())?.[1] : undefined;
    if (clientNonce !== undefined) {
      const salt = randomBytes(16).toString('base64');
      return ServerMessage.saslContinue(`r=${clientNonce}${randomBytes(18).toString('base64')},s=${salt},i=${this.behaviour === 'wrong-signature' ? 4096 : ROUNDS}`);
    }
    return this.behaviour === 'wrong-signature'
      ? Buffer.concat([ServerMessage.saslFinal(`v=${randomBytes(32).toString('base64')}`), ServerMessage.authenticationOk])
      : ServerMessage.authenticationOk;
  }
}
