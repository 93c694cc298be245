import { request } from 'node:https';
import { RotationFailure, type RotationFailureClass } from 'cdk-secretsmanager-patterns/rotation-runtime';

const LARGEST_ANSWER = 64 * 1024;
const CLASSES: Readonly<Record<number, RotationFailureClass>> = {
  401: 'authentication',
  403: 'permission',
  409: 'conflict',
  429: 'throttling',
};

/** A key as the API shows it: its text once, to whoever created it. */
export interface ApiKey {
  readonly id: string;
  readonly key: string;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** The key that the call is made with. */
  readonly key: string;
  readonly signal: AbortSignal;
  readonly idempotencyKey?: string;
}

/** The part of the API that is about its keys. Where it is, the deployment says. */
export class KeysApi {
  constructor(private readonly url: string) {}

  /** Asked twice with one idempotency key, the API gives the same key twice. */
  async create(key: string, idempotencyKey: string, signal: AbortSignal): Promise<ApiKey> {
    const made = await this.call({ method: 'POST', path: '/keys', key, signal, idempotencyKey }) as Partial<ApiKey> | undefined;
    if (typeof made?.id !== 'string' || typeof made.key !== 'string') {
      throw new RotationFailure('protocol', 'the API has answered without a key');
    }
    return { id: made.id, key: made.key };
  }

  /** Ids of the keys that are live. */
  async list(key: string, signal: AbortSignal): Promise<string[]> {
    const keys = await this.call({ method: 'GET', path: '/keys', key, signal });
    if (!Array.isArray(keys) || !keys.every((id) => typeof id === 'string')) {
      throw new RotationFailure('protocol', 'the API has answered without a list of keys');
    }
    return keys;
  }

  async revoke(id: string, key: string, signal: AbortSignal): Promise<void> {
    await this.call({ method: 'DELETE', path: `/keys/${encodeURIComponent(id)}`, key, signal });
  }

  /** What an application does with a key. */
  async use(key: string, signal: AbortSignal): Promise<void> {
    await this.call({ method: 'GET', path: '/account', key, signal });
  }

  private async call({ method, path, key, signal, idempotencyKey }: Call): Promise<unknown> {
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const lost = (error: NodeJS.ErrnoException): void => reject(failureOf(error));
      request(new URL(path, this.url), {
        method,
        headers: {
          'authorization': `Bearer ${key}`,
          'content-length': 0,
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
        signal,
        agent: false,
        // Said here, so that no variable of the environment can unsay it.
        rejectUnauthorized: true,
      }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('error', lost).on('data', (chunk: string) => {
          body += chunk;
          if (body.length > LARGEST_ANSWER) {
            response.destroy(new Error('too large'));
          }
        }).on('end', () => resolve({ status: response.statusCode!, text: body }));
      }).on('error', lost).end();
    });
    // A redirection is not followed: it would carry the key elsewhere.
    if (status < 200 || status >= 300) {
      throw new RotationFailure(
        CLASSES[status] ?? (status >= 500 ? 'unavailable' : 'protocol'),
        `the API has refused ${method} ${path.split('/')[1]}`,
        String(status),
      );
    }
    return text === '' ? undefined : parsed(text);
  }
}

/** Of the error nothing but its code goes on: its text may quote what was sent. */
function failureOf({ code }: NodeJS.ErrnoException): RotationFailure {
  if (code === 'ABORT_ERR') {
    return new RotationFailure('timeout', 'the API has not answered in time');
  }
  return code !== undefined && /CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code)
    ? new RotationFailure('tls', 'the API has not proved that it is the one', code)
    : new RotationFailure('network', 'no answer from the API', code);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RotationFailure('protocol', 'the API has answered with something else than JSON');
  }
}
