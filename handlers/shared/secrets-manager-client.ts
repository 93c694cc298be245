import * as http from 'node:http';
import * as https from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from './clock';
import type { Deadline } from './deadline';
import { NodeSha256 } from './node-sha256';
import { codeOf, RotationError } from './rotation-error';
import { endpointOf } from './secrets-manager-endpoint';
import { errorOf } from './secrets-manager-error';
import { withBackoff } from './with-backoff';

const REQUEST_LIMIT = 5_000;
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
const CONNECTIONS = 8;
/** The policies of a role, and routes and names in a VPC, may take effect only after the first rotation has begun. */
const PROPAGATION = 30_000;
const OVERLOAD = 20_000;
/** A connection that was kept may have been closed while the process was frozen. */
const RECONNECTION = 2_000;

export interface SecretsManagerClientOptions {
  readonly region: string;
  /** URL instead of the Region's public endpoint. */
  readonly endpoint?: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly clock: Clock;
}

/** Limits of one call. */
export interface CallLimits {
  readonly deadline: Deadline;
  /** Whether to wait for permissions and routes that may still be on their way. */
  readonly patient: boolean;
}

/** Calls Secrets Manager: signed, over verified TLS, with retries and within the function's time. */
export class SecretsManagerClient {
  private readonly url: URL;
  private readonly signer: SignatureV4;
  private readonly agent: http.Agent;

  constructor(private readonly options: SecretsManagerClientOptions) {
    this.url = endpointOf(options.region, options.endpoint);
    this.signer = new SignatureV4({ service: 'secretsmanager', region: options.region, credentials: options.credentials, sha256: NodeSha256 });
    this.agent = this.url.protocol === 'http:'
      ? new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS })
      : new https.Agent({ keepAlive: true, maxSockets: CONNECTIONS, rejectUnauthorized: true, minVersion: 'TLSv1.2' });
  }

  public async call(action: string, input: Record<string, unknown>, limits: CallLimits): Promise<Record<string, unknown>> {
    return withBackoff(async () => this.attempt(action, JSON.stringify(input), limits.deadline), {
      clock: this.options.clock,
      deadline: limits.deadline,
      patience: ({ errorClass }) => {
        switch (errorClass) {
          case 'permission':
            return limits.patient ? PROPAGATION : 0;
          case 'network':
            return limits.patient ? PROPAGATION : RECONNECTION;
          case 'throttling':
          case 'unavailable':
          case 'timeout':
            return OVERLOAD;
          default:
            return 0;
        }
      },
    });
  }

  private async attempt(action: string, body: string, deadline: Deadline): Promise<Record<string, unknown>> {
    const { hostname, host, protocol } = this.url;
    const signed = await this.signer.sign({
      method: 'POST',
      protocol,
      hostname,
      path: '/',
      query: {},
      headers: {
        'host': host,
        'content-type': 'application/x-amz-json-1.1',
        'content-length': String(Buffer.byteLength(body)),
        'x-amz-target': `secretsmanager.${action}`,
      },
      body,
    }, { signingDate: new Date(this.options.clock.now()) });
    const { status, text } = await this.send(signed.headers, body, deadline.limit(REQUEST_LIMIT), action);
    const answer = parse(text);
    if (status === 200 && answer !== undefined) {
      return answer;
    }
    throw errorOf(action, status, answer);
  }

  private async send(headers: Record<string, string>, body: string, milliseconds: number, action: string): Promise<{ status: number; text: string }> {
    const request = (this.url.protocol === 'http:' ? http : https).request({
      agent: this.agent,
      hostname: this.url.hostname.replace(/^\[|\]$/g, ''),
      port: this.url.port || undefined,
      method: 'POST',
      path: '/',
      headers,
    });
    return new Promise((resolve, reject) => {
      const fail = (error: RotationError): void => {
        clearTimeout(timer);
        request.destroy();
        reject(error);
      };
      const timer = setTimeout(() => fail(new RotationError('timeout', `Secrets Manager did not answer ${action} in time`)), milliseconds);
      const lost = (thrown: unknown): void => fail(transportError(action, thrown));
      request.once('error', lost);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.once('error', lost);
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > MAX_RESPONSE_BYTES) {
            fail(new RotationError('unavailable', `Secrets Manager answered ${action} with too much`));
          }
        });
        response.once('end', () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString('utf8') });
        });
      });
      request.end(body);
    });
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const answer: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof answer === 'object' && answer !== null ? answer as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

function transportError(action: string, thrown: unknown): RotationError {
  const code = codeOf(thrown);
  const tls = code !== undefined && /CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code);
  return tls
    ? new RotationError('tls', `${action}: the Secrets Manager endpoint has not proved that it is one`, code)
    : new RotationError('network', `${action}: no connection to Secrets Manager; the function needs an interface endpoint or a route to the internet`, code);
}
