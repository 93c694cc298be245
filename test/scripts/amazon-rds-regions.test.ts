import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { REGIONS_MODULE, regionsModule } from '../../scripts/amazon-rds-regions';

test('the list of Regions is what the directory of certificate authorities says (else: npx projen bundle)', () => {
  expect(readFileSync(REGIONS_MODULE, 'utf8')).toBe(regionsModule());
});

test('it has the Regions of the files, in their order, and nothing else', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'regions-'));
  try {
    for (const file of ['us-east-1.pem', 'eu-west-1.pem', 'README.md']) {
      writeFileSync(path.join(directory, file), '');
    }
    expect(regionsModule(directory)).toContain("string[] = [\n  'eu-west-1',\n  'us-east-1',\n];\n");
  } finally {
    rmSync(directory, { recursive: true });
  }
});
