import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Document } from 'mongodb';
import type { ServerCertificate } from './certificates';
import { drip, flood } from './flood';
import { MongodbAccounts, MongodbError, type PeerUser, type Product } from './mongodb-accounts';
import { answerTo, compressed, type MongodbRequest, MongodbStream } from './mongodb-messages';
import { type ScramConversation, ScramCredential, type ScramMechanism, usernameIn } from './mongodb-scram';
import { PeerListener, secureServerSide } from './peer-listener';

export type MongodbBehaviour =
  /** As the product does it. */
  | 'honest'
  /** Offers methods that show the password or none, or says nothing of methods. */
  | 'offers-plain'
  | 'offers-x509'
  | 'offers-nothing'
  /** Says that the primary is elsewhere, or that it is none itself. */
  | 'names-others'
  | 'secondary'
  /** Proofs that are none. */
  | 'wrong-signature'
  | 'no-signature'
  | 'few-iterations'
  | 'many-iterations'
  | 'foreign-nonce'
  | 'same-nonce'
  | 'no-proof'
  | 'never-done'
  | 'arbiter'
  | 'no-tls'
  | 'silent'
  | 'silent-after-tls'
  | 'silent-to-login'
  | 'silent-to-proof'
  | 'silent-to-commands'
  | 'garbage'
  | 'negative-length'
  | 'huge-message'
  | 'huge-answer'
  | 'compressed'
  | 'drips'
  | 'breaks-off'
  | 'breaks-off-tls'
  | 'older'
  /** Says that somebody else has signed in, or several. */
  | 'another-user'
  | 'two-users'
  | 'nobody'
  | 'says-nothing';

const ENDLESS = Buffer.alloc(64 * 1024);
/** More than any rotation may get. */
const DECOMPRESSED = 8 * 1024 * 1024;

interface Session {
  user?: PeerUser;
  conversation?: ScramConversation & { readonly of?: PeerUser };
  /** Whether the client leaves out the empty exchange at the end. */
  skipEmpty?: boolean;
}

/** Speaks the protocol of a MongoDB or DocumentDB server, well or with bad intentions, and keeps what it hears. */
export class MongodbPeer extends PeerListener {
  static async start(
    certificate: ServerCertificate,
    product: Product = 'mongodb',
    behaviour: MongodbBehaviour = 'honest',
  ): Promise<MongodbPeer> {
    return new MongodbPeer(certificate, product, behaviour).listen();
  }

  readonly superuser = { username: 'admin', password: randomBytes(18).toString('hex') };
  readonly accounts: MongodbAccounts;
  /** Everything that clients sent over TLS, and before. */
  received: Buffer = Buffer.alloc(0);
  plaintext: Buffer = Buffer.alloc(0);
  /** Commands, each with its name first. */
  readonly commands: Document[] = [];
  private readonly counted = { accepted: 0, refused: 0 };

  private constructor(
    private readonly certificate: ServerCertificate, private readonly product: Product,
    private readonly behaviour: MongodbBehaviour,
  ) {
    super();
    this.accounts = new MongodbAccounts(product);
    this.accounts.add(this.superuser.username, this.superuser.password, { roles: [{ role: 'root', db: 'admin' }] });
    // What a user needs on MongoDB to change its own password.
    this.accounts.roles.set('rotates_itself', ['changeOwnPassword']);
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return this.counted[outcome];
  }

  /** The commands that change something, as JSON. */
  changes(): Document[] {
    return this.commands.filter((command) => /^(create|update)User$/.test(Object.keys(command)[0]));
  }

  protected accept(socket: Socket): void {
    switch (this.behaviour) {
      case 'silent':
        return;
      case 'breaks-off-tls':
        socket.once('data', () => socket.destroy());
        return;
      case 'no-tls':
        socket.on('data', (chunk: Buffer) => {
          this.plaintext = Buffer.concat([this.plaintext, chunk]);
          socket.write(answerTo({ id: 1, operation: 1, command: {} }, this.greeting({})));
        });
        return;
    }
    const secured = secureServerSide(socket, this.certificate);
    const stream = new MongodbStream();
    const session: Session = {};
    secured.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      stream.read(chunk).forEach((request) => this.answer(request, session, secured));
    });
  }

  private answer(request: MongodbRequest, session: Session, socket: TLSSocket): void {
    const { command } = request;
    const [name] = Object.keys(command);
    this.commands.push(command);
    const silence: Partial<Record<MongodbBehaviour, RegExp>> = {
      'silent-after-tls': /./,
      'silent-to-login': /^saslStart/,
      'silent-to-proof': /^saslContinue/,
      'silent-to-commands': /^(connectionStatus|usersInfo|updateUser)/,
    };
    if (silence[this.behaviour]?.test(name)) {
      return;
    }
    switch (this.behaviour) {
      case 'garbage':
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        return;
      case 'negative-length':
        socket.write(Buffer.alloc(64, 0xff));
        return;
      case 'huge-message':
        this.sendForEver(socket);
        return;
      case 'huge-answer':
        if (name === 'connectionStatus') {
          this.sendForEver(socket);
          return;
        }
        break;
      case 'compressed':
        socket.write(compressed(request, { ok: 1, padding: 'x'.repeat(DECOMPRESSED) }));
        return;
      case 'drips':
        drip(socket, answerTo(request, this.greeting({})));
        return;
      case 'breaks-off':
        socket.destroy();
        return;
    }
    let document: Document;
    try {
      document = { ...this.documentFor(name, command, session), ok: 1 };
    } catch (thrown) {
      if (!(thrown instanceof MongodbError)) {
        throw thrown;
      }
      document = { ok: 0, errmsg: thrown.message, code: thrown.code, codeName: thrown.codeName };
    }
    socket.write(answerTo(request, document));
  }

  private documentFor(name: string, command: Document, session: Session): Document {
    switch (name.toLowerCase()) {
      case 'hello':
      case 'ismaster':
        return this.hello(command, session);
      case 'saslstart':
        return this.saslStart(command, session);
      case 'saslcontinue':
        return this.saslContinue(command, session);
      case 'ping':
      case 'endsessions':
        return {};
    }
    if (!session.user) {
      throw new MongodbError(13, 'Unauthorized', `command ${name} requires authentication`);
    }
    if (name === 'connectionStatus') {
      if (this.behaviour === 'says-nothing') {
        return {};
      }
      const itself = { user: session.user.user, db: session.user.db };
      const users: Partial<Record<MongodbBehaviour, Document[]>> = {
        'another-user': [{ ...itself, user: 'somebody' }],
        'two-users': [itself, itself],
        'nobody': [],
      };
      return { authInfo: { authenticatedUsers: users[this.behaviour] ?? [itself], authenticatedUserRoles: session.user.roles } };
    }
    const answer = this.accounts.run(command, session.user);
    if (!answer) {
      throw new MongodbError(59, 'CommandNotFound', `no such command: '${name}'`);
    }
    return answer;
  }

  private greeting(more: Document): Document {
    return {
      ismaster: this.behaviour !== 'secondary',
      helloOk: true,
      secondary: this.behaviour === 'secondary',
      setName: 'rs0',
      hosts: [`${this.host}:${this.port}`],
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      logicalSessionTimeoutMinutes: 30,
      minWireVersion: 0,
      maxWireVersion: this.product === 'mongodb' ? 21 : 13,
      ...this.behaviour === 'older' ? { maxWireVersion: 6 } : {},
      ...(this.behaviour === 'names-others'
        ? { hosts: ['elsewhere.example:1'], primary: 'elsewhere.example:1', me: 'elsewhere.example:1' }
        : {}),
      ...this.behaviour === 'arbiter' ? { arbiterOnly: true } : {},
      compression: ['snappy', 'zstd', 'zlib'],
      ...more,
    };
  }

  private hello(command: Document, session: Session): Document {
    const [, database, name] = /^([^.]*)\.(.*)$/s.exec(String(command.saslSupportedMechs)) ?? [];
    const user = this.accounts.find(name ?? '', database ?? '');
    const offered: Partial<Record<MongodbBehaviour, string[]>> = {
      'offers-plain': ['PLAIN'],
      'offers-x509': ['MONGODB-X509', 'MONGODB-AWS'],
    };
    const methods =
      offered[this.behaviour] ?? (user && this.behaviour !== 'offers-nothing' ? [...user.credentials.keys()] : undefined);
    const speculative = command.speculativeAuthenticate as Document | undefined;
    const early = speculative && user?.credentials.has(speculative.mechanism as ScramMechanism) && this.product === 'mongodb'
      ? { speculativeAuthenticate: this.saslStart(speculative, session) } : {};
    const answer = this.greeting({ ...methods && command.saslSupportedMechs ? { saslSupportedMechs: methods } : {}, ...early });
    return command.hello === undefined ? answer : { ...answer, isWritablePrimary: answer.ismaster };
  }

  private saslStart(command: Document, session: Session): Document {
    const mechanism = command.mechanism as ScramMechanism;
    if (this.product === 'documentdb' && mechanism !== 'SCRAM-SHA-1') {
      throw new MongodbError(-301, 'UnsupportedMechanism', `Unsupported mechanism [ -301 ]: ${mechanism}`);
    }
    if (this.behaviour === 'offers-plain') {
      throw new MongodbError(18, 'AuthenticationFailed', 'Authentication failed.');
    }
    const text = (command.payload as Buffer).toString();
    const user = this.accounts.find(usernameIn(text), (command.db ?? command.$db) as string);
    if (this.behaviour === 'no-proof') {
      session.user = user;
      return { conversationId: 1, done: true, payload: Buffer.alloc(0) };
    }
    // A user that does not exist gets a challenge as well, and none that could be told from another.
    const credential =
      user?.credentials.get(mechanism) ?? new ScramCredential(mechanism, 'nobody', randomBytes(18).toString('hex'));
    const iterations: Partial<Record<MongodbBehaviour, number>> = { 'few-iterations': 1, 'many-iterations': 100_000_000 };
    const conversation = credential.begin(text, iterations[this.behaviour]);
    session.conversation = { ...conversation, of: user };
    session.skipEmpty = this.product === 'mongodb' && (command.options as Document | undefined)?.skipEmptyExchange === true;
    const challenge =
      this.behaviour === 'foreign-nonce'
        ? conversation.serverFirst.replace(/^r=/, 'r=x')
        : this.behaviour === 'same-nonce'
          ? conversation.serverFirst.replace(/^r=[^,]*/, `r=${/r=([^,]+)/.exec(text)![1]}`)
          : conversation.serverFirst;
    return { conversationId: 1, done: false, payload: Buffer.from(challenge) };
  }

  private saslContinue(command: Document, session: Session): Document {
    const text = (command.payload as Buffer).toString();
    const { conversation } = session;
    if (text === '') {
      return { conversationId: 1, done: this.behaviour !== 'never-done', payload: Buffer.alloc(0) };
    }
    const signature = conversation?.finish(text);
    if (signature === undefined && this.behaviour !== 'wrong-signature') {
      this.counted.refused++;
      throw new MongodbError(18, 'AuthenticationFailed', 'Authentication failed.');
    }
    if (conversation?.of && !this.accounts.admits(conversation.of)) {
      this.counted.refused++;
      throw new MongodbError(18, 'AuthenticationFailed', 'Authentication failed.');
    }
    this.counted.accepted++;
    session.user = conversation!.of;
    const said: Partial<Record<MongodbBehaviour, string>> = {
      'wrong-signature': `v=${randomBytes(32).toString('base64')}`,
      'no-signature': 'ok',
    };
    return {
      conversationId: 1,
      done: session.skipEmpty === true && this.behaviour !== 'never-done',
      payload: Buffer.from(said[this.behaviour] ?? signature!),
    };
  }

  private sendForEver(socket: TLSSocket): void {
    const header = Buffer.alloc(16);
    header.writeInt32LE(2 ** 31 - 1, 0);
    socket.write(header);
    flood(socket, ENDLESS);
  }
}
