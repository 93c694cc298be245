import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { beginningWith } from './beginning-with';
import type { ServerCertificate } from './certificates';
import { drip, flood } from './flood';
import { MysqlAccounts, MysqlError, type PeerAccount } from './mysql-accounts';
import { type LoginRequest, PacketStream, parseLoginRequest, Payload, resultSet } from './mysql-messages';
import { PeerListener, secureServerSide } from './peer-listener';

export type MysqlBehaviour =
  /** As MySQL does it. */
  | 'honest'
  /** Greets, or answers the login, with a method that wants the password itself. */
  | 'clear-password' | 'greets-with-clear-password' | 'sha256-password' | 'greets-with-sha256-password'
  /** A method of MariaDB's, or none that anybody knows. */
  | 'ed25519' | 'unknown-method'
  /** Answers with a public key that nobody has asked for. */
  | 'public-key'
  /** Answers the first statement by asking for a file of the client's. */
  | 'local-infile'
  | 'no-tls' | 'silent' | 'silent-after-tls' | 'silent-to-statements'
  /** Says in plaintext, before TLS, that the login was right, or wrong, or what the next demand is. */
  | 'ok-before-tls' | 'refusal-before-tls' | 'switch-before-tls'
  | 'breaks-off-tls'
  /** Sends for ever: a greeting, an answer to the login, rows; or one byte at a time. */
  | 'floods-before-tls' | 'floods-login' | 'floods-rows' | 'drips' | 'drips-rows'
  /** More columns, or rows, than any statement asks for. */
  | 'many-columns' | 'many-rows';

const CACHING_SHA2 = 'caching_sha2_password';
const NATIVE = 'mysql_native_password';
const FAST_AUTHENTICATION = Buffer.from([3]);
const FULL_AUTHENTICATION = Buffer.from([4]);
const HEADER_LENGTH = 4;
const SSL_REQUEST_LENGTH = 32;
const QUERY = 3;
/** A packet of 16 megabytes, and others as long. */
const ENDLESS = Buffer.alloc(1_000, 0xff);
/** After as many packets they are numbered from the beginning. */
const NUMBERS = 256;
const QUIT = 1;

const hash = (algorithm: string, ...parts: Buffer[]): Buffer =>
  parts.reduce((digest, part) => digest.update(part), createHash(algorithm)).digest();
// eslint-disable-next-line no-bitwise
const xor = (one: Buffer, other: Buffer): Buffer => Buffer.from(one.map((byte, index) => byte ^ other[index]));

/** Speaks the protocol of a MySQL server, well or with bad intentions, and keeps what it hears. */
export class MysqlPeer extends PeerListener {
  static async start(certificate: ServerCertificate, behaviour: MysqlBehaviour = 'honest'): Promise<MysqlPeer> {
    return new MysqlPeer(certificate, behaviour).listen();
  }

  readonly superuser = { username: 'admin', password: randomBytes(18).toString('hex') };
  readonly accounts = new MysqlAccounts();
  /** Everything that clients sent over TLS, and before. */
  received: Buffer = Buffer.alloc(0);
  plaintext: Buffer = Buffer.alloc(0);
  readonly requests: LoginRequest[] = [];
  /** The method of the greeting. */
  greetsWith = CACHING_SHA2;
  private readonly said: string[] = [];
  private readonly counted = { accepted: 0, refused: 0 };
  private readonly cache = new Map<PeerAccount, { stored: string; digest: Buffer }>();

  private constructor(private readonly certificate: ServerCertificate, private readonly behaviour: MysqlBehaviour) {
    super();
    this.accounts.add(this.superuser.username, this.superuser.password, {
      privileges: new Set(['SELECT', 'CREATE USER', 'ROLE_ADMIN']),
    });
  }

  async createUser({ username, password }: { username: string; password: string }): Promise<void> {
    this.accounts.add(username, password);
  }

  statements(): string {
    return this.said.join('\n');
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return this.counted[outcome];
  }

  protected accept(socket: Socket): void {
    if (this.behaviour === 'silent') {
      return;
    }
    if (this.behaviour === 'floods-before-tls') {
      flood(socket, ENDLESS);
      return;
    }
    const stream = new PacketStream();
    const salt = Buffer.from(randomBytes(20).map((byte) => byte % 127 + 1));
    const plugins: Partial<Record<MysqlBehaviour, string>> = {
      'greets-with-clear-password': 'mysql_clear_password',
      'greets-with-sha256-password': 'sha256_password',
    };
    const greeting = Payload.greeting({
      version: this.accounts.version, plugin: plugins[this.behaviour] ?? this.greetsWith, salt, tls: this.behaviour !== 'no-tls',
    });
    const refusal = Payload.error(1045, '28000', 'Access denied');
    const more: Partial<Record<MysqlBehaviour, Buffer[]>> = {
      'ok-before-tls': [greeting, Payload.ok],
      'switch-before-tls': [greeting, Payload.authSwitch(NATIVE, salt)],
      'refusal-before-tls': [refusal],
    };
    socket.write(stream.write(...more[this.behaviour] ?? [greeting]));
    socket.once('data', (chunk: Buffer) => {
      this.plaintext = Buffer.concat([this.plaintext, chunk]);
      const length = HEADER_LENGTH + SSL_REQUEST_LENGTH;
      const [request] = stream.read(chunk.subarray(0, length));
      if (this.behaviour === 'breaks-off-tls' || request?.length !== SSL_REQUEST_LENGTH) {
        socket.destroy();
        return;
      }
      this.secure(socket, chunk.subarray(length), stream, salt);
    });
  }

  private secure(socket: Socket, early: Buffer, stream: PacketStream, salt: Buffer): void {
    const secured = secureServerSide(beginningWith(early, socket), this.certificate);
    const conversation = this.converse(secured, stream, salt);
    conversation.next();
    secured.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      stream.read(chunk).forEach((payload) => conversation.next(payload));
    });
  }

  /** What is said on one connection: each `yield` waits for the client's next packet. */
  private* converse(socket: Duplex, stream: PacketStream, salt: Buffer): Generator<undefined, void, Buffer> {
    const send = (...payloads: Buffer[]): void => void socket.write(stream.write(...payloads));
    const request = parseLoginRequest(yield);
    this.requests.push(request);
    const demanded: Partial<Record<MysqlBehaviour, string>> = {
      'clear-password': 'mysql_clear_password',
      'greets-with-clear-password': 'mysql_clear_password',
      'sha256-password': 'sha256_password',
      'greets-with-sha256-password': 'sha256_password',
      'ed25519': 'client_ed25519',
      'unknown-method': '__proto__',
    };
    if (this.behaviour === 'silent-after-tls') {
      return;
    }
    if (this.behaviour === 'floods-login' || this.behaviour === 'drips') {
      (this.behaviour === 'drips' ? drip : flood)(socket, ENDLESS);
      for (;;) {
        yield;
      }
    }
    if (demanded[this.behaviour] !== undefined) {
      send(Payload.authSwitch(demanded[this.behaviour]!, salt));
      for (;;) {
        yield;
      }
    }
    const account = this.accounts.entryOf(request.username);
    if (!account || !(yield* this.knowsPassword(account, request, salt, send))) {
      this.counted.refused++;
      send(Payload.error(1045, '28000', `Access denied for user '${request.username}'@'localhost' (using password: YES)`));
      socket.end();
      return;
    }
    if (account.locked) {
      send(Payload.error(3118, 'HY000', `Access denied for user '${request.username}'@'localhost'. Account is locked.`));
      socket.end();
      return;
    }
    this.counted.accepted++;
    send(Payload.ok);
    for (;;) {
      const command: Buffer = yield;
      if (command[0] === QUIT) {
        socket.end();
        return;
      }
      if (this.behaviour === 'floods-rows' || this.behaviour === 'drips-rows') {
        const [count, definition, end, row] = resultSet([{ name: 'x'.repeat(100) }]);
        send(count, definition, end);
        (this.behaviour === 'drips-rows' ? drip : flood)(socket, stream.write(...Array.from({ length: NUMBERS }, () => row)));
      } else if (this.behaviour === 'many-columns') {
        send(...resultSet([], Array.from({ length: 200 }, (_, number) => String(number))));
      } else if (this.behaviour === 'many-rows') {
        send(...resultSet(Array.from({ length: 20_001 }, () => ({ name: 'x' }))));
      } else if (this.behaviour !== 'silent-to-statements') {
        this.answer(command, { account }, send);
      }
    }
  }

  private answer(command: Buffer, session: { account: PeerAccount }, send: (...payloads: Buffer[]) => void): void {
    if (this.behaviour === 'local-infile') {
      send(...command[0] === QUERY ? [Payload.localInfile('/proc/self/environ')] : [Payload.ok]);
      return;
    }
    const sql = command.toString('utf8', 1);
    this.said.push(sql);
    try {
      const rows = command[0] === QUERY ? this.accounts.run(sql, session) : undefined;
      send(...rows === undefined ? [Payload.ok] : resultSet(rows, rows.length === 0 ? ['nothing'] : undefined));
    } catch (thrown) {
      if (!(thrown instanceof MysqlError)) {
        throw thrown;
      }
      send(Payload.error(thrown.code, thrown.state, thrown.message));
    }
  }

  private* knowsPassword(
    account: PeerAccount, request: LoginRequest, salt: Buffer, send: (payload: Buffer) => void,
  ): Generator<undefined, boolean, Buffer> {
    let answer = request.proof;
    if (request.plugin !== account.plugin) {
      send(Payload.authSwitch(account.plugin, salt));
      answer = yield;
    }
    if (account.plugin === NATIVE) {
      return [account.hash, account.former ?? ''].some((text) => {
        const stored = Buffer.from(text.slice(1), 'hex');
        return answer.length > 0 && hash('sha1', xor(answer, hash('sha1', salt, stored))).equals(stored);
      });
    }
    const cached = this.cache.get(account);
    if (
      cached?.stored === account.hash
      && xor(answer, hash('sha256', hash('sha256', cached.digest), salt)).equals(cached.digest)
    ) {
      send(Payload.authMoreData(FAST_AUTHENTICATION));
      return true;
    }
    send(Payload.authMoreData(this.behaviour === 'public-key' ? Buffer.from('-----BEGIN PUBLIC KEY-----') : FULL_AUTHENTICATION));
    const password = (yield).toString('utf8').replace(/\0$/, '');
    const right = this.accounts.accepts(account, password);
    if (right) {
      this.cache.set(account, { stored: account.hash, digest: hash('sha256', Buffer.from(password)) });
    }
    return right;
  }
}
