import { isIP } from 'node:net';
import { RotationError } from './rotation-error';

/** Domains of the partitions, by the prefix of their Regions; the rest is `amazonaws.com`. */
const DOMAINS: readonly (readonly [string, string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['us-iso-', 'c2s.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['eusc-', 'amazonaws.eu'],
];

/** The endpoint to call: the given one, or the Region's. Without TLS only on this machine, which is what tests use. */
export function endpointOf(region: string, endpoint?: string): URL {
  const domain = DOMAINS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'amazonaws.com';
  const address = endpoint ?? `https://secretsmanager.${region}.${domain}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))) {
    throw new RotationError('configuration', 'the Secrets Manager endpoint is not an https:// URL');
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return hostname === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
