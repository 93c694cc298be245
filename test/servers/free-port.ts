import { type AddressInfo, createServer } from 'node:net';

/** What others are about to listen on. */
const given = new Set<number>();

/** A port of 127.0.0.1 that nothing listens on: another one each time. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    if (!given.has(port)) {
      given.add(port);
      return port;
    }
  }
}
