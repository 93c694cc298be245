/**
 * A stranger's first hour, in TypeScript and in Python: installs what was packed into an empty folder, does what its README says,
 * rotates with a real database, makes the mistakes that beginners make, and corrects each by what its message says.
 *
 * Takes the packages of `npm run check:packages`, and packs only what is older than the sources.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guideApps } from './guide.mjs';
import { MISTAKES } from './mistakes.mjs';
import { requireAllRight, Stranger } from './strangers.mjs';
import { requireNode, ROOT, run, SERVERS, Unmet } from '../../scripts/installation.mjs';
import { compileOnce, packAll } from '../../scripts/package-all.mjs';

const DIST = join(SERVERS, 'packages/dist');
const PACKED = { js: '.tgz', python: '.whl' };
const LANGUAGES = ['typescript', 'python'];

/** Packs what is older than what it is made of. */
function packOnce() {
  compileOnce();
  const compiled = Math.max(...['.jsii.gz', 'lib/index.js', 'drill/index.js'].map((file) => statSync(join(ROOT, file)).mtimeMs));
  const old = Object.keys(PACKED).filter((language) => {
    const folder = join(DIST, language);
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(PACKED[language])) : [];
    return files.length !== 1 || statSync(join(folder, files[0])).mtimeMs < compiled;
  });
  if (old.length > 0) packAll(DIST, old);
}

/** What the drill installs, once for both strangers: what is the same in the checkout is taken from there. */
function serversFor(folder) {
  run(process.execPath, [join(ROOT, 'scripts/install-test-servers.mjs'), '--for-example']);
  mkdirSync(folder, { recursive: true });
  ['venv', 'aws-lambda-rie'].filter((name) => !existsSync(join(folder, name)))
    .forEach((name) => symlinkSync(join(SERVERS, name), join(folder, name)));
  ['secrets-manager', 'runtime-emulator'].map((name) => `${name}.stamp`)
    .forEach((name) => copyFileSync(join(SERVERS, name), join(folder, name)));
  const environment = { ...process.env, TEST_SERVERS_FOLDER: folder };
  run(process.execPath, [join(ROOT, 'drill/scripts/install-test-servers.mjs'), 'postgresql-18'], { env: environment });
  return folder;
}

/** What the message names, for each mistake; where it names nothing, that is a defect of the message. */
function remediesIn(language, messages) {
  return MISTAKES.map(({ title, says, right }, nth) => {
    const found = says.exec(messages[nth] ?? '');
    if (found === null) {
      throw new Unmet(`In ${language}, ${title} is met with: ${messages[nth] ?? 'no error'}\nA remedy should be there: ${says}`);
    }
    return right(found.slice(1).filter((part) => part !== undefined))[language];
  });
}

/** The steps of a stranger: what each is called, and what is done. */
function stepsOf(stranger, { drill, servers }) {
  const { language } = stranger;
  let remedies;
  return [
    ['install the package', () => stranger.install(DIST)],
    ["write the README's app", () => stranger.writeApp()],
    ['synthesise it, without an account', () => stranger.synthesise()],
    ['rotate with a real database: the drill', async () => stranger.drill(await drill, servers)],
    [`make ${MISTAKES.length} mistakes`, async () => {
      const { messages } = await stranger.runEdited('wrong', MISTAKES.map(({ wrong }) => wrong[language]));
      remedies = remediesIn(language, messages);
    }],
    ['correct each by what its message says', async () => {
      const what = `In ${language}, what the message names is no remedy`;
      requireAllRight(what, MISTAKES.map(({ title }) => title), await stranger.runEdited('right', remedies));
    }],
    ['synthesise the examples of Getting started', async () => {
      // Those of other languages are not written down: the page is not in the packages.
      if (language !== 'typescript') return;
      const apps = guideApps();
      const titles = apps.map((_, nth) => `example ${nth + 1} of Getting started`);
      requireAllRight('As it stands', titles, await stranger.run('guide', apps));
    }],
  ];
}

/** One step after the other; gives the title and the seconds of each. */
async function inTurn(steps) {
  const times = [];
  for (const [title, action] of steps) {
    const started = Date.now();
    await action();
    times.push([title, (Date.now() - started) / 1000]);
  }
  return times;
}

function table(times) {
  const sum = (column) => times[column].reduce((all, [, seconds]) => all + seconds, 0);
  const rows = times[0].map(([title], step) => [title, ...times.map((column) => column[step][1])]);
  const lines = [...rows, ['together', ...LANGUAGES.map((_, column) => sum(column))]]
    .map(([title, ...seconds]) => `${title.padEnd(42)}${seconds.map((each) => `${each.toFixed(1)} s`.padStart(12)).join('')}`);
  return [`${'step'.padEnd(42)}${LANGUAGES.map((name) => name.padStart(12)).join('')}`, ...lines].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'first-hour-'));
try {
  requireNode();
  packOnce();
  const servers = serversFor(join(SERVERS, 'first-hour'));
  const [typescript, python] = LANGUAGES.map((language) => new Stranger(language, join(folder, language)));
  // The drill is a command of the npm package, for apps in any language.
  let installed;
  const drill = new Promise((resolve) => { installed = resolve; });
  const steps = stepsOf(typescript, { drill, servers });
  const [[, install]] = steps;
  steps[0][1] = async () => {
    await install();
    installed(join(typescript.folder, 'node_modules/.bin/cdk-secretsmanager-patterns'));
  };
  const times = await Promise.all([inTurn(steps), inTurn(stepsOf(python, { drill, servers }))]);
  console.log(table(times));
  console.log(`${MISTAKES.length} mistakes were met with their remedy in each language: ${MISTAKES.map(({ title }) => title).join('; ')}`);
} catch (error) {
  if (!(error instanceof Unmet)) throw error;
  console.error(`A stranger would be stuck. ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
