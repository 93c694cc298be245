import { parseJsonAnswer } from './json-answer';
import { errorOf } from './secrets-manager-error';
import { serviceEndpoint } from './service-endpoint';
import { type CallLimits, SignedRequests, type SignedRequestsOptions } from './signed-requests';

export type { CallLimits } from './signed-requests';

export interface SecretsManagerClientOptions extends SignedRequestsOptions {
  /** URL instead of the Region's public endpoint. */
  readonly endpoint?: string;
}

/** Calls Secrets Manager. */
export class SecretsManagerClient {
  private readonly requests: SignedRequests;

  constructor(options: SecretsManagerClientOptions) {
    const url = endpointOf(options.region, options.endpoint);
    this.requests = new SignedRequests({ name: 'Secrets Manager', signingName: 'secretsmanager', url }, options);
  }

  async call(action: string, input: Record<string, unknown>, limits: CallLimits): Promise<Record<string, unknown>> {
    return this.requests.send({
      action,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `secretsmanager.${action}` },
      body: JSON.stringify(input),
      read: (status, text) => {
        const answer = parseJsonAnswer(text);
        if (status === 200 && answer !== undefined) {
          return answer;
        }
        throw errorOf(action, status, answer);
      },
    }, limits);
  }
}

/** The endpoint of Secrets Manager to call. */
export function endpointOf(region: string, endpoint?: string): URL {
  return serviceEndpoint({ name: 'Secrets Manager', prefix: 'secretsmanager', region, endpoint });
}
