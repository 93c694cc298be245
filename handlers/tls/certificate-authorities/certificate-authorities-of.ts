import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RotationError } from '../../core/rotation-error';

/** PEM of the authorities that sign the certificates of Amazon RDS in a Region. Only these are read: parsing all costs 6 ms. */
export function certificateAuthoritiesOf(region: string): string {
  try {
    // The bundler puts the directory beside the bundle, as it is beside this file.
    return readFileSync(join(__dirname, 'amazon-rds', `${region}.pem`), 'utf8');
  } catch {
    throw new RotationError(
      'configuration',
      `the library has no Amazon RDS certificate authorities of ${region}: the deployment has to give them`,
    );
  }
}
