import { JsonRequests } from './json-requests';
import { errorOf } from './secrets-manager-error';
import { serviceEndpoint } from './service-endpoint';
import type { SignedRequestsOptions } from './signed-requests';

export type { CallLimits } from './signed-requests';

const SERVICE = { name: 'Secrets Manager', prefix: 'secretsmanager' };

export interface SecretsManagerClientOptions extends SignedRequestsOptions {
  /** URL instead of the Region's public endpoint. */
  readonly endpoint?: string;
}

/** Calls Secrets Manager. */
export class SecretsManagerClient extends JsonRequests {
  constructor(options: SecretsManagerClientOptions) {
    super({
      name: SERVICE.name,
      signingName: SERVICE.prefix,
      targetPrefix: SERVICE.prefix,
      version: '1.1',
      url: endpointOf(options.region, options.endpoint),
      errorOf,
    }, options);
  }
}

/** The endpoint of Secrets Manager to call. */
export function endpointOf(region: string, endpoint?: string): URL {
  return serviceEndpoint({ ...SERVICE, region, endpoint });
}
