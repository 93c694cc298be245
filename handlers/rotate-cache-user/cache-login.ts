import { createSecureContext, rootCertificates } from 'node:tls';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import { askServer, brokenProtocol } from '../redis-protocol/ask-server';
import { openSocket } from '../tls/open-socket';
import type { ServerSocket } from '../tls/server-socket';
import { verifiedTls } from '../tls/verified-tls';

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
    const server = await this.open(deadline);
    try {
      const welcome = await askServer(server, 'AUTH', username, password);
      if (welcome.kind === 'error') {
        throw loginError(welcome.code);
      }
      if (welcome.kind !== 'text' || welcome.text !== 'OK') {
        throw brokenProtocol();
      }
      const identity = await askServer(server, 'ACL', 'WHOAMI');
      // A user may be forbidden to ask. Then it has to suffice that its name and password were accepted.
      const known = identity.kind === 'text' && identity.text === username;
      if (!known && !(identity.kind === 'error' && identity.code === 'NOPERM')) {
        throw new RotationError('conflict', 'the cluster signed in another user than the secret names');
      }
    } finally {
      server.destroy();
    }
  }

  private async open(deadline: Deadline): Promise<ServerSocket> {
    const { host, certificateAuthorities = rootCertificates } = this.options;
    const secureContext = createSecureContext({ ca: [...certificateAuthorities], minVersion: 'TLSv1.2' });
    return verifiedTls(await openSocket(this.options, deadline), { serverName: host, secureContext });
  }
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
    case 'MAXCLIENTS':
      return new RotationError('unavailable', 'the cluster accepts no logins', code);
    default:
      return new RotationError('protocol', 'the cluster did not accept the login', code);
  }
}
