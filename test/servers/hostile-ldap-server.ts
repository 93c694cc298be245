import { createServer, type Socket } from 'node:net';
import { createServer as createTls, type Server as TlsServer } from 'node:tls';
import type { ServerCertificate } from './certificates';
import { until } from './until';

/** What a server says to one message, by its number on the connection; nothing where it keeps silent, or writes by itself. */
export type LdapReply = (id: number, socket: Socket) => Buffer | undefined;

const LIMIT = 10_000;

/**
 * A server that says one thing after the other, whoever asks, and keeps what it was asked. With nothing more to say it hangs up.
 * Without a certificate it speaks plaintext.
 */
export class HostileLdapServer {
  static async start(certificate: ServerCertificate | undefined, ...replies: readonly LdapReply[]): Promise<HostileLdapServer> {
    const server = new HostileLdapServer(certificate, [...replies]);
    await new Promise<void>((resolve) => server.listener.listen(0, '127.0.0.1', resolve));
    return server;
  }

  readonly host = 'localhost';
  /** What it was asked: each piece as it arrived, without TLS where it has a certificate. */
  readonly asked: Buffer[] = [];
  /** Connections that were ever made, and those that are not closed. */
  connections = 0;
  open = 0;
  private readonly sockets: Socket[] = [];
  private readonly listener: TlsServer | ReturnType<typeof createServer>;

  private constructor(certificate: ServerCertificate | undefined, public replies: LdapReply[]) {
    const serve = (socket: Socket): void => this.serve(socket);
    this.listener = certificate
      ? createTls({ key: certificate.key, cert: certificate.certificate }, serve).on('tlsClientError', () => undefined)
      : createServer(serve);
    this.listener.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.open += 1;
      this.sockets.push(socket.on('error', () => undefined).once('close', () => {
        this.open -= 1;
      }));
    });
  }

  get port(): number {
    return (this.listener.address() as { port: number }).port;
  }

  get received(): Buffer {
    return Buffer.concat(this.asked);
  }

  /** Whether clients have closed all connections. */
  async isLeft(): Promise<boolean> {
    return until(() => this.open === 0, LIMIT);
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private serve(socket: Socket): void {
    let id = 0;
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => {
      this.asked.push(chunk);
      const reply = this.replies.shift();
      const bytes = reply?.(++id, socket);
      if (!reply) {
        socket.end();
      } else if (bytes) {
        socket.write(bytes);
      }
    });
  }
}
