import { isIP } from 'node:net';
import { RotationError } from '../core/rotation-error';
import type { CheckedDatabaseFacts } from '../deployment/function-facts';

/** The name that the server's certificate has to carry: certificates are for names, and an address does not prove a name. */
export function tlsServerNameOf({ host, tlsServerName }: CheckedDatabaseFacts): string {
  const name = tlsServerName ?? host;
  if (isIP(name) !== 0) {
    throw new RotationError('configuration', 'the host is an IP address: the deployment has to give the TLS server name');
  }
  return name;
}
