import { X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeRegionsModule } from './amazon-rds-regions';

const DIRECTORY = resolve(__dirname, '../handlers/tls/certificate-authorities/amazon-rds');
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const REGION = /CN=Amazon RDS ([a-z]+(?:-[a-z]+)+-\d) Root CA (.+)/;

interface Authority {
  readonly region: string;
  readonly name: string;
  readonly pem: string;
}

/**
 * Writes one file of certificate authorities for each Region from the PEM files that are given, keeping those that are there.
 *
 * Expired ones, previews, and whatever is not the root of a Region is left out.
 */
export function refreshCertificateAuthorities(
  bundles: readonly string[],
  source: string,
  now = new Date(),
  directory = DIRECTORY,
): string[] {
  mkdirSync(directory, { recursive: true });
  const present = readdirSync(directory).filter((file) => file.endsWith('.pem')).map((file) => join(directory, file));
  const authorities = [...present, ...bundles].flatMap((file) => authoritiesIn(readFileSync(file, 'utf8'), now));
  present.forEach((file) => rmSync(file));
  const regions = [...new Set(authorities.map(({ region }) => region))].sort();
  for (const region of regions) {
    const unique = new Map(authorities.filter((authority) => authority.region === region).map(({ name, pem }) => [pem, name]));
    const sections = [...unique].map(([pem, name]) => `# ${name}\n${pem}\n`).sort();
    writeFileSync(join(directory, `${region}.pem`), `# Amazon RDS certificate authorities of ${region}\n# `
      + `${now.toISOString().slice(0, 10)}, from ${source}\n\n${sections.join('\n')}`);
  }
  return regions;
}

function authoritiesIn(text: string, now: Date): Authority[] {
  return (text.match(CERTIFICATE) ?? []).flatMap((pem) => {
    const certificate = new X509Certificate(pem);
    const [, region, name] = REGION.exec(certificate.subject) ?? [];
    const fits =
      region !== undefined && certificate.ca && certificate.verify(certificate.publicKey) && new Date(certificate.validTo) > now;
    return fits
      ? [
        {
          region,
          name: `Root CA ${name}, until ${new Date(certificate.validTo).toISOString().slice(0, 10)}`,
          pem: certificate.toString().trim(),
        },
      ]
      : [];
  });
}

if (require.main === module) {
  const [source, ...bundles] = process.argv.slice(2);
  if (source === undefined) {
    console.error('usage: tsx scripts/refresh-certificate-authorities.ts <where they are from> <PEM file>...');
    process.exitCode = 1;
  } else {
    console.log(refreshCertificateAuthorities(bundles, source).join('\n'));
    writeRegionsModule();
  }
}
