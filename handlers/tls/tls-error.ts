import { RotationError } from '../core/rotation-error';

const LOST: readonly string[] = ['ECONNRESET', 'EPIPE'];
const NO_TLS = 'the server does not offer TLS at this port, and nothing is sent without it';
const OLD_TLS = 'the server speaks no version of TLS that is still safe: it has to speak TLS 1.2 or 1.3';
const UNTRUSTED = "the server's certificate does not come from a trusted certificate authority";
const REASONS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name than the host's: set the TLS server name if the "
    + 'host is an alias',
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet",
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OLD_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OLD_TLS,
};

/** Why a handshake failed, by the code that Node.js or OpenSSL gives; without one the connection broke. */
export function tlsError(code: string | undefined): RotationError {
  return code === undefined || LOST.includes(code)
    ? new RotationError('network', 'the connection broke in the TLS handshake', code)
    : new RotationError('tls', REASONS[code] ?? UNTRUSTED, code);
}

/** For a server that itself says that it has no TLS. */
export function noTls(): RotationError {
  return new RotationError('tls', NO_TLS);
}
