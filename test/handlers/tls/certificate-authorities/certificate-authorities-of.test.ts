import { X509Certificate } from 'node:crypto';
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { certificateAuthoritiesOf } from '../../../../handlers/tls/certificate-authorities/certificate-authorities-of';

const DIRECTORY = path.resolve(__dirname, '../../../../handlers/tls/certificate-authorities/amazon-rds');
const MONTH = 30 * 24 * 3_600_000;
const regions = readdirSync(DIRECTORY).map((file) => path.basename(file, '.pem'));

test('there are the Regions that every account has', () => {
  expect(regions).toEqual(
    expect.arrayContaining(['ap-southeast-2', 'eu-central-1', 'eu-west-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-2']),
  );
});

test.each(regions)('%s: the three roots of the Region, each its own, none near its end', (region) => {
  const certificates = certificateAuthoritiesOf(region)
    .match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g)!
    .map((pem) => new X509Certificate(pem));
  expect(certificates.map(({ subject }) => /CN=(.*)/.exec(subject)![1]).sort())
    .toEqual(['ECC384', 'RSA2048', 'RSA4096'].map((kind) => `Amazon RDS ${region} Root CA ${kind} G1`));
  for (const certificate of certificates) {
    expect([certificate.ca, certificate.subject === certificate.issuer, certificate.verify(certificate.publicKey)])
      .toEqual([true, true, true]);
    expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(Date.now() + MONTH);
  }
});

test.each(['mars-north-1', ''])('%j has none, which is an error and not trust in everybody', (region) => {
  expect(() => certificateAuthoritiesOf(region)).toThrow('configuration: the library has no Amazon RDS certificate authorities');
});
