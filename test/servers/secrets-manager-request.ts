import type { IncomingHttpHeaders } from 'node:http';

/** What a request to Secrets Manager says. */
export interface SecretsManagerRequest {
  readonly action: string;
  readonly input: Record<string, unknown>;
  /** Access key ID of the caller. */
  readonly caller: string;
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Asks the server behind the guard, in the caller's Region. */
export type Upstream = (action: string, input: Record<string, unknown>) => Promise<JsonAnswer>;

/** An error as the AWS JSON protocol has it. */
export function errorAnswer(name: string, message: string): JsonAnswer {
  return { status: name === 'InternalServiceError' ? 500 : 400, body: { __type: name, Message: message, message } };
}

/** Undefined for requests to other services. */
export function parseRequest(headers: IncomingHttpHeaders, body: Buffer): SecretsManagerRequest | undefined {
  const action = /^secretsmanager\.(\w+)$/.exec(String(headers['x-amz-target'] ?? ''))?.[1];
  if (action === undefined) {
    return undefined;
  }
  return {
    action,
    input: JSON.parse(body.toString('utf8') || '{}') as Record<string, unknown>,
    caller: /Credential=([^/,]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'anonymous',
  };
}
