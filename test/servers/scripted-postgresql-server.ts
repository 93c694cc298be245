import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { ServerCertificate } from './certificates';
import { ClientMessages } from './postgresql-messages';

/** Answers the first message over TLS with the first of its lines, the second with the second, and keeps what it hears. */
export class ScriptedPostgreSqlServer {
  public static async start(certificate: ServerCertificate, lines: readonly (Buffer | 'end')[]): Promise<ScriptedPostgreSqlServer> {
    const server = new ScriptedPostgreSqlServer(certificate, lines);
    await new Promise<void>((resolve) => server.listener.listen(0, '127.0.0.1', resolve));
    return server;
  }

  public readonly host = 'localhost';
  /** The types of the messages that it got; the first has none. */
  public readonly types: (string | undefined)[] = [];
  public received: Buffer = Buffer.alloc(0);
  private readonly listener: Server;
  private readonly sockets: Socket[] = [];

  private constructor(private readonly certificate: ServerCertificate, private readonly lines: readonly (Buffer | 'end')[]) {
    this.listener = createServer((socket) => this.accept(socket));
  }

  public get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  public async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private accept(socket: Socket): void {
    this.sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const { certificate: cert, key } = this.certificate;
      const client = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ cert, key }) });
      client.on('error', () => undefined);
      socket.write('S');
      const messages = new ClientMessages();
      const lines = [...this.lines];
      client.on('data', (chunk: Buffer) => {
        this.received = Buffer.concat([this.received, chunk]);
        messages.read(chunk).forEach(({ type }) => {
          this.types.push(type);
          const line = lines.shift();
          if (line === 'end') {
            client.end();
          } else if (line) {
            client.write(line);
          }
        });
      });
    });
  }
}
