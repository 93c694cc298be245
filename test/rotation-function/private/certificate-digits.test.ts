import { fromDigits, toDigits } from '../../../src/rotation-function/private/certificate-digits';
import { createCertificates } from '../../servers/certificates';

const { good, authority } = createCertificates();

test.each([
  ['one', `${authority.certificate.trim()}\n`],
  ['several, with what is said of them', `# 2026\n\n# deadbeef\n${authority.certificate.trim()}\n\n# b\n${good.certificate.trim()}\n`],
])('certificates are the same again: %s', (_, pem) => {
  const digits = toDigits(pem);
  expect(digits).not.toMatch(/^MII/m);
  expect(fromDigits(digits)).toBe(pem);
});
