/* eslint-disable no-bitwise */
import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { Der } from './der';
import { generatedKey } from './generated-key';

// Made here rather than by openssl or a library, so that a machine with Node.js alone can run every test that needs a
// certificate.
const OID = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
};
const DAY = 24 * 60 * 60 * 1000;
const KEY_CERTIFICATE_AND_CRL_SIGN = Der.bitString(Buffer.from([0x06]), 1);
const DIGITAL_SIGNATURE = Der.bitString(Buffer.from([0x80]), 7);

export interface ServerCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

export interface IssueOptions {
  /** DNS names and IP addresses. */
  readonly names: string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

interface Subject extends Required<Omit<IssueOptions, 'names'>> {
  readonly commonName: string;
  readonly key: KeyObject;
  readonly extensions: Buffer[];
}

const publicKeyBytes = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const keyIdentifier = (key: KeyObject): Buffer => createHash('sha1').update(publicKeyBytes(key)).digest();
const distinguishedName = (commonName: string): Buffer =>
  Der.sequence(Der.set(Der.sequence(Der.objectIdentifier(OID.commonName), Der.utf8String(commonName))));
const extension = (oid: string, value: Buffer, critical = false): Buffer =>
  Der.sequence(Der.objectIdentifier(oid), ...(critical ? [Der.true()] : []), Der.octetString(value));
const alternativeName = (name: string): Buffer =>
  isIP(name) === 4 ? Der.implicit(7, Buffer.from(name.split('.').map(Number))) : Der.implicit(2, Buffer.from(name));
const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** Issues server certificates (ECDSA P-256). */
export class CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  private readonly privateKey = generatedKey('P-256');
  private readonly publicKey = createPublicKey(this.privateKey);

  /** @param issuer of its own certificate. @default itself */
  constructor(private readonly name: string, issuer?: CertificateAuthority) {
    this.certificate = (issuer ?? this).sign({
      commonName: name,
      key: this.publicKey,
      notBefore: new Date(Date.now() - 365 * DAY),
      notAfter: new Date(Date.now() + 365 * DAY),
      extensions: [
        extension(OID.basicConstraints, Der.sequence(Der.true()), true),
        extension(OID.keyUsage, KEY_CERTIFICATE_AND_CRL_SIGN, true),
      ],
    });
  }

  issue(options: IssueOptions): ServerCertificate {
    const privateKey = generatedKey('P-256');
    const certificate = this.sign({
      commonName: options.names[0],
      key: createPublicKey(privateKey),
      notBefore: options.notBefore ?? new Date(Date.now() - DAY),
      notAfter: options.notAfter ?? new Date(Date.now() + 30 * DAY),
      extensions: [
        extension(OID.basicConstraints, Der.sequence(), true),
        extension(OID.keyUsage, DIGITAL_SIGNATURE, true),
        extension(OID.extendedKeyUsage, Der.sequence(Der.objectIdentifier(OID.serverAuthentication))),
        extension(OID.subjectAlternativeName, Der.sequence(...options.names.map(alternativeName))),
      ],
    });
    return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  private sign(subject: Subject): string {
    const algorithm = Der.sequence(Der.objectIdentifier(OID.ecdsaWithSha256));
    const serial = randomBytes(16);
    serial[0] = (serial[0] & 0x7f) | 0x40;
    const toBeSigned = Der.sequence(
      Der.explicit(0, Der.integer(Buffer.from([2]))),
      Der.integer(serial),
      algorithm,
      distinguishedName(this.name),
      Der.sequence(Der.utcTime(subject.notBefore), Der.utcTime(subject.notAfter)),
      distinguishedName(subject.commonName),
      publicKeyBytes(subject.key),
      Der.explicit(3, Der.sequence(
        ...subject.extensions,
        extension(OID.subjectKeyIdentifier, Der.octetString(keyIdentifier(subject.key))),
        extension(OID.authorityKeyIdentifier, Der.sequence(Der.implicit(0, keyIdentifier(this.publicKey)))),
      )),
    );
    return pem(Der.sequence(toBeSigned, algorithm, Der.bitString(sign('sha256', toBeSigned, this.privateKey))));
  }
}

export interface Certificates {
  readonly authority: CertificateAuthority;
  readonly good: ServerCertificate;
  /** For another name, of the same authority. */
  readonly wrongHost: ServerCertificate;
  readonly expired: ServerCertificate;
  readonly notYetValid: ServerCertificate;
  readonly unrelatedAuthority: CertificateAuthority;
  /** For the right names, of the unrelated authority. */
  readonly unrelated: ServerCertificate;
}

/** One certificate for each way to be right or wrong. */
export function createCertificates(names: string[] = ['localhost', '127.0.0.1']): Certificates {
  const authority = new CertificateAuthority('Test authority');
  const unrelatedAuthority = new CertificateAuthority('Unrelated authority');
  return {
    authority,
    unrelatedAuthority,
    good: authority.issue({ names }),
    wrongHost: authority.issue({ names: ['elsewhere.example'] }),
    expired: authority.issue({ names, notBefore: new Date(Date.now() - 60 * DAY), notAfter: new Date(Date.now() - 30 * DAY) }),
    notYetValid: authority.issue({ names, notBefore: new Date(Date.now() + DAY), notAfter: new Date(Date.now() + 30 * DAY) }),
    unrelated: unrelatedAuthority.issue({ names }),
  };
}
