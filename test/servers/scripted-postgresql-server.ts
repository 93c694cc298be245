import type { Socket } from 'node:net';
import type { ServerCertificate } from './certificates';
import { PeerListener, secureServerSide } from './peer-listener';
import { ClientMessages } from './postgresql-messages';

/** Answers the first message over TLS with the first of its lines, the second with the second, and keeps what it hears. */
export class ScriptedPostgreSqlServer extends PeerListener {
  static async start(certificate: ServerCertificate, lines: readonly (Buffer | 'end')[]): Promise<ScriptedPostgreSqlServer> {
    return new ScriptedPostgreSqlServer(certificate, lines).listen();
  }

  /** The types of the messages that it got; the first has none. */
  readonly types: (string | undefined)[] = [];
  received: Buffer = Buffer.alloc(0);

  private constructor(private readonly certificate: ServerCertificate, private readonly lines: readonly (Buffer | 'end')[]) {
    super();
  }

  protected accept(socket: Socket): void {
    socket.once('data', () => {
      const client = secureServerSide(socket, this.certificate);
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
