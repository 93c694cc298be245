import type { DatabaseUser } from './database-users';
import { admits, comesBefore } from './host-pattern';
import { RotationError } from '../core/rotation-error';

/** What the superuser's session knows of how the function connects. */
export interface FunctionConnection {
  /** The address or the name of the function, as the server sees it. */
  readonly client: string;
  /** The hosts of accounts without a name, which let anybody in, or nobody. */
  readonly anonymousHosts: readonly string[];
  readonly cipher: string;
  /** Whether accounts of the server may have hosts like `10.0.0.0/8`. */
  readonly knowsPrefixes: boolean;
}

/**
 * Throws where the user could not sign in from here with any password: before anything is changed, for nobody could test what is
 * set, and clients would have lost what they hold.
 */
export function checkSignIn(user: DatabaseUser, connection: FunctionConnection): void {
  if (user.locked) {
    throw unable('it is locked (a role is, too): run ALTER USER … ACCOUNT UNLOCK');
  }
  if (user.tls === 'X509' || user.issuer !== '' || user.subject !== '') {
    throw unable('it has to show a certificate, and the function has none: run ALTER USER … REQUIRE SSL');
  }
  if (user.cipher !== '' && user.cipher !== connection.cipher) {
    throw unable('it has to use another TLS cipher than the function does: run ALTER USER … REQUIRE SSL');
  }
  if (admits(user.host, connection.client, connection.knowsPrefixes) === false) {
    throw unable('the host of its account does not admit the address from which the server sees the function connect: '
      + 'run RENAME USER … with a host that does');
  }
  checkNotHidden(user.host, connection);
}

/** Throws where the server would take somebody who signs in from here for nobody, before it comes to the account for a host. */
export function checkNotHidden(
  host: string, { client, anonymousHosts, knowsPrefixes }: Omit<FunctionConnection, 'cipher'>,
): void {
  if (anonymousHosts.some((other) => comesBefore(other, host) && admits(other, client, knowsPrefixes))) {
    throw unable('the server takes it for an account without a name, whose host comes before: run DROP USER \'\'@…');
  }
}

/** What can be said of an account that signs in otherwise than by a password that this function can prove. */
export function otherMethod(plugin: string, supported: string, remedy: string): RotationError {
  const text = `the user does not sign in with ${supported}: its password is not rotated; `;
  return new RotationError('configuration', plugin === 'AWSAuthenticationPlugin'
    ? `${text}it signs in with tokens of IAM, which need no rotation`
    : `${text}run ${remedy} once, or leave the user out`);
}

/** The same of an account that has another method beside the password. */
export function furtherMethod(): RotationError {
  return new RotationError('configuration', 'the user has a second factor, or another login method beside its password, which '
    + 'a rotation would leave as it is: run ALTER USER … IDENTIFIED … with the password alone');
}

function unable(reason: string): RotationError {
  return new RotationError('configuration', `the user cannot sign in from this function with any password: ${reason}`);
}
