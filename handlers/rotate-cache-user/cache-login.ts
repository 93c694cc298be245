import { createSecureContext, rootCertificates, type TLSSocket } from 'node:tls';
import { decodeReply, encodeCommand, type RespReply } from './resp';
import { type Deadline, inTime } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import { openSocket } from '../tls/open-socket';
import { verifiedTls } from '../tls/verified-tls';

const REPLY_LIMIT = 5_000;

export interface CacheLoginOptions {
  readonly host: string;
  readonly port: number;
  /** PEM. @default the public authorities that come with Node.js, whatever its environment says */
  readonly certificateAuthorities?: readonly string[];
}

/** Signs in to a cluster over verified TLS. Whatever a server redirects to is not followed. */
export class CacheLogin {
  constructor(private readonly options: CacheLoginOptions) {}

  /** Throws unless the credentials work and are the user's. */
  async signIn({ username, password }: { username: string; password: string }, deadline: Deadline): Promise<void> {
    const socket = await this.open(deadline);
    try {
      const welcome = await ask(socket, deadline, 'AUTH', username, password);
      if (welcome.kind === 'error') {
        throw loginError(welcome.code);
      }
      if (welcome.text !== 'OK') {
        throw brokenProtocol();
      }
      const identity = await ask(socket, deadline, 'ACL', 'WHOAMI');
      // A user may be forbidden to ask. Then it has to suffice that its name and password were accepted.
      const known = identity.kind === 'text' && identity.text === username;
      if (!known && !(identity.kind === 'error' && identity.code === 'NOPERM')) {
        throw new RotationError('conflict', 'the cluster signed in another user than the secret names');
      }
    } finally {
      socket.destroy();
    }
  }

  private async open(deadline: Deadline): Promise<TLSSocket> {
    const { host, certificateAuthorities = rootCertificates } = this.options;
    const secureContext = createSecureContext({ ca: [...certificateAuthorities], minVersion: 'TLSv1.2' });
    return verifiedTls(await openSocket(this.options, deadline), { serverName: host, secureContext }, deadline);
  }
}

async function ask(socket: TLSSocket, deadline: Deadline, ...words: string[]): Promise<RespReply> {
  const work = async (): Promise<RespReply> => new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      try {
        const reply = decodeReply(received);
        if (reply) {
          resolve(reply);
        }
      } catch {
        reject(brokenProtocol());
      }
    });
    socket.once('close', () => reject(new RotationError('network', 'the cluster closed the connection')));
    socket.write(encodeCommand(...words));
  });
  return inTime(
    { deadline, milliseconds: REPLY_LIMIT, text: 'the cluster does not answer', abandon: () => socket.destroy() },
    work,
  );
}

function brokenProtocol(): RotationError {
  return new RotationError('protocol', 'the server does not answer as Redis and Valkey do');
}

function loginError(code: string): RotationError {
  switch (code) {
    case 'WRONGPASS':
      return new RotationError(
        'authentication',
        'the cluster refused the login: is the user in its user group or access control list?',
        code,
      );
    case 'LOADING':
    case 'BUSY':
    case 'CLUSTERDOWN':
    case 'MASTERDOWN':
      return new RotationError('unavailable', 'the cluster accepts no logins', code);
    default:
      return new RotationError('protocol', 'the cluster did not accept the login', code);
  }
}
