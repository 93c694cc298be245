import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureBundles } from './bundles';
import { measurePackage } from './package-size';
import type { Result } from './result';
import { measureRotations } from './rotations';

/** A checkout of AWS's rotation functions (aws-samples/aws-secrets-manager-rotation-lambdas), to be compared with ours. */
const REFERENCE = process.env.ROTATION_REFERENCE;

async function main(): Promise<void> {
  const {
    values: { json, rounds },
  } = parseArgs({ options: { json: { type: 'string' }, rounds: { type: 'string', default: '5' } } });
  const results = [...measurePackage(), ...measureBundles(), ...await measureRotations(Number(rounds), REFERENCE)];
  results.forEach(report);
  if (REFERENCE === undefined) {
    console.log('\nNot compared with AWS\'s own functions: ROTATION_REFERENCE names no checkout of them.');
  }
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  const failed = results.filter(({ holds }) => holds === false);
  if (failed.length > 0) {
    console.error(`\n${failed.length} of ${results.filter(({ bar }) => bar !== undefined).length} bars do not hold.`);
    process.exitCode = 1;
  }
}

function report({ name, value, bar, holds }: Result): void {
  const promise = bar === undefined ? '' : `at most ${bar}: ${holds ? 'holds' : 'DOES NOT HOLD'}`;
  console.log(`${name.padEnd(75)} ${String(value).padStart(8)}   ${promise}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
