import { fits, ORACLE_NAMES } from '../../src/contract/name-rules';
import { RotationError } from '../core/rotation-error';

/**
 * What the driver connects to. No other form of connect string is used: those are looked up in files, or parsed by rules of
 * their own.
 *
 * @param address IP address that is connected already
 */
export function connectDescriptor(address: string, port: number, serviceName: string): string {
  checkServiceName(serviceName);
  return `(DESCRIPTION=(ADDRESS=(PROTOCOL=TCPS)(HOST=${address})(PORT=${port}))(CONNECT_DATA=(SERVICE_NAME=${serviceName})))`;
}

export function checkServiceName(serviceName: string): void {
  if (!fits(serviceName, ORACLE_NAMES.database)) {
    throw new RotationError('configuration', 'the database name is not a service name: up to 128 letters, digits or _.$#-');
  }
}
