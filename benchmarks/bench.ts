import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { measureBundles } from './bundles';
import { measureClients } from './clients';
import { measureHardcoded } from './hardcoded';
import { measureLoad } from './load';
import { busyShare } from './machine';
import { measureMemorySizes } from './memory-sizes';
import { measurePackage } from './package-size';
import { type Result, result } from './result';
import { measureRotations } from './rotations';
import { measureSynthesis } from './synthesis';

/** A checkout of AWS's rotation functions (aws-samples/aws-secrets-manager-rotation-lambdas), to be compared with ours. */
const REFERENCE = process.env.ROTATION_REFERENCE;

type Part = (rounds: number) => Result[] | Promise<Result[]>;

const PARTS: Readonly<Record<string, Part>> = {
  package: measurePackage,
  bundles: measureBundles,
  rotations: (rounds) => measureRotations(rounds, REFERENCE),
  memory: measureMemorySizes,
  load: measureLoad,
  client: measureClients,
  synth: measureSynthesis,
  hardcoded: measureHardcoded,
};
/** What is measured where it is asked for only. */
const ON_DEMAND = ['load', 'synth', 'client', 'hardcoded'];
/** The share of the processors that others may use before times say little. */
const QUIET = 0.1;

async function main(): Promise<void> {
  const { values: { json, rounds }, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, rounds: { type: 'string', default: '5' } },
  });
  const chosen = positionals.length > 0 ? positionals : Object.keys(PARTS).filter((part) => !ON_DEMAND.includes(part));
  const unknown = chosen.filter((part) => !(part in PARTS));
  if (unknown.length > 0) {
    throw new Error(`Unknown: ${unknown.join(', ')}. Choose from ${Object.keys(PARTS).join(', ')}.`);
  }
  const busyBefore = await busyShare();
  const results: Result[] = [];
  for (const part of chosen) {
    results.push(...await PARTS[part](Number(rounds)));
  }
  const busyAfter = await busyShare();
  results.push(
    result('machine: processors', availableParallelism()),
    result('machine: share in use by others, before', busyBefore),
    result('machine: share in use by others, after', busyAfter),
  );
  results.forEach(report);
  if (Math.max(busyBefore, busyAfter) > QUIET) {
    console.log('\nThe machine was busy: times are longer than they would be, and shares of the reference flatter us.');
  }
  if (REFERENCE === undefined && chosen.includes('rotations')) {
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
