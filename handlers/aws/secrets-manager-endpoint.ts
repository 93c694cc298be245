import { serviceEndpoint } from './service-endpoint';

/** The endpoint of Secrets Manager to call. */
export function endpointOf(region: string, endpoint?: string): URL {
  return serviceEndpoint({ name: 'Secrets Manager', prefix: 'secretsmanager', region, endpoint });
}
