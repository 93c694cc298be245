import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { refreshCertificateAuthorities } from '../../scripts/refresh-certificate-authorities';
import { CertificateAuthority } from '../servers/certificates';

const YEARS = 2 * 365 * 24 * 3_600_000;
const BUNDLED = path.resolve(__dirname, '../../handlers/tls/certificate-authorities/amazon-rds/eu-west-1.pem');

describe('refreshing the certificate authorities', () => {
  let directory: string;
  const file = (name: string): string => path.join(directory, name);

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'authorities-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  test('keeps what is there, adds what is new, and leaves out what has expired or is for nothing', () => {
    const authorities = [
      'xx-test-1 Root CA RSA2048 G1',
      'xx-test-1 Root CA RSA4096 G1',
      'Preview xx-test-2 Root CA RSA2048 G1',
      'Root 2019 CA',
      'us-gov-west-1 Root CA RSA4096 G1',
      'eusc-de-east-1 Root CA RSA2048 G1',
    ].map((name) => new CertificateAuthority(`Amazon RDS ${name}`));
    const leaf = authorities[0].issue({ names: ['Amazon RDS xx-test-3 Root CA RSA2048 G1'] }).certificate;
    writeFileSync(file('in'), [...authorities.map(({ certificate }) => certificate), leaf].join(''));
    const target = file('out');
    expect(refreshCertificateAuthorities([file('in'), BUNDLED], 'a test', new Date(), target))
      .toEqual(['eu-west-1', 'eusc-de-east-1', 'us-gov-west-1', 'xx-test-1']);
    expect(readdirSync(target)).toEqual(['eu-west-1.pem', 'eusc-de-east-1.pem', 'us-gov-west-1.pem', 'xx-test-1.pem']);
    const written = readFileSync(path.join(target, 'xx-test-1.pem'), 'utf8');
    expect(written).toMatch(/^# Amazon RDS certificate authorities of xx-test-1\n# \d{4}-\d\d-\d\d, from a test\n/);
    expect(written.split('BEGIN CERTIFICATE')).toHaveLength(3);
    expect(refreshCertificateAuthorities([file('in')], 'a test', new Date(), target)).toHaveLength(4);
    expect(readFileSync(path.join(target, 'xx-test-1.pem'), 'utf8')).toBe(written);
    expect(refreshCertificateAuthorities([], 'a test', new Date(Date.now() + YEARS), target)).toEqual(['eu-west-1']);
    expect(readdirSync(target)).toEqual(['eu-west-1.pem']);
  });
});
