import { X509Certificate } from 'node:crypto';
import { createCertificates } from './certificates';

describe('certificates', () => {
  const certificates = createCertificates();
  const parse = (pem: string) => new X509Certificate(pem);
  const authority = parse(certificates.authority.certificate);

  test('are what they are named after', () => {
    const good = parse(certificates.good.certificate);
    expect(authority.ca).toBe(true);
    expect(good.checkHost('localhost')).toBe('localhost');
    expect(good.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(good.verify(authority.publicKey)).toBe(true);
    expect(new Date(good.validTo).getTime()).toBeGreaterThan(Date.now());
    expect(parse(certificates.wrongHost.certificate).checkHost('localhost')).toBeUndefined();
    expect(new Date(parse(certificates.expired.certificate).validTo).getTime()).toBeLessThan(Date.now());
    expect(parse(certificates.unrelated.certificate).checkHost('localhost')).toBe('localhost');
    expect(parse(certificates.unrelated.certificate).verify(authority.publicKey)).toBe(false);
  });
});
