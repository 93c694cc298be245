import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of aws-cdk-lib in a public declaration makes a user's compiler read twice as many files as a submodule does. */
const ROOT_IMPORT = /from ['"]aws-cdk-lib['"]|import\(['"]aws-cdk-lib['"]\)/;

const offenders = readdirSync('lib', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.d.ts'))
  .map((name) => join('lib', name))
  .filter((file) => ROOT_IMPORT.test(readFileSync(file, 'utf8')));
if (offenders.length > 0) {
  console.error(`these declarations import the root of aws-cdk-lib, import a submodule instead:\n${offenders.join('\n')}`);
  process.exit(1);
}
