/// <reference path="./driver.d.ts" />
import { AsyncLocalStorage } from 'node:async_hooks';
import DriverTransport from 'oracledb/lib/thin/sqlnet/ntTcp.js';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import { openSocket } from '../tls/open-socket';
import type { ServerSocket } from '../tls/server-socket';
import { type ServerIdentity, verifiedTls } from '../tls/verified-tls';

/** The name is not announced: Oracle's listeners would take it for a route. */
const ANNOUNCEMENT = { announcesName: false };
/** The packets with which a listener sends a client to another address, or asks it to say again where it wants to go. */
const REDIRECT = 5;
const RESEND = 11;
/** Listeners ask once; what the driver says each time is many times as long as the question. */
const MAXIMUM_REPETITIONS = 10;

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
    return new VerifiedTransport(await verifiedTls(await openSocket(address, deadline), address, ANNOUNCEMENT), address);
  }

  /** How often the listener has asked to be told again where the client wants to go. */
  private repetitions = 0;
  /** Why the connection was given up: the driver turns this into an error that says less. */
  refusal?: RotationError;

  private constructor(readonly server: ServerSocket, private readonly identity: ServerIdentity) {}

  /** Does something with the driver, which connects over this and nothing else. */
  async carry<T>(work: () => Promise<T>): Promise<T> {
    return carried.run(this, work);
  }

  enter(transport: DriverTransport): void {
    const { stream, tcp } = this.server;
    Object.assign(transport, { stream, connStream: tcp, connected: true, secure: true });
    transport.setupEventHandlers();
  }

  /** A process that takes the socket over has to prove the name again. */
  async renew(transport: DriverTransport): Promise<void> {
    this.server.stream.removeAllListeners();
    try {
      await verifiedTls(this.server, this.identity, ANNOUNCEMENT);
    } catch (thrown) {
      throw this.refuse(RotationError.from(thrown));
    }
    this.enter(transport);
  }

  /** Throws for a packet that is not answered. */
  check(type: number | undefined): void {
    if (type === REDIRECT) {
      throw this.refuse(new RotationError('protocol', 'the listener sends clients to another address, which is not followed: '
        + 'the deployment has to name the address of the database itself'));
    }
    this.repetitions += Number(type === RESEND);
    if (this.repetitions > MAXIMUM_REPETITIONS) {
      throw this.refuse(new RotationError('protocol', 'the listener asks without end where the client wants to go'));
    }
  }

  /** @returns what the driver gets instead, since it writes into errors. */
  refuse(error: RotationError): Error {
    this.refusal = error;
    this.server.destroy();
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
    carried.getStore()?.check(packet?.type);
    return packet;
  },
});
