import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerCertificate } from './certificates';

const MAXIMUM_KEYS = 3;

/** An answer: a status, and what is sent with it. */
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** When something happens to a call: before the API does what it is asked, or after it has done it and before it answers. */
export type Moment = 'before' | 'after';

/**
 * An HTTP API that gives out keys: `POST /keys`, `GET /keys`, `DELETE /keys/<id>` and `GET /account`, each with a live key as the
 * bearer's token. A key is shown once, to whoever creates it, and again to the same idempotency key. There are at most three.
 */
export class HttpApi {
  static async start(certificate: ServerCertificate): Promise<HttpApi> {
    const api = new HttpApi(certificate);
    await api.listen(0);
    return api;
  }

  /** Keys that are live, by id. */
  readonly keys = new Map<string, string>();
  /** What it was asked since the last `reset()`: `POST /keys`. */
  readonly calls: string[] = [];
  /** Answers instead of it, where it answers. The call is recorded and nothing is done. `null` for no answer at all. */
  instead?: Answer | string | null;
  private interruption?: { readonly nth: number; readonly moment: Moment; readonly callback: () => Promise<void> };
  private readonly issued = new Map<string, string>();
  private readonly server: Server;
  private serial = 0;
  private ownPort = 0;

  private constructor(certificate: ServerCertificate) {
    this.server = createServer(
      { cert: certificate.certificate, key: certificate.key },
      (request, response) => void this.handle(request, response),
    );
  }

  get url(): string {
    return `https://localhost:${this.ownPort}`;
  }

  /** A key that somebody made by hand. */
  issue(): { keyId: string; key: string } {
    const keyId = `key-${++this.serial}`;
    const key = `key_${randomBytes(24).toString('hex')}`;
    this.keys.set(keyId, key);
    return { keyId, key };
  }

  /** Runs something in the nth call from now; the caller gets no answer to it. */
  interrupt(nth: number, moment: Moment, callback: () => Promise<void>): void {
    this.interruption = { nth, moment, callback };
  }

  reset(): void {
    this.calls.length = 0;
    this.instead = undefined;
    this.interruption = undefined;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async restart(): Promise<void> {
    await this.listen(this.ownPort);
  }

  private async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(port, '127.0.0.1', resolve));
    this.ownPort = (this.server.address() as AddressInfo).port;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.calls.push(`${request.method} ${request.url}`);
    const { nth, moment, callback } = this.interruption?.nth === this.calls.length ? this.interruption : {};
    if (this.instead === null || (nth !== undefined && moment === 'before')) {
      await callback?.();
      return nth === undefined ? undefined : void response.destroy();
    }
    const answer = this.instead === undefined ? this.answer(request) : this.instead;
    if (nth !== undefined) {
      await callback?.();
      response.destroy();
    } else if (typeof answer === 'string') {
      response.end(answer);
    } else {
      response.writeHead(answer.status, answer.headers).end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    }
  }

  private answer({ method, url, headers }: IncomingMessage): Answer {
    if (![...this.keys.values()].includes(String(headers.authorization).replace(/^Bearer /, ''))) {
      return { status: 401, body: { error: `unknown key ${headers.authorization}` } };
    }
    const id = /^\/keys\/([\w-]+)$/.exec(url ?? '')?.[1];
    if (method === 'DELETE' && id !== undefined) {
      return { status: this.keys.delete(id) ? 204 : 404 };
    }
    switch (`${method} ${url}`) {
      case 'GET /account':
        return { status: 200, body: { account: 'partner' } };
      case 'GET /keys':
        return { status: 200, body: [...this.keys.keys()] };
      case 'POST /keys':
        return this.create(String(headers['idempotency-key']));
      default:
        return { status: 404 };
    }
  }

  private create(idempotencyKey: string): Answer {
    const known = this.issued.get(idempotencyKey);
    if (known !== undefined && this.keys.has(known)) {
      return { status: 200, body: { id: known, key: this.keys.get(known) } };
    }
    if (this.keys.size === MAXIMUM_KEYS) {
      return { status: 409 };
    }
    const { keyId, key } = this.issue();
    this.issued.set(idempotencyKey, keyId);
    return { status: 201, body: { id: keyId, key } };
  }
}
