import { X509Certificate } from 'crypto';
import { isIP } from 'net';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { EngineFacts } from './database-facts';
import { ValidationError } from './errors';
import type { PasswordRules } from './handler-contract';
import { requireInteger, requireText } from './validate';

/** What can be wrong with a database target, whatever it was made of. */
export interface CheckedInput {
  readonly engine: EngineFacts;
  readonly databaseName?: string;
  readonly passwordLength?: number;
  readonly excludeCharacters?: string;
  readonly tlsServerName?: string;
  readonly certificateAuthorities?: string;
}

const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Lambda has 4 KB for the whole environment. */
const MAXIMUM_PEM = 2000;
/** Printable characters that passwords are made of. */
const ALPHABET = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
/** Fewer than those of a hexadecimal number make a weak password. */
const MINIMUM_ALPHABET = 16;

/** Refuses options that no database of the engine can have. */
export function checkOptions(scope: IConstruct, factory: string, input: CheckedInput): void {
  requireText({ scope, property: `${factory}(tlsServerName)`, remedy: 'give the name in the server\'s certificate' },
    input.tlsServerName, { maximum: 253, pattern: HOST_NAME, allowed: 'a DNS name' });
  requireDatabaseName(scope, `${factory}(databaseName)`, input.databaseName);
  requireCertificates(scope, `${factory}(certificateAuthorities)`, input.certificateAuthorities);
}

/** The rules of the passwords that rotations make: the engine's, with what the user said. */
export function passwordRules(scope: IConstruct, factory: string, input: CheckedInput): PasswordRules {
  const { engine, passwordLength, excludeCharacters } = input;
  requireInteger({ scope, property: `${factory}(passwordLength)`, remedy: `leave it out for ${engine.password.length}, or give another length` },
    passwordLength, engine.passwordLength.minimum, engine.passwordLength.maximum, 'characters');
  if (excludeCharacters !== undefined && !Token.isUnresolved(excludeCharacters)) {
    const left = charactersLeft(excludeCharacters);
    if (left < MINIMUM_ALPHABET) {
      throw new ValidationError({
        scope,
        property: `${factory}(excludeCharacters)`,
        got: excludeCharacters,
        allowed: `characters that leave at least ${MINIMUM_ALPHABET} of the 94 printable ASCII characters`,
        remedy: `passwords from ${left} characters are guessed too easily; exclude fewer`,
      });
    }
  }
  return { length: passwordLength ?? engine.password.length, excludeCharacters: excludeCharacters ?? engine.password.excludeCharacters };
}

/** How many printable characters are left for a password. */
export function charactersLeft(excludeCharacters: string): number {
  return ALPHABET.filter((character) => Token.isUnresolved(excludeCharacters) || !excludeCharacters.includes(character)).length;
}

/** Refuses a host that is none, or that never takes a password change. */
export function checkHost(scope: IConstruct, property: string, host: string, tlsServerName: string | undefined): void {
  if (Token.isUnresolved(host)) {
    return;
  }
  const address = isIP(host) !== 0;
  if (!address) {
    requireText({ scope, property, remedy: 'give the host alone, without scheme, port or path' }, host,
      { minimum: 1, maximum: 253, pattern: HOST_NAME, allowed: 'a DNS name or an IP address' });
  }
  const endpoint = /\.(proxy|cluster-ro)-[a-z0-9]+\..+\.amazonaws\.com(\.cn)?$/i.exec(host);
  if (endpoint) {
    throw new ValidationError({
      scope,
      property,
      got: host,
      allowed: 'the endpoint of an instance or the writer endpoint of a cluster',
      remedy: endpoint[1].toLowerCase() === 'proxy'
        ? 'RDS Proxy keeps its own copy of the credentials: rotate at the database behind it'
        : 'a reader takes no password change: give the cluster\'s writer endpoint',
    });
  }
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

function requireDatabaseName(scope: IConstruct, property: string, value: string | undefined): void {
  const bytes = value === undefined || Token.isUnresolved(value) ? 1 : Buffer.byteLength(value);
  if (bytes < 1 || bytes > 63) {
    throw new ValidationError({ scope, property, got: value, allowed: '1 to 63 bytes', remedy: 'give the name of a database that the user may connect to' });
  }
}

function requireCertificates(scope: IConstruct, property: string, pem: string | undefined): void {
  if (pem === undefined || Token.isUnresolved(pem)) {
    return;
  }
  const refuse = (got: string, remedy: string): never => {
    throw new ValidationError({ scope, property, got, allowed: `one or more certificates in PEM text, at most ${MAXIMUM_PEM} characters`, remedy });
  };
  if (pem.includes('PRIVATE KEY')) {
    refuse('text with a private key', 'only the public certificates belong here; treat that key as disclosed if the text was committed');
  }
  if (pem.length > MAXIMUM_PEM) {
    refuse(`text of ${pem.length} characters`, 'give only the certificate authority that signed the server\'s certificate');
  }
  const certificates = pem.match(CERTIFICATE) ?? [];
  const rest = pem.replace(CERTIFICATE, '').trim();
  if (certificates.length === 0 || rest !== '' || !certificates.every(isCertificate)) {
    refuse(`text of ${pem.length} characters with ${certificates.length} certificate(s)`, 'give whole certificates, from BEGIN to END, and nothing else');
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
