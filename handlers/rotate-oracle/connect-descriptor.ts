import { RotationError } from '../core/rotation-error';

/** What a service name may be: nothing that could end a value in a descriptor. */
const SERVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.$#-]{0,127}$/;

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
  if (!SERVICE_NAME.test(serviceName)) {
    throw new RotationError('configuration', 'the database name is not a service name: up to 128 letters, digits or _.$#-');
  }
}
