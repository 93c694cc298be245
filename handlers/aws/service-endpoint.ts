import { isIP } from 'node:net';
import { RotationError } from '../core/rotation-error';

/** Domains of the partitions, by the prefix of their Regions; the rest is `amazonaws.com`. */
const DOMAINS: readonly (readonly [string, string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['us-iso-', 'c2s.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['eusc-', 'amazonaws.eu'],
];

/** Where a service is called. */
export interface EndpointRequest {
  /** What to call the service in errors. */
  readonly name: string;
  /** The first part of the name of its endpoints. */
  readonly prefix: string;
  readonly region: string;
  /** URL instead of the Region's public endpoint. */
  readonly endpoint?: string;
}

/** The endpoint to call: the given one, or the Region's. Only a loopback address may go without TLS, which is what tests use. */
export function serviceEndpoint({ name, prefix, region, endpoint }: EndpointRequest): URL {
  const domain = DOMAINS.find(([start]) => region.startsWith(start))?.[1] ?? 'amazonaws.com';
  const address = endpoint ?? `https://${prefix}.${region}.${domain}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))) {
    throw new RotationError('configuration', `the ${name} endpoint is not an https:// URL`);
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return hostname === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
