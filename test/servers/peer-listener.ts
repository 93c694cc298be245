import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { ServerCertificate } from './certificates';

/** What every peer of ours has: it listens on a free port of 127.0.0.1, and stopping it ends every connection. */
export abstract class PeerListener {
  readonly host = 'localhost';
  /** How many connections were opened. */
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private readonly listener = createServer((socket) => {
    this.connections += 1;
    this.accept(this.keep(socket));
  });

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** How many connections are open. */
  get open(): number {
    return this.sockets.size;
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.listener.close(resolve));
  }

  protected abstract accept(socket: Socket): void;

  protected async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => this.listener.once('error', reject).listen(0, '127.0.0.1', resolve));
    this.listener.unref();
    return this;
  }

  /** Ends with the peer. A connection that breaks is no error here. */
  protected keep(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.once('close', () => this.sockets.delete(socket)).on('error', () => undefined);
  }
}

const contexts = new WeakMap<ServerCertificate, SecureContext>();

/** Made once for a certificate, as a server does. */
function contextOf(certificate: ServerCertificate): SecureContext {
  const context = contexts.get(certificate) ?? createSecureContext({ cert: certificate.certificate, key: certificate.key });
  contexts.set(certificate, context);
  return context;
}

/** The server's side of TLS on a connection. A handshake that fails is the client's to report. */
export function secureServerSide(socket: Socket, certificate: ServerCertificate): TLSSocket {
  return new TLSSocket(socket, { isServer: true, secureContext: contextOf(certificate) }).on('error', () => undefined);
}
