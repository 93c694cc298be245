import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerCertificate } from './certificates';
import { drip, flood } from './flood';
import { PeerListener } from './peer-listener';
import { type PeerSession, SqlserverAccounts } from './sqlserver-accounts';
import { SqlserverError } from './sqlserver-catalogue';
import {
  Encryption,
  type LoginRequest,
  type Message,
  MessageReader,
  MessageType,
  packets,
  parseLogin7,
  preLogin,
  resultSet,
  textOfBatch,
  Token,
} from './sqlserver-messages';
import { secureInsideMessages } from './sqlserver-tls';

export type SqlserverBehaviour =
  /** As SQL Server does it. */
  | 'honest'
  /** Says that it has no TLS, or that it is switched off, or something that nobody knows. */
  | 'no-tls' | 'tls-off' | 'unknown-encryption'
  /** Sends the login elsewhere, with and without an acknowledgement. */
  | 'routes' | 'routes-unacknowledged'
  /** Asks for a login by Windows or by Microsoft Entra. */
  | 'asks-for-sspi' | 'asks-for-token'
  | 'silent' | 'silent-to-tls' | 'silent-after-tls' | 'silent-to-statements' | 'silent-in-the-middle'
  /** Breaks off. */
  | 'breaks-off' | 'breaks-off-tls' | 'breaks-off-login'
  /** Answers that are none: to the greeting, to the login, to a statement; one that would never end. */
  | 'nonsense' | 'nonsense-login' | 'nonsense-answer' | 'short-packet' | 'endless' | 'unexpected-part'
  /** Sends for ever: an answer to the greeting, to the login, errors, rows; or one byte at a time. */
  | 'floods-before-tls' | 'floods-login' | 'floods-errors' | 'floods-rows' | 'drips' | 'drips-rows'
  /** Names a size of packets that nobody can cut anything into. */
  | 'packets-of-nothing' | 'packets-of-one'
  /** Rows of a bit for each of many columns, with nothing in them. */
  | 'empty-rows';

const ENCRYPTION: Partial<Record<SqlserverBehaviour, number>> = {
  'no-tls': Encryption.NOT_SUPPORTED,
  'tls-off': Encryption.OFF,
  'unknown-encryption': 9,
};
const HUGE = Buffer.from([0xaa, 0xff, 0xff, 1, 2, 3]);
const UNKNOWN_TOKEN = Buffer.from([0x01, 0x02, 0x03]);
/** A column, and a row of it. */
const COLUMNS = resultSet([], ['name']);
const ROW = resultSet([{ name: 'x'.repeat(100) }], ['name']).subarray(COLUMNS.length);
const MANY_COLUMNS = resultSet([], Array.from({ length: 2_000 }, (_, number) => String(number)));
const EMPTY_ROW = Buffer.concat([Buffer.from([0xd2]), Buffer.alloc(250, 0xff)]);
/** A packet of a message that goes on. */
const endless = (data: Buffer): Buffer => {
  const packet = packets(MessageType.ANSWER, data);
  packet[1] = 0;
  return packet;
};
const INITIAL_STATEMENT = /^set ansi_nulls on/i;

/** Speaks the protocol of a SQL Server, well or with bad intentions, and keeps what it hears. */
export class SqlserverPeer extends PeerListener {
  static async start(certificate: ServerCertificate, behaviour: SqlserverBehaviour = 'honest'): Promise<SqlserverPeer> {
    return new SqlserverPeer(certificate, behaviour).listen();
  }

  readonly superuser = { username: 'admin', password: `aA1-${randomBytes(18).toString('hex')}` };
  readonly accounts = new SqlserverAccounts();
  readonly requests: LoginRequest[] = [];
  /** Everything that clients sent before TLS, and the messages that they sent over it. */
  plaintext: Buffer = Buffer.alloc(0);
  received: Buffer = Buffer.alloc(0);
  /** How many batches are answered before the connection is cut, once, instead of an answer. */
  cutAfter = Infinity;
  /** Where a login is sent. */
  elsewhere = 1;
  private readonly said: string[] = [];
  private readonly counted = { accepted: 0, refused: 0 };

  private constructor(private readonly certificate: ServerCertificate, private readonly behaviour: SqlserverBehaviour) {
    super();
    this.accounts.addLogin(this.superuser.username, this.superuser.password, { superuser: true });
  }

  async createUser({ username, password }: { username: string; password: string }): Promise<void> {
    this.accounts.addLogin(username, password);
  }

  /** What clients have sent, without what the driver begins each session with. */
  statements(): string {
    return this.said.join('\n');
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return this.counted[outcome];
  }

  protected accept(socket: Socket): void {
    const reader = new MessageReader();
    if (this.behaviour === 'silent') {
      return;
    }
    const greet = (chunk: Buffer): void => {
      this.plaintext = Buffer.concat([this.plaintext, chunk]);
      const [greeting] = reader.read(chunk);
      if (!greeting) {
        return;
      }
      socket.off('data', greet);
      this.answerGreeting(socket, greeting);
    };
    socket.on('data', greet);
  }

  private answerGreeting(socket: Socket, greeting: Message): void {
    const broken: Partial<Record<SqlserverBehaviour, Buffer>> = {
      'nonsense': Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'short-packet': Buffer.from([4, 1, 0, 3, 0, 0, 1, 0]),
    };
    if (greeting.type !== MessageType.PRELOGIN || this.behaviour === 'breaks-off') {
      socket.destroy();
      return;
    }
    if (this.behaviour === 'floods-before-tls') {
      flood(socket, endless(Buffer.alloc(1_000)));
      return;
    }
    socket.write(broken[this.behaviour] ?? packets(MessageType.ANSWER, preLogin(ENCRYPTION[this.behaviour] ?? Encryption.ON)));
    if (ENCRYPTION[this.behaviour] !== undefined || broken[this.behaviour]) {
      socket.on('data', (chunk: Buffer) => {
        this.plaintext = Buffer.concat([this.plaintext, chunk]);
      });
    } else if (this.behaviour === 'breaks-off-tls') {
      socket.once('data', () => socket.destroy());
    } else if (this.behaviour !== 'silent-to-tls') {
      this.secure(socket);
    }
  }

  private secure(socket: Socket): void {
    const secured = secureInsideMessages(socket, this.certificate);
    const reader = new MessageReader();
    const conversation = this.converse(secured);
    conversation.next();
    secured.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      reader.read(chunk).forEach((message) => conversation.next(message));
    });
  }

  /** What is said on one connection: each `yield` waits for the client's next message. */
  private* converse(socket: Duplex): Generator<undefined, void, Message> {
    const answer = (...tokens: Buffer[]): void => void socket.write(packets(MessageType.ANSWER, Buffer.concat(tokens)));
    const { data } = yield;
    const request = parseLogin7(data);
    this.requests.push(request);
    const misbehaviour: Partial<Record<SqlserverBehaviour, () => void>> = {
      'silent-after-tls': () => undefined,
      'breaks-off-login': () => socket.destroy(),
      'routes': () => answer(Token.loginAck, Token.routing('localhost', this.elsewhere), Token.done()),
      'routes-unacknowledged': () => answer(Token.routing('localhost', this.elsewhere), Token.done()),
      'asks-for-sspi': () => answer(Token.sspi),
      'asks-for-token': () => answer(Token.fedAuthInfo()),
      'nonsense-login': () => answer(UNKNOWN_TOKEN),
      'endless': () => void socket.write(Buffer.concat([Buffer.from([4, 0, 0, 14, 0, 0, 1, 0]), HUGE])),
      'floods-login': () => flood(socket, endless(Token.database('x'.repeat(100)))),
      'floods-errors': () => flood(socket, endless(Token.error(18456, 'x'.repeat(100)))),
      'drips': () => drip(socket, packets(MessageType.ANSWER, Token.database('x'.repeat(100)))),
      'packets-of-nothing': () => answer(Token.packetSize(8), Token.loginAck, Token.done()),
      'packets-of-one': () => answer(Token.packetSize(9), Token.loginAck, Token.done()),
      'unexpected-part': () => answer(Buffer.from([0x79, 0, 0, 0, 0]), Token.done()),
    };
    const misbehave = misbehaviour[this.behaviour];
    if (misbehave) {
      misbehave();
      return;
    }
    const session = this.accounts.signIn(request);
    if (typeof session === 'number') {
      this.counted.refused++;
      // A database that cannot be opened comes with the general refusal.
      const numbers = session === 18456 ? [session] : [session, 18456];
      answer(...numbers.map((number) => Token.error(number, `Login failed for user '${request.username}'.`)), Token.failed);
      socket.end();
      return;
    }
    this.counted.accepted++;
    answer(Token.database(session.databaseName), Token.loginAck, Token.done());
    for (;;) {
      const message: Message = yield;
      this.answerBatch(textOfBatch(message.data), session, socket, answer);
    }
  }

  private answerBatch(sql: string, session: PeerSession, socket: Duplex, answer: (...tokens: Buffer[]) => void): void {
    if (INITIAL_STATEMENT.test(sql)) {
      answer(Token.done());
      return;
    }
    this.said.push(sql);
    const misbehaviour: Partial<Record<SqlserverBehaviour, () => void>> = {
      'silent-to-statements': () => undefined,
      'silent-in-the-middle': () => void socket.write(Buffer.concat([Buffer.from([4, 0, 0, 14, 0, 0, 1, 0]), HUGE])),
      'nonsense-answer': () => answer(UNKNOWN_TOKEN),
      'floods-rows': () => {
        socket.write(endless(COLUMNS));
        flood(socket, endless(ROW));
      },
      'drips-rows': () => drip(socket, Buffer.concat([endless(COLUMNS), ...Array.from({ length: 100 }, () => endless(ROW))])),
      'empty-rows': () => answer(MANY_COLUMNS, ...Array.from({ length: 300 }, () => EMPTY_ROW), Token.done()),
    };
    const misbehave = misbehaviour[this.behaviour];
    if (misbehave) {
      misbehave();
      return;
    }
    try {
      const { rows, columns } = this.accounts.run(sql, session);
      if (this.cutAfter-- === 0) {
        socket.destroy();
        return;
      }
      answer(...columns.length > 0 ? [resultSet(rows, columns)] : [], Token.done(rows.length));
    } catch (thrown) {
      if (!(thrown instanceof SqlserverError)) {
        throw thrown;
      }
      answer(Token.error(thrown.number, thrown.message), Token.failed);
    }
  }
}
