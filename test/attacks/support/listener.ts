import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something that listens on this machine, and counts who comes. */
export class Listener {
  static async start(server: Server): Promise<Listener> {
    const listener = new Listener(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return listener;
  }

  connections = 0;
  requests = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', () => this.connections += 1).on('connect', (_, socket) => socket.end());
    server.on('request', (_, response) => {
      this.requests += 1;
      response.end('{}');
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
