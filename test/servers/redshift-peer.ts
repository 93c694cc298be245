import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import * as path from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { ServerCertificate } from './certificates';
import { PeerListener, secureServerSide } from './peer-listener';
import { type ClientMessage, ClientMessages, ServerMessage } from './postgresql-messages';
import { PostgreSqlServer } from './postgresql-server';
import { REDSHIFT_CATALOGUE, translated } from './redshift-catalogue';

export interface PeerCredentials {
  readonly username: string;
  readonly password: string;
}

const PROTOCOL_VERSION = 196_608;
const READY = 'Z'.charCodeAt(0);
const hash = (algorithm: string, ...parts: (Buffer | string)[]): Buffer =>
  parts.reduce((digest, part) => digest.update(part), createHash(algorithm)).digest();
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Signs users in as Amazon Redshift does, over TLS, and says what its catalogue would. Behind it a real PostgreSQL server
 * keeps users, objects and rights, so that what is granted can be tried.
 */
export class RedshiftPeer extends PeerListener {
  static async start(certificate: ServerCertificate): Promise<RedshiftPeer> {
    const database = await PostgreSqlServer.start({ version: 15, settings: { password_encryption: 'md5' } });
    const peer = new RedshiftPeer(certificate, database);
    await database.query(REDSHIFT_CATALOGUE);
    await peer.createUser(peer.superuser, 'SUPERUSER');
    return peer.listen();
  }

  readonly superuser = { username: 'admin', password: `Aa1${randomBytes(18).toString('hex')}` };
  /** Runs before a message with statements is passed on: an SQLSTATE that it returns is the answer instead. */
  before?: (sql: string) => string | undefined;
  private readonly digests = new Map<string, { salt: Buffer; digest: Buffer }>();
  private readonly counted = { accepted: 0, refused: 0 };
  private readonly said: string[] = [];

  private constructor(private readonly certificate: ServerCertificate, readonly database: PostgreSqlServer) {
    super();
  }

  async createUser({ username, password }: PeerCredentials, options = ''): Promise<void> {
    await this.database.query(`CREATE ROLE ${quoted(username)} LOGIN ${options} PASSWORD '${password.replaceAll("'", "''")}'`);
  }

  /** A user whose password is stored as SHA-256. */
  async createDigestUser({ username, password }: PeerCredentials): Promise<void> {
    const salt = randomBytes(32);
    await this.database.query(`CREATE ROLE ${quoted(username)} LOGIN`);
    this.digests.set(username, { salt, digest: hash('sha256', password, salt) });
  }

  /** Messages with statements, as they came. */
  get statements(): readonly string[] {
    return this.said;
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return this.counted[outcome];
  }

  async stop(): Promise<void> {
    await super.stop();
    await this.database.stop();
  }

  protected accept(socket: Socket): void {
    socket.once('data', () => {
      const client = secureServerSide(socket, this.certificate);
      socket.write('S');
      const messages = new ClientMessages();
      const conversation = this.converse(client);
      let turn = conversation.next().then(() => undefined);
      client.on('data', (chunk: Buffer) => messages.read(chunk).forEach((message) => {
        turn = turn.then(async () => void await conversation.next(message));
      }));
    });
  }

  private async* converse(client: TLSSocket): AsyncGenerator<undefined, void, ClientMessage> {
    const startup = yield;
    const fields = startup.body.toString('utf8', 4).split('\0');
    const username = fields[fields.indexOf('user') + 1];
    const knows = await this.knowsPassword(username);
    client.write(knows.demand);
    if (!knows.accepts(yield)) {
      this.counted.refused++;
      client.end(ServerMessage.error('28000', `password authentication failed for user "${username}"`));
      return;
    }
    this.counted.accepted++;
    const upstream = await this.openDatabase(username, fields[fields.indexOf('database') + 1]);
    client.once('close', () => upstream.destroy());
    upstream.on('data', (chunk) => client.write(chunk)).once('close', () => client.destroy());
    client.write(ServerMessage.authenticationOk);
    for (;;) {
      if (!this.pass(yield, client, upstream)) {
        while ((yield).type !== 'S');
        client.write(ServerMessage.ready);
      }
    }
  }

  /** Says no where the client's messages are to be ignored until it asks for an end of them. */
  private pass({ type, body }: ClientMessage, client: Socket, upstream: Socket): boolean {
    if (type !== 'Q' && type !== 'P') {
      upstream.write(ServerMessage.of(type!, body));
      return true;
    }
    const [first, second] = body.toString('utf8').split('\0');
    const sql = type === 'Q' ? first : second;
    this.said.push(sql);
    const refused = this.before?.(sql);
    if (refused !== undefined) {
      client.write(
        Buffer.concat([ServerMessage.error(refused, `refused: ${sql}`), ...(type === 'Q' ? [ServerMessage.ready] : [])]),
      );
      return type === 'Q';
    }
    const rest = type === 'Q' ? Buffer.alloc(0) : body.subarray(Buffer.byteLength(`${first}\0${second}\0`));
    const text = Buffer.from(type === 'Q' ? `${translated(sql)}\0` : `${first}\0${translated(sql)}\0`);
    return upstream.write(ServerMessage.of(type, Buffer.concat([text, rest]))) || true;
  }

  private async knowsPassword(username: string): Promise<{ demand: Buffer; accepts: (message: ClientMessage) => boolean }> {
    const [row] = await this.database.query<{ rolpassword: string | null }>(
      'SELECT rolpassword FROM pg_authid WHERE rolname = $1 AND rolcanlogin AND rolconnlimit <> 0 AND '
        + '(rolvaliduntil IS NULL OR rolvaliduntil > now())',
      [username],
    );
    const digest = this.digests.get(username);
    if (row?.rolpassword === null && digest) {
      const serverNonce = randomBytes(16);
      return {
        demand: ServerMessage.digest(0, digest.salt, serverNonce),
        accepts: ({ type, body }) => {
          const length = body.readInt32BE(0);
          const [answer, clientNonce] = [body.subarray(4, 4 + length), body.subarray(8 + length)];
          return (
            type === 'd'
            && body.readInt32BE(4 + length) === clientNonce.length
            && answer.equals(hash('sha256', digest.digest, serverNonce, clientNonce))
          );
        },
      };
    }
    const salt = randomBytes(4);
    const stored = row?.rolpassword ?? 'md5 that nobody has';
    const expected = `md5${hash('md5', stored.slice(3), salt).toString('hex')}\0`;
    return { demand: ServerMessage.md5Password(salt), accepts: ({ type, body }) => type === 'p' && body.toString() === expected };
  }

  /** A session of the user's at the server behind, which lets everybody in at its socket. */
  private async openDatabase(username: string, name: string): Promise<Socket> {
    const upstream = this.keep(connect(path.join(this.database.directory, `.s.PGSQL.${this.database.port}`)));
    const version = Buffer.alloc(4);
    version.writeInt32BE(PROTOCOL_VERSION);
    const parameters = Buffer.from(`user\0postgres\0database\0${name === 'dev' ? 'postgres' : name}\0client_encoding\0UTF8\0\0`);
    upstream.write(ServerMessage.of(undefined, Buffer.concat([version, parameters])));
    await untilReady(upstream);
    upstream.write(ServerMessage.of('Q', Buffer.from(`SET SESSION AUTHORIZATION ${quoted(username)}\0`)));
    await untilReady(upstream);
    return upstream;
  }
}

/** Reads until the server takes statements: the last six bytes say so. */
async function untilReady(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const listen = (chunk: Buffer): void => {
      if (chunk[chunk.length - 6] === READY) {
        socket.off('data', listen);
        resolve();
      }
    };
    socket.on('data', listen);
  });
}
