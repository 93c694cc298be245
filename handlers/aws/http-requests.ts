import * as http from 'node:http';
import * as https from 'node:https';
import type { Clock } from '../core/clock';
import type { Deadline } from '../core/deadline';
import { codeOf, RotationError } from '../core/rotation-error';
import { withBackoff } from '../core/with-backoff';

const REQUEST_LIMIT = 5_000;
const MAXIMUM_RESPONSE_BYTES = 4 * 1024 * 1024;
const CONNECTIONS = 8;
/** The policies of a role, and routes and names in a VPC, may take effect only after the first rotation has begun. */
const PROPAGATION = 30_000;
const OVERLOAD = 20_000;
/** A connection that was kept may have been closed while the process was frozen. */
const RECONNECTION = 2_000;

/** What answers over HTTP. */
export interface HttpService {
  /** What to call it in errors. */
  readonly name: string;
  readonly url: URL;
  /** Authorities that its certificate may be from, PEM. @default those of Node.js */
  readonly ca?: string;
}

/** Limits of one call. */
export interface CallLimits {
  readonly deadline: Deadline;
  /** Whether to wait for permissions and routes that may still be on their way. */
  readonly patient: boolean;
}

/** One action, in the protocol of its service. */
export interface HttpRequest<T> {
  readonly action: string;
  /** @default POST */
  readonly method?: 'GET' | 'PATCH' | 'PUT';
  /** Without characters that would have to be escaped. @default / */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether doing it twice makes two of it: not tried again where the first attempt may have been done. */
  readonly once?: boolean;
  /** Reads an answer; throws a `RotationError` for an error, and for what is not an answer at all. */
  readonly read: (status: number, text: string) => T;
}

interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** What an attempt sends. */
export interface HttpHead {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Calls a service over verified TLS, with retries and within the function's time. */
export abstract class HttpRequests<Service extends HttpService = HttpService> {
  private readonly transport: typeof http | typeof https;
  private readonly agent: http.Agent;

  protected constructor(protected readonly service: Service, protected readonly clock: Clock) {
    this.transport = service.url.protocol === 'http:' ? http : https;
    const options: https.AgentOptions = {
      keepAlive: true,
      maxSockets: CONNECTIONS,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ca: service.ca,
    };
    this.agent = new this.transport.Agent(options);
  }

  async send<T>(request: HttpRequest<T>, limits: CallLimits): Promise<T> {
    return withBackoff(async () => this.attempt(request, limits.deadline), {
      clock: this.clock,
      deadline: limits.deadline,
      patience: ({ errorClass }) => {
        switch (errorClass) {
          case 'permission':
            return limits.patient ? PROPAGATION : 0;
          case 'throttling':
            return OVERLOAD;
          case 'network':
            return request.once ? 0 : limits.patient ? PROPAGATION : RECONNECTION;
          case 'unavailable':
          case 'timeout':
            return request.once ? 0 : OVERLOAD;
          default:
            return 0;
        }
      },
    });
  }

  /** The same with what proves who calls. */
  protected abstract authorized(head: HttpHead, body: string): Promise<HttpHead>;

  private async attempt<T>(request: HttpRequest<T>, deadline: Deadline): Promise<T> {
    const { action, method = 'POST', path = '/', headers, body, read } = request;
    const { host } = this.service.url;
    const plain = { method, path, headers: { host, 'content-length': String(Buffer.byteLength(body)), ...headers } };
    const { status, text } = await this.exchange(await this.authorized(plain, body), body, deadline.limit(REQUEST_LIMIT), action);
    return read(status, text);
  }

  private async exchange(head: HttpHead, body: string, milliseconds: number, action: string): Promise<HttpAnswer> {
    const { name, url } = this.service;
    const request = this.transport.request(url, { agent: this.agent, ...head });
    return new Promise((resolve, reject) => {
      const fail = (error: RotationError): void => {
        clearTimeout(timer);
        request.destroy();
        reject(error);
      };
      const timer = setTimeout(
        () => fail(new RotationError('timeout', `${name} did not answer ${action} in time`)),
        milliseconds,
      );
      const lost = (thrown: unknown): void => fail(this.transportError(action, thrown));
      request.on('error', lost);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('error', lost);
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > MAXIMUM_RESPONSE_BYTES) {
            fail(new RotationError('unavailable', `the answer of ${name} to ${action} is too long`));
          }
        });
        response.on('end', () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString() });
        });
      });
      request.end(body);
    });
  }

  private transportError(action: string, thrown: unknown): RotationError {
    const { name } = this.service;
    const code = codeOf(thrown);
    const tls = code !== undefined && /CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code);
    return tls
      ? new RotationError('tls', `${action}: the ${name} endpoint has not proved its identity`, code)
      : new RotationError(
        'network',
        `${action}: no connection to ${name}; the function needs an interface endpoint or a route to the internet`,
        code,
      );
  }
}
