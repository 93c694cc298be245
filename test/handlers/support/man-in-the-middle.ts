import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import { beginPostgresql, type TlsBeginning } from './tls-beginning';
import type { ServerCertificate } from '../../servers/certificates';

export interface ManInTheMiddleOptions {
  /** @default that of PostgreSQL */
  readonly begin?: TlsBeginning;
  /** Makes what the answers to a client pass through. @default nothing */
  readonly passage?: (client: Duplex) => Duplex;
}

/** Ends a client's TLS with a certificate that the client trusts, and forwards what it reads to the server. */
export class ManInTheMiddle {
  public static async start(certificate: ServerCertificate, port: number, options: ManInTheMiddleOptions = {}): Promise<ManInTheMiddle> {
    const man = new ManInTheMiddle(certificate, port, { begin: beginPostgresql, passage: () => new PassThrough(), ...options });
    await new Promise<void>((resolve) => man.listener.listen(0, '127.0.0.1', resolve));
    return man;
  }

  public readonly host = 'localhost';
  /** What it read from the client. */
  public forwarded = '';
  private readonly listener: Server;
  private readonly sockets: Socket[] = [];

  private constructor(
    private readonly certificate: ServerCertificate, private readonly serverPort: number, private readonly options: Required<ManInTheMiddleOptions>,
  ) {
    this.listener = createServer((socket) => this.accept(socket));
  }

  public get port(): number {
    return (this.listener.address() as { port: number }).port;
  }

  public async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private accept(socket: Socket): void {
    const upstream = connect(this.serverPort, '127.0.0.1', () => {
      this.options.begin(socket, upstream).then((client) => this.forward(client, upstream), () => socket.destroy());
    });
    this.sockets.push(socket, upstream);
    socket.on('error', () => undefined);
    upstream.on('error', () => undefined);
  }

  private forward(socket: Socket, upstream: Socket): void {
    const { certificate: cert, key } = this.certificate;
    const client = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ cert, key }) });
    const server = connectTls({ socket: upstream, rejectUnauthorized: false });
    client.on('data', (chunk) => {
      this.forwarded += chunk.toString('latin1');
    });
    client.on('error', () => server.destroy()).pipe(server).on('error', () => client.destroy()).pipe(this.options.passage(client)).pipe(client);
  }
}
