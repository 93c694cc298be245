import { connect, type Socket } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { beginPostgresql, type TlsBeginning } from './tls-beginning';
import type { ServerCertificate } from '../../servers/certificates';
import { PeerListener, secureServerSide } from '../../servers/peer-listener';

export interface ManInTheMiddleOptions {
  /** @default that of PostgreSQL */
  readonly begin?: TlsBeginning;
  /** Makes what the answers to a client pass through. @default nothing */
  readonly passage?: (client: Duplex) => Duplex;
}

/** Ends a client's TLS with a certificate that the client trusts, and forwards what it reads to the server. */
export class ManInTheMiddle extends PeerListener {
  static async start(certificate: ServerCertificate, port: number, options: ManInTheMiddleOptions = {}): Promise<ManInTheMiddle> {
    return new ManInTheMiddle(certificate, port, {
      begin: beginPostgresql,
      passage: () => new PassThrough(),
      ...options,
    }).listen();
  }

  /** What it read from the client. */
  forwarded = '';

  private constructor(
    private readonly certificate: ServerCertificate, private readonly serverPort: number,
    private readonly options: Required<ManInTheMiddleOptions>,
  ) {
    super();
  }

  protected accept(socket: Socket): void {
    const upstream = this.keep(connect(this.serverPort, '127.0.0.1', () => {
      this.options.begin(socket, upstream).then((client) => this.forward(client, upstream), () => socket.destroy());
    }));
  }

  private forward(socket: Socket, upstream: Socket): void {
    const client = secureServerSide(socket, this.certificate);
    const server = connectTls({ socket: upstream, rejectUnauthorized: false });
    client.on('data', (chunk) => {
      this.forwarded += chunk.toString('latin1');
    });
    client.on('error', () => server.destroy()).pipe(server).on('error', () => client.destroy()).pipe(this.options.passage(client))
      .pipe(client);
  }
}
