import { X509Certificate } from 'crypto';
import { isIP } from 'net';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { EngineFacts } from './database-facts';
import { knownAddress } from './database-identity';
import { fits } from '../../contract/name-rules';
import { ConflictError, ValidationError } from '../../core/errors';
import { requireInteger, requireText } from '../../core/validate';
import type { PasswordStatement } from '../password-statement';

/** What can be wrong with a database target, whatever it was made of. */
export interface CheckedInput {
  readonly engine: EngineFacts;
  readonly databaseName?: string;
  readonly tlsServerName?: string;
  readonly certificateAuthorities?: string;
  readonly tlsPort?: number;
  readonly authentication?: object;
  readonly passwordStatement?: PasswordStatement;
}

const HOST_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/**
 * What the second label begins with where an endpoint is that of a proxy, of the readers of a cluster, or of instances that
 * somebody chose.
 */
const ENDPOINT = /\.(proxy|cluster-ro|cluster-custom)-[a-z0-9]+\..+\.amazonaws\.(?:com|com\.cn|eu)$/i;
/** Room for a root with an RSA key of 4,096 bits. Lambda has 4 KB for the whole environment. */
const MAXIMUM_PEM = 2400;

/** Refuses options that no database of the engine can have. */
export function checkOptions(scope: IConstruct, factory: string, input: CheckedInput): void {
  requireText({ scope, property: `${factory}(tlsServerName)`, remedy: 'give the name in the server\'s certificate' },
    input.tlsServerName, { maximum: 253, pattern: HOST_NAME, allowed: 'a DNS name' });
  requireDatabaseName(scope, `${factory}(databaseName)`, input);
  requireTlsPort(scope, `${factory}(tlsPort)`, input);
  requireCertificates(scope, `${factory}(certificateAuthorities)`, input.certificateAuthorities);
  if (input.authentication && !input.engine.authentication) {
    throw new ConflictError(
      scope,
      `\`${factory}(authentication)\` is for PostgreSQL, and the engine is '${input.engine.name}'`,
      'leave it out',
    );
  }
  requirePasswordStatement(scope, `${factory}(passwordStatement)`, input);
}

/** Where a database is. */
interface Address {
  readonly host: string;
  readonly port: number;
  readonly tlsServerName?: string;
  /** The port of servers for which none is given, where none has to be. */
  readonly defaultPort?: number;
}

/**
 * Refuses an address that no function could use: also one of an instance or a cluster that is imported by it.
 *
 * @param parameter the parameter or property of the factory that says the host
 */
export function checkAddress(scope: IConstruct, factory: string, parameter: string, address: Address): void {
  const { host, port, tlsServerName, defaultPort } = address;
  checkHost(scope, `${factory}(${parameter})`, host, tlsServerName);
  const remedy = "give the server's port";
  requireInteger(
    {
      scope,
      property: `${factory}(port)`,
      remedy: defaultPort === undefined ? remedy : `leave it out for ${defaultPort}, or ${remedy}`,
    },
    port,
    1,
    65535,
  );
}

/** Refuses an invalid host, a reader and a proxy. */
export function checkHost(scope: IConstruct, property: string, host: string, tlsServerName: string | undefined): void {
  if (Token.isUnresolved(host)) {
    checkKnownAddress(scope, property, host);
    return;
  }
  const address = isIP(host) !== 0;
  if (!address) {
    requireText({ scope, property, remedy: 'give the host alone, without scheme, port or path' }, host,
      { minimum: 1, maximum: 253, pattern: HOST_NAME, allowed: 'a DNS name or an IP address' });
  }
  checkEndpoint(scope, property, host);
  if (address && tlsServerName === undefined) {
    throw new ValidationError({
      scope,
      property,
      got: host,
      allowed: 'an IP address together with tlsServerName',
      remedy: 'a certificate carries a name, and it is verified; give the name as tlsServerName, or a DNS name as host',
    });
  }
}

/** Refuses an endpoint of Amazon RDS or DocumentDB that is not, or may not be, that of a writer. */
function checkEndpoint(scope: IConstruct, property: string, host: string): void {
  const [, kind] = ENDPOINT.exec(host) ?? [];
  if (kind !== undefined) {
    refuseEndpoint(scope, property, host, kind.toLowerCase() === 'proxy');
  }
}

/** Refuses the same as a token: an attribute of a proxy, of a copy, or of a cluster for its readers. */
function checkKnownAddress(scope: IConstruct, property: string, host: string): void {
  const { kind, resource } = knownAddress(host) ?? {};
  if (kind === 'proxy' || kind === 'reader') {
    refuseEndpoint(scope, property, `the endpoint of the ${kind} '${resource?.node.path}'`, kind === 'proxy');
  }
}

function refuseEndpoint(scope: IConstruct, property: string, got: string, isProxy: boolean): never {
  throw new ValidationError({
    scope,
    property,
    got,
    allowed: 'the endpoint of an instance or the writer endpoint of a cluster',
    remedy: isProxy
      ? 'RDS Proxy keeps its own copy of the credentials: rotate at the database behind it'
      : 'a reader accepts no password change: give the cluster\'s writer endpoint',
  });
}

function requirePasswordStatement(scope: IConstruct, property: string, { engine, passwordStatement }: CheckedInput): void {
  const kind = passwordStatement?._kind;
  if (kind !== undefined && kind !== engine.passwordStatement) {
    throw new ConflictError(
      scope,
      `\`${property}\` is a ${kind}, and the engine is '${engine.name}'`,
      engine.passwordStatement === undefined
        ? 'leave it out: the server accepts passwords in one form only'
        : `give a ${engine.passwordStatement}, or leave it out`,
    );
  }
}

function requireTlsPort(scope: IConstruct, property: string, { engine, tlsPort }: CheckedInput): void {
  if (tlsPort !== undefined && !engine.separateTlsPort) {
    throw new ConflictError(
      scope,
      `\`${property}\` is for Oracle, and the engine is '${engine.name}', which speaks TLS at its one port`,
      'leave it out',
    );
  }
  requireInteger(
    { scope, property, remedy: `leave it out for ${engine.defaultPort}, or give the port of TCPS` },
    tlsPort,
    1,
    65535,
  );
}

function requireDatabaseName(scope: IConstruct, property: string, { engine, databaseName: value }: CheckedInput): void {
  if (value === undefined && engine.databaseNameRequired) {
    throw new ValidationError({
      scope,
      property,
      got: value,
      allowed: 'the name of a service',
      remedy: `with the engine '${engine.name}' nobody can connect without: give the service's name, on Amazon RDS that of the `
        + 'database (ORCL unless another was chosen)',
    });
  }
  const bytes = value === undefined || Token.isUnresolved(value) ? 1 : Buffer.byteLength(value);
  if (bytes < 1 || bytes > 63) {
    throw new ValidationError({
      scope,
      property,
      got: value,
      allowed: '1 to 63 bytes',
      remedy: 'give the name of a database that the user may connect to',
    });
  }
  if (value !== undefined && !Token.isUnresolved(value) && !fits(value, engine.names.database)) {
    throw new ValidationError({
      scope,
      property,
      got: value,
      allowed: `characters that ${engine.databaseNameRequired ? 'the name of a service' : 'the name of a database'} can have with the `
        + `engine '${engine.name}'`,
      remedy: 'give the name of a database that the user may connect to',
    });
  }
}

function requireCertificates(scope: IConstruct, property: string, pem: string | undefined): void {
  if (pem === undefined || Token.isUnresolved(pem)) {
    return;
  }
  const refuse = (got: string, remedy: string): never => {
    throw new ValidationError({
      scope,
      property,
      got,
      allowed: `one or more certificates in PEM text, at most ${MAXIMUM_PEM} characters`,
      remedy,
    });
  };
  if (pem.includes('PRIVATE KEY')) {
    refuse(
      'text with a private key',
      'only the public certificates belong here; treat that key as disclosed if the text was committed',
    );
  }
  if (pem.length > MAXIMUM_PEM) {
    refuse(`text of ${pem.length} characters`, 'give only the certificate authority that signed the server\'s certificate');
  }
  const certificates = pem.match(CERTIFICATE) ?? [];
  const rest = pem.replace(CERTIFICATE, '').trim();
  if (certificates.length === 0 || rest !== '' || !certificates.every(isCertificate)) {
    refuse(
      `text of ${pem.length} characters with ${certificates.length} certificate(s)`,
      'give whole certificates, from BEGIN to END, and nothing else',
    );
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

/** Refuses a database whose network nobody has named. */
export function refuseNoNetwork(scope: IConstruct, factory: string): never {
  throw new ValidationError({
    scope,
    property: `${factory}(network)`,
    got: undefined,
    allowed: 'RotationNetwork.of({ vpc })',
    remedy: 'the VPC of the database is not known here: name the network that the rotation functions run in, with '
      + '`network: RotationNetwork.of({ vpc })`',
  });
}
