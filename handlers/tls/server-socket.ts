import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Deadline, inTime } from '../core/deadline';
import { RotationError } from '../core/rotation-error';

/** Many times what greetings and certificates have. */
export const MAXIMUM_BEFORE_PROOF = 128 * 1024;
/** Many times what a server sends in a rotation; drivers would collect messages of two gigabytes. */
export const MAXIMUM_RECEIVED = 4 * 1024 * 1024;

/** A wait for a server. */
export interface Wait {
  readonly milliseconds: number;
  /** The text of the error where it takes longer. */
  readonly text: string;
}

export const LOGIN: Wait = { milliseconds: 8_000, text: 'the server does not finish the login' };
export const STATEMENT: Wait = { milliseconds: 10_000, text: 'the server does not answer a statement' };

/** A connection to a server, and what the server may cost: how long it is waited for, and how many bytes it may send. */
export class ServerSocket {
  /** What is read from and written to: that of TLS, as soon as there is one. */
  stream: Socket;
  private received = 0;
  private maximum = MAXIMUM_BEFORE_PROOF;
  private readonly refused: Promise<never>;
  private giveUp!: (error: RotationError) => void;

  constructor(readonly tcp: Socket, private readonly deadline: Deadline) {
    this.refused = new Promise((_, reject) => {
      this.giveUp = reject;
    });
    this.refused.catch(() => undefined);
    this.stream = this.limited(tcp);
  }

  /** TLS on this connection, begun and not yet proved. */
  secure(secured: TLSSocket): void {
    this.stream = this.limited(secured.once('secureConnect', () => this.trust()));
  }

  /** The server has proved who it is. */
  trust(): void {
    this.maximum = MAXIMUM_RECEIVED;
  }

  /** Does something that waits for the server, which is given up where it is too slow or sends too much. */
  async answered<T>({ milliseconds, text }: Wait, work: () => Promise<T>): Promise<T> {
    const limit = { deadline: this.deadline, milliseconds, text, abandon: () => this.destroy() };
    return inTime(limit, async () => Promise.race([this.refused, work()]));
  }

  /** Ends what waits for the server, and what would wait for it later. */
  refuse(error: RotationError): void {
    this.giveUp(error);
    this.destroy();
  }

  /** With an error, which is how drivers learn that nothing more will come. */
  destroy(): void {
    [this.stream, this.tcp].forEach((stream) => stream.destroy(new Error('given up')));
  }

  /** Bytes are counted as they arrive, before anybody keeps them. */
  private limited<S extends Socket>(stream: S): S {
    const push = stream.push.bind(stream);
    stream.push = (chunk: Buffer | null) => {
      this.received += chunk?.length ?? 0;
      if (this.received <= this.maximum) {
        return push(chunk);
      }
      this.refuse(tooMuch());
      return false;
    };
    return stream.on('error', () => undefined);
  }
}

export function tooMuch(): RotationError {
  return new RotationError('protocol', 'the server sends more than any rotation asks for');
}
