/**
 * Packs the library for all its languages and tries what was packed: one app, written in each language and installed as a user
 * would, has to have the same templates and assets, and its mistakes the same errors.
 *
 * Compiles where something has changed. What is installed for it is in .servers, and in Go's own caches.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { bindingsThatLack } from './check-packages/csharp.mjs';
import { examplesIn } from './check-packages/fences.mjs';
import * as languages from './check-packages/languages.mjs';
import { requireNode, ROOT, run, SERVERS, Unmet } from './installation.mjs';
import { packAll } from './package-all.mjs';

const PACKAGES = join(SERVERS, 'packages');
const DIST = join(PACKAGES, 'dist');
const EXPECTED = join(ROOT, 'test/languages');
const SHOWN = 20;

/** Templates and assets of an app, by file: the assets are named by hash, and each has to be there. */
function synthesised({ output }) {
  const files = readdirSync(output).filter((name) => /\.(template|assets)\.json$/.test(name)).sort();
  const contents = Object.fromEntries(files.map((name) => [name, JSON.parse(readFileSync(join(output, name), 'utf8'))]));
  const missing = Object.values(contents)
    .flatMap(({ files: assets = {} }) => Object.values(assets))
    .filter(({ source }) => !existsSync(join(output, source.path)));
  if (missing.length > 0) {
    throw new Unmet(`${output} lacks ${missing.length} assets: ${missing.map(({ source }) => source.path).join(', ')}`);
  }
  // The manifest's own format is the AWS CDK's matter.
  Object.entries(contents).filter(([name]) => name.endsWith('.assets.json')).forEach(([, manifest]) => delete manifest.version);
  return contents;
}

/** Where two values differ, one line for each place. The order of properties does not count, that of lists does. */
function differences(path, first, second) {
  if ([first, second].every((value) => value !== null && typeof value === 'object')) {
    const keys = [...new Set([first, second].flatMap(Object.keys))];
    return keys.flatMap((key) => differences([...path, key], first[key], second[key]));
  }
  return first === second ? [] : [`${path.join(' > ')}\n  ${shown(first)}\n  ${shown(second)}`];
}

const shown = (value) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200));

function list(found) {
  return `${found.slice(0, SHOWN).join('\n')}${found.length > SHOWN ? `\n… and ${found.length - SHOWN} more` : ''}`;
}

/** What the app wrote of each mistake has the path, the value and what to do. */
function checkMessages(language, written) {
  const expected = JSON.parse(readFileSync(join(EXPECTED, 'mistakes.json'), 'utf8'));
  // Maven colours even what it is told not to.
  const lines = stripVTControlCharacters(written).split('\n').filter((line) => line.includes('\t'));
  const messages = Object.fromEntries(lines.map((line) => line.split('\t')));
  const lacking = Object.entries(expected).flatMap(([mistake, parts]) =>
    parts.filter((part) => !messages[mistake]?.includes(part)).map((part) => `${mistake}: no «${part}» in: ${messages[mistake]}`));
  if (lacking.length > 0) {
    throw new Unmet(`Errors in ${language} do not say what they have to:\n${list(lacking)}`);
  }
  return Object.keys(expected).length;
}

function checkExamples() {
  const unpacked = join(PACKAGES, 'unpacked');
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const archives = readdirSync(DIST, { recursive: true }).filter((name) => /(\.whl|-sources\.jar)$/.test(name));
  archives.forEach((name, index) => {
    run(join(PACKAGES, 'venv/bin/python'), ['-m', 'zipfile', '-e', join(DIST, name), join(unpacked, String(index))]);
  });
  const found = [unpacked, join(DIST, 'go'), join(DIST, 'dotnet')].map(examplesIn);
  const foreign = found.flatMap((folder) => folder.foreign);
  const labels = new Set(found.flatMap((folder) => folder.labels));
  if (foreign.length > 0 || !['python', 'go'].every((label) => labels.has(label))) {
    throw new Unmet(`Examples of packages are in TypeScript under another name, or not there:\n${list(foreign)}`);
  }
  console.log(`${found.flatMap((folder) => folder.labels).length} examples are in the language that they are labelled with`);
}

function checkFloors() {
  const pom = readdirSync(join(DIST, 'java'), { recursive: true }).find((name) => name.endsWith('.pom'));
  const wheel = readdirSync(join(PACKAGES, 'unpacked'), { recursive: true })
    .find((name) => name.endsWith('.dist-info/METADATA'));
  const floors = {
    [join(DIST, 'java', pom)]: ['<version>2.220.0</version>', '<version>10.4.2</version>'],
    [join(PACKAGES, 'unpacked', wheel)]: ['aws-cdk-lib <3.0.0,>=2.220.0', 'constructs <11.0.0,>=10.4.2'],
    [join(DIST, 'go/secretsmanagerpatterns/go.mod')]: ['awscdk/v2 v2.220.0\n', 'constructs/v10 v10.4.2\n', '/v48 v48.6.0 '],
  };
  for (const [file, texts] of Object.entries(floors)) {
    const lacking = texts.filter((text) => !readFileSync(file, 'utf8').includes(text));
    if (lacking.length > 0) throw new Unmet(`${file} does not ask for the oldest supported versions: ${lacking.join(', ')}`);
  }
  console.log('wheel, POM and Go module ask for the oldest supported AWS CDK');
}

/** Installs and runs in each of some languages, one after the other. */
async function tryIn(names) {
  const results = [];
  for (const name of names) {
    const started = Date.now();
    results.push(await languages[name](DIST));
    console.log(`installed and synthesised in ${name} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  }
  return results;
}

/** All apps have what the first one has. */
function checkEqual([first, ...others]) {
  const expected = synthesised(first);
  const resources = Object.values(expected).reduce((sum, { Resources = {} }) => sum + Object.keys(Resources).length, 0);
  if (resources === 0 || others.length === 0) throw new Unmet('Nothing was compared');
  for (const other of others) {
    const found = differences([], expected, synthesised(other));
    if (found.length > 0) throw new Unmet(`${first.name} and ${other.name} differ in ${found.length} places:\n${list(found)}`);
  }
  console.log(`${[first, ...others].map(({ name }) => name).join(', ')} agree: ${resources} resources, the same assets`);
}

try {
  requireNode();
  mkdirSync(PACKAGES, { recursive: true });
  packAll(DIST);
  const lacking = bindingsThatLack(join(DIST, 'dotnet'));
  if (lacking.length > 0) throw new Unmet(`C# lacks:\n${list(lacking)}`);
  // Two at a time: the compiler of Go takes a processor for itself.
  const results = (await Promise.all([tryIn(['typescript', 'python', 'java']), tryIn(['go'])])).flat();
  const runs = results.flatMap((result) => result.runs);
  checkEqual(runs);
  checkEqual(results.flatMap(({ example }) => example ?? []));
  const mistakes = runs.map(({ name, written }) => checkMessages(name, written));
  console.log(`each says the same of ${mistakes[0]} mistakes`);
  checkExamples();
  checkFloors();
} catch (error) {
  if (!(error instanceof Unmet)) throw error;
  console.error(`The packages are not in order. ${error.message}`);
  process.exitCode = 1;
}
