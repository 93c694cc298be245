import { connect, type Socket } from 'node:net';
import { PeerListener } from '../../servers/peer-listener';

/** What happens between a function and its database, whatever the protocol. */
export interface Passage {
  /** How many connections were opened. */
  readonly connections: number;
  /** How many are open. */
  readonly open: number;
  /** How many answers there have been. */
  readonly answers: number;
  /** Cuts a connection once, in place of the answer with this number from now. The server has done what it was asked. */
  cutAt(nth: number): void;
  /** Lets everything through again, and says whether a connection has been cut. */
  heal(): boolean;
}

/** On the way to a server, outside of TLS: counts the answers, one for each thing that was asked. */
export class ServerPassage extends PeerListener implements Passage {
  /** @param from the address that the server sees, one of its own machine's */
  static async start(port: number, from = '127.0.0.1'): Promise<ServerPassage> {
    return new ServerPassage(port, from).listen();
  }

  answers = 0;
  private left = Infinity;

  private constructor(private readonly serverPort: number, private readonly from: string) {
    super();
  }

  cutAt(nth: number): void {
    this.left = nth;
  }

  heal(): boolean {
    const hasCut = this.left <= 0;
    this.left = Infinity;
    return hasCut;
  }

  protected accept(client: Socket): void {
    const server = this.keep(connect({ port: this.serverPort, host: '127.0.0.1', localAddress: this.from }));
    let isAsked = false;
    client
      .on('data', (chunk) => {
        isAsked = true;
        server.write(chunk);
      })
      .once('close', () => server.end());
    server
      .on('data', (chunk) => {
        if (isAsked) {
          isAsked = false;
          this.answers += 1;
          this.left -= 1;
          if (this.left === 0) {
            client.destroy();
            server.destroy();
            return;
          }
        }
        client.write(chunk);
      })
      .once('close', () => client.end());
  }
}
