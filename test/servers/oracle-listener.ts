import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerCertificate } from './certificates';
import { drip, flood } from './flood';
import { PeerListener, secureServerSide } from './peer-listener';

/** Types of packets in the protocol of Oracle's listeners (TNS). */
const TYPE = { connect: 1, accept: 2, refuse: 4, redirect: 5, data: 6, resend: 11 };
/** In a packet's flags: a TLS handshake follows, for another process takes the socket over. */
const HANDSHAKE_FOLLOWS = 0x08;
const HEADER_BYTES = 8;
const DATA_FLAGS_BYTES = 2;
/** Where a packet of type connect says where its text begins, and how long that is. */
const CONNECT_LENGTH_AT = 24;
const CONNECT_OFFSET_AT = 26;

export interface ListenerOptions {
  readonly certificate: ServerCertificate;
  /**
   * What a client gets that has said where it wants to go.
   *
   * A number: refused with that error. `redirect`: another address. `garbage`: what is no packet. `silent`: nothing.
   * `end`: the end of the connection. `handshake`: a new TLS handshake, and then a refusal. `old`: a version that no client
   * speaks. `flood`: packets without end. `drip`: one of them, a byte at a time. `again`: asks the client to say it once more,
   * without end.
   */
  readonly answer:
    | number | 'refuse' | 'redirect' | 'garbage' | 'silent' | 'end' | 'handshake' | 'old' | 'flood' | 'drip' | 'again';
  /** The certificate of whoever takes the socket over. */
  readonly secondCertificate?: ServerCertificate;
  /** Where to send clients. */
  readonly elsewhere?: string;
  /** Speaks no TLS, or says nothing at all. */
  readonly plaintext?: 'answers' | 'silent';
}

/** A listener of Oracle Database, over TLS, which knows no service: nobody gets as far as a login. */
export class OracleListener extends PeerListener {
  static async start(options: ListenerOptions): Promise<OracleListener> {
    return new OracleListener(options).listen();
  }

  /** How many TLS handshakes were completed. */
  handshakes = 0;
  /** What clients said of where they want to go. */
  readonly descriptors: string[] = [];
  private readonly chunks: Buffer[] = [];

  private constructor(private readonly options: ListenerOptions) {
    super();
  }

  /** Every byte that clients sent inside TLS, or without it where there is none. */
  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  protected accept(socket: Socket): void {
    if (this.options.plaintext === 'silent') {
      socket.resume();
    } else if (this.options.plaintext === 'answers') {
      socket.once('data', (chunk) => {
        this.chunks.push(Buffer.from(chunk));
        socket.write(packet(TYPE.refuse, refusal(12514)));
      });
    } else {
      this.converse(this.secure(socket, this.options.certificate), socket);
    }
  }

  private secure(socket: Socket, certificate: ServerCertificate): TLSSocket {
    return secureServerSide(socket, certificate).once('secure', () => this.handshakes += 1);
  }

  private converse(secured: TLSSocket, socket: Socket, again = false): void {
    let read = Buffer.alloc(0);
    secured.on('data', (chunk: Buffer) => {
      this.chunks.push(Buffer.from(chunk));
      read = Buffer.concat([read, chunk]);
      const descriptor = descriptorIn(read);
      if (descriptor !== undefined) {
        this.descriptors.push(descriptor);
        read = Buffer.alloc(0);
        this.respond(secured, socket, again);
      }
    });
  }

  private respond(secured: TLSSocket, socket: Socket, again: boolean): void {
    const {
      answer,
      certificate,
      secondCertificate = certificate,
      elsewhere = '(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT=1))',
    } = this.options;
    switch (again ? 'refuse' : answer) {
      case 'silent':
        return;
      case 'flood':
        flood(secured, packet(TYPE.data, Buffer.alloc(1_000)));
        return;
      case 'drip':
        drip(secured, packet(TYPE.data, Buffer.alloc(1_000)));
        return;
      case 'again':
        flood(secured, packet(TYPE.resend, Buffer.alloc(0)));
        return;
      case 'end':
        secured.end();
        return;
      case 'garbage':
        secured.write('HTTP/1.1 400 Bad Request\r\n\r\n');
        return;
      case 'old':
        secured.write(packet(TYPE.accept, accepted(300)));
        return;
      case 'redirect':
        secured.write(packet(TYPE.redirect, withLength(elsewhere)));
        return;
      case 'handshake':
        secured.write(packet(TYPE.resend, Buffer.alloc(0), HANDSHAKE_FOLLOWS), () => {
          secured.removeAllListeners('data');
          this.converse(this.secure(socket, secondCertificate), socket, true);
        });
        return;
      case 'refuse':
        secured.write(packet(TYPE.refuse, refusal(undefined)));
        return;
      default:
        secured.write(packet(TYPE.refuse, refusal(answer as number)));
    }
  }
}

/** What a client wants, once it is there as a whole: a long text follows in a packet of its own. */
function descriptorIn(read: Buffer): string | undefined {
  const first = read.length < HEADER_BYTES ? Infinity : read.readUInt16BE(0);
  if (read.length < first || read[4] !== TYPE.connect) {
    return undefined;
  }
  const length = read.readUInt16BE(CONNECT_LENGTH_AT);
  const offset = read.readUInt16BE(CONNECT_OFFSET_AT);
  const begin = first >= offset + length ? offset : first + HEADER_BYTES + DATA_FLAGS_BYTES;
  return read.length >= begin + length ? read.toString('latin1', begin, begin + length) : undefined;
}

function packet(type: number, body: Buffer, flags = 0): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(HEADER_BYTES + body.length, 0);
  header.writeUInt8(type, 4);
  header.writeUInt8(flags, 5);
  return Buffer.concat([header, body]);
}

function withLength(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text, 'latin1')]);
}

/** Two reasons, the length of the text, and the text. */
function refusal(error: number | undefined): Buffer {
  const text =
    error === undefined
      ? '(DESCRIPTION=(TMP=))'
      : `(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=${error})(ERROR_STACK=(ERROR=(CODE=${error})(EMFI=4))))`;
  return Buffer.concat([Buffer.from([34, 0]), withLength(text)]);
}

/** Version, options, sizes of units, and no services of native encryption. */
function accepted(version: number): Buffer {
  const body = Buffer.alloc(24);
  body.writeUInt16BE(version, 0);
  body.writeUInt16BE(8192, 4);
  body.writeUInt16BE(8192, 6);
  body.writeUInt8(0x08, 14);
  body.writeUInt8(0x08, 15);
  return body;
}
