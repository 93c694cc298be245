/// <reference path="./driver.d.ts" />
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import DriverTransport from 'oracledb/lib/thin/sqlnet/ntTcp.js';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import { openSocket } from '../tls/open-socket';
import { type ServerIdentity, verifiedTls } from '../tls/verified-tls';

/** The name is not announced: Oracle's listeners would take it for a route. */
const ANNOUNCEMENT = { announcesName: false };
/** The packet with which a listener sends a client to another address. */
const REDIRECT = 5;

export interface ServerAddress extends ServerIdentity {
  readonly host: string;
  readonly port: number;
}

/**
 * The one connection that the driver gets for a login: opened and verified here, whatever address the driver wants.
 *
 * The driver itself takes certificate authorities only together with a client's private key, would follow a listener to any
 * address, and can go through proxies and without TLS. What it opens connections with is replaced below.
 */
export class VerifiedTransport {
  static async open(address: ServerAddress, deadline: Deadline): Promise<VerifiedTransport> {
    const socket = await openSocket(address, deadline);
    return new VerifiedTransport(socket, await verifiedTls(socket, address, deadline, ANNOUNCEMENT), address, deadline);
  }

  /** Why the connection was given up: the driver turns this into an error that says less. */
  refusal?: RotationError;

  private constructor(
    private readonly socket: Socket, private secured: TLSSocket, private readonly identity: ServerIdentity,
    private readonly deadline: Deadline,
  ) {}

  /** The address that is connected: the driver looks up no other for it. */
  get remoteAddress(): string {
    return String(this.socket.remoteAddress);
  }

  /** Does something with the driver, which connects over this and nothing else. */
  async carry<T>(work: () => Promise<T>): Promise<T> {
    return carried.run(this, work);
  }

  destroy(): void {
    this.secured.destroy();
    this.socket.destroy();
  }

  enter(transport: DriverTransport): void {
    Object.assign(transport, { stream: this.secured, connStream: this.socket, connected: true, secure: true });
    transport.setupEventHandlers();
  }

  /** A process that takes the socket over has to prove the name again. */
  async renew(transport: DriverTransport): Promise<void> {
    this.secured.removeAllListeners();
    try {
      this.secured = await verifiedTls(this.socket, this.identity, this.deadline, ANNOUNCEMENT);
    } catch (thrown) {
      throw this.refuse(RotationError.from(thrown));
    }
    this.enter(transport);
  }

  /** @returns what the driver gets instead, since it writes into errors. */
  refuse(error: RotationError): Error {
    this.refusal = error;
    this.destroy();
    return new Error(error.errorClass);
  }
}

const carried = new AsyncLocalStorage<VerifiedTransport>();
const { receive } = DriverTransport.prototype;

Object.assign(DriverTransport.prototype, {
  async connect(this: DriverTransport) {
    carried.getStore()!.enter(this);
  },
  async renegTLS(this: DriverTransport) {
    await carried.getStore()!.renew(this);
  },
  async receive(this: DriverTransport) {
    const packet = await receive.call(this);
    if (packet?.type === REDIRECT) {
      throw carried.getStore()!.refuse(new RotationError('protocol', 'the listener sends clients to another address, which is '
        + 'not followed: '
        + 'the deployment has to name the address of the database itself'));
    }
    return packet;
  },
});
