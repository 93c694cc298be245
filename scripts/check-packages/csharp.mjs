/**
 * C# is generated and not compiled: no registry that the tests use has a .NET SDK. Every type of the assembly has to be there,
 * and what an app needs as it is in a list.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT } from '../installation.mjs';

const GOLDEN = join(ROOT, 'test/languages/csharp/declarations.txt');
const KINDS = { class: ['class'], enum: ['enum'], interface: ['interface'] };

/** What is not declared: names of types, and lines of the golden list. */
export function bindingsThatLack(folder) {
  const sources = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.cs'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const { types } = JSON.parse(gunzipSync(readFileSync(join(ROOT, '.jsii.gz'))).toString());
  const declared = new Set([...sources.matchAll(/^ *public (?:abstract )?(class|interface|enum) (\w+)/gm)]
    .map(([, kind, name]) => `${kind} ${name}`));
  const lacking = Object.values(types).flatMap(({ kind, name, datatype }) =>
    KINDS[kind].map((word) => `${word} ${datatype ? `I${name}` : name}`)).filter((type) => !declared.has(type));
  const lines = new Set(sources.split('\n').map((line) => line.trim()));
  const golden = readFileSync(GOLDEN, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('//'));
  return [...lacking, ...golden.filter((line) => !lines.has(line))];
}
