import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const RECORD_HEADER = 5;
/** Type and length of the message, version and random. */
const BEFORE_SESSION = 4 + 2 + 32;
const SUPPORTED_GROUPS = 10;
const KEY_SHARE = 51;

/** Named groups of TLS, by the numbers that IANA has given them. */
export const NamedGroup = { P256: 23, X25519: 29, X25519MLKEM768: 4588 } as const;

/** What a client offers for the exchange of keys, the dearest first. */
export interface OfferedGroups {
  /** Those that it accepts. */
  readonly supported: number[];
  /** Those that it sends its part of at once, so that the server can take them without asking. */
  readonly shared: number[];
}

/** Reads the first record of a TLS connection; `undefined` while there is more to come. */
export function offeredGroups(bytes: Buffer): OfferedGroups | undefined {
  if (bytes.length < RECORD_HEADER || bytes.length < RECORD_HEADER + bytes.readUInt16BE(3)) {
    return undefined;
  }
  const hello = bytes.subarray(RECORD_HEADER, RECORD_HEADER + bytes.readUInt16BE(3));
  if (bytes[0] !== HANDSHAKE || hello[0] !== CLIENT_HELLO) {
    throw new Error('this is no beginning of TLS');
  }
  // The session's id, the ciphers and the compressions, each behind its length.
  let at = BEFORE_SESSION;
  at += 1 + hello[at];
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello[at];
  const extensions = extensionsIn(hello.subarray(at + 2));
  return { supported: groupsIn(extensions.get(SUPPORTED_GROUPS)), shared: sharesIn(extensions.get(KEY_SHARE)) };
}

function extensionsIn(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt16BE(at + 2)) {
    found.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + bytes.readUInt16BE(at + 2)));
  }
  return found;
}

function groupsIn(list: Buffer = Buffer.alloc(0)): number[] {
  return Array.from({ length: Math.max(0, list.length / 2 - 1) }, (_, index) => list.readUInt16BE(2 + 2 * index));
}

function sharesIn(list: Buffer = Buffer.alloc(0)): number[] {
  return [...extensionsIn(list.subarray(2)).keys()];
}

/** Lets clients begin with TLS, reads what they offer and hangs up. */
export class HelloReader {
  static async start(): Promise<HelloReader> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HelloReader(server);
  }

  /** What the first client offers. */
  readonly offered: Promise<OfferedGroups>;

  private constructor(private readonly server: Server) {
    this.offered = new Promise((resolve) => server.on('connection', (socket) => {
      let bytes = Buffer.alloc(0);
      socket.on('error', () => undefined).on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        const offered = offeredGroups(bytes);
        if (offered) {
          resolve(offered);
          socket.destroy();
        }
      });
    }));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
  }
}
