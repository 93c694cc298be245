/** A stranger in each language: an empty folder, and the README of the package that was installed. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, packed, pythonWithTheCdk } from '../../scripts/check-packages/languages.mjs';
import { ROOT, Unmet } from '../../scripts/installation.mjs';

const HERE = join(ROOT, 'test/first-hour');
const LIBRARY = 'cdk-secretsmanager-patterns';
/** What an app has before it has the library, the oldest AWS CDK that is supported among it. */
const THERE = ['aws-cdk-lib', 'constructs', 'tsx'];
const CLI = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
/** Nobody's settings, and no account. */
const NO_ACCOUNT = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_SESSION_TOKEN: '',
  AWS_PROFILE: '',
  AWS_EC2_METADATA_DISABLED: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_DEFAULT_ACCOUNT: '',
  CDK_DEFAULT_REGION: '',
};

/** Runs a command as somebody without an account; `home` is a folder without settings. */
const withoutAccount = (home, command, args, cwd, variables = {}) => execute(command, args, cwd, {
  ...NO_ACCOUNT,
  AWS_CONFIG_FILE: join(home, 'config'),
  AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
  CDK_HOME: home,
  ...variables,
});

/** The first example of a README that is in this language. */
function firstExample(readme, language) {
  const [, code] = new RegExp(`^\`\`\`${language}\\b.*\\n([^]*?)^\`\`\``, 'm').exec(readme) ?? [];
  if (code === undefined) throw new Unmet(`The README of the package has no example in ${language}`);
  return code;
}

/** What differs from one language to the other. */
const LANGUAGES = {
  typescript: {
    extension: 'ts',
    // Of the app that `cdk init` makes, what the README takes for granted.
    imports: "import * as cdk from 'aws-cdk-lib';\nimport * as iam from 'aws-cdk-lib/aws-iam';\n"
      + "import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';\n"
      + `import { DatabaseEngine, RotationNetwork, RotationTiming } from '${LIBRARY}';\n`,
    async install(folder, dist) {
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
      const options = ['--omit=peer', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
      await execute('npm', ['install', packed(dist, 'js', '.tgz'), ...options], folder);
      THERE.forEach((name) => symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name)));
      return {
        readme: readFileSync(join(folder, 'node_modules', LIBRARY, 'README.md'), 'utf8'),
        command: `${process.execPath} --import tsx`,
        run: ['--import', 'tsx', join(folder, 'run-apps.mjs')],
        program: process.execPath,
      };
    },
  },
  python: {
    extension: 'py',
    imports: 'import aws_cdk as cdk\nfrom aws_cdk import aws_iam as iam, aws_secretsmanager as secretsmanager\n'
      + 'from cdk_secretsmanager_patterns import DatabaseEngine, RotationNetwork, RotationTiming\n',
    async install(folder, dist) {
      const python = pythonWithTheCdk();
      const pip = (...args) => execute(python, ['-m', 'pip', ...args], folder);
      await pip('uninstall', '--quiet', '--yes', LIBRARY);
      await pip('install', '--quiet', packed(dist, 'python', '.whl'));
      const readme = await execute(python, ['-c', `import importlib.metadata as m; print(m.metadata("${LIBRARY}").get_payload())`], folder);
      return { readme, command: python, run: [join(folder, 'run_apps.py')], program: python };
    },
  },
};

/** Somebody who has an app in that language, and nothing of ours. */
export class Stranger {
  #installed;

  constructor(language, folder) {
    this.language = language;
    this.folder = folder;
    this.home = join(folder, '.home');
    mkdirSync(this.home, { recursive: true });
  }

  async install(dist) {
    this.#installed = await LANGUAGES[this.language].install(this.folder, dist);
  }

  /** Writes what the README shows, as it stands. */
  writeApp() {
    const { readme, command } = this.#installed;
    this.app = firstExample(readme, this.language === 'typescript' ? 'ts' : this.language);
    const file = `app.${LANGUAGES[this.language].extension}`;
    writeFileSync(join(this.folder, file), this.app);
    writeFileSync(join(this.folder, 'cdk.json'), JSON.stringify({ app: `${command} ${file}` }));
  }

  async synthesise() {
    await withoutAccount(this.home, process.execPath, [CLI, 'synth', '--quiet', '--no-notices'], this.folder);
    const schedules = schedulesIn(join(this.folder, 'cdk.out'));
    if (schedules !== 1) throw new Unmet(`The README's app in ${this.language} has ${schedules} schedules of rotations, and should one`);
  }

  /** Rotates with a real database: the package's command, in the folder with the app. `servers` are installed. */
  async drill(command, servers) {
    const args = ['drill', '--rotations', '2', '--seed', '1', '--cache', servers];
    const said = await withoutAccount(this.home, command, args, this.folder);
    if (!said.includes('Nothing locked out: 1 secrets were drilled.')) throw new Unmet(`The drill in ${this.language} says:\n${said}`);
  }

  /** Runs the README's app with each list of edits. */
  async runEdited(name, edits) {
    const { imports } = LANGUAGES[this.language];
    return this.run(name, edits.map((list) => imports + edited(this.app, list)));
  }

  /** Runs apps, and gives what each was refused with, or nothing. */
  async run(name, apps) {
    const { extension } = LANGUAGES[this.language];
    const { program, run } = this.#installed;
    const folder = join(this.folder, name);
    const assemblies = join(folder, 'assemblies');
    mkdirSync(assemblies, { recursive: true });
    ['run-apps.mjs', 'run_apps.py'].forEach((file) => cpSync(join(HERE, file), join(this.folder, file)));
    const files = apps.map((app, nth) => {
      const file = join(folder, `app_${nth}.${extension}`);
      writeFileSync(file, app);
      return file;
    });
    const written = await withoutAccount(this.home, program, [...run, ...files], this.folder, { TMPDIR: assemblies });
    const messages = written.split('\n').filter((line) => line.startsWith('{"file')).map((line) => JSON.parse(line).message);
    if (messages.length !== files.length) throw new Unmet(`${files.length} apps in ${this.language} said ${messages.length} things`);
    return { messages, assemblies };
  }
}

/** Each app has come to templates, with a rotation and without an error. */
export function requireAllRight(what, titles, { messages, assemblies }) {
  const refused = titles.flatMap((title, nth) => messages[nth] === null ? [] : [`${title}: ${messages[nth]}`]);
  if (refused.length > 0) throw new Unmet(`${what}:\n${refused.join('\n')}`);
  const made = readdirSync(assemblies).filter((name) => name.startsWith('cdk.out')).map((name) => join(assemblies, name));
  const bad = made.flatMap((one) => [...errorsIn(one), ...schedulesIn(one) > 0 ? [] : [`${one} has no rotation`]]);
  if (made.length !== titles.length || bad.length > 0) {
    throw new Unmet(`${what}, ${made.length} of ${titles.length} apps were synthesised:\n${bad.join('\n')}`);
  }
}

/** The app with its edits: each has one place. */
function edited(app, edits) {
  return edits.reduce((text, [at, to]) => {
    if (text.split(at).length !== 2) throw new Unmet(`The README's app should have this once: ${at}`);
    return text.replace(at, () => to);
  }, app);
}

/** How many schedules of rotations the templates of a cloud assembly have. */
function schedulesIn(assembly) {
  const templates = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));
  const resources = templates.flatMap((name) => Object.values(readJson(join(assembly, name)).Resources ?? {}));
  return resources.filter(({ Type }) => Type === 'AWS::SecretsManager::RotationSchedule').length;
}

/** What the command line would refuse of a cloud assembly, besides what the app itself throws. */
function errorsIn(assembly) {
  const { artifacts } = readJson(join(assembly, 'manifest.json'));
  const entries = Object.values(artifacts).flatMap(({ metadata = {}, additionalMetadataFile: file }) =>
    Object.values(file === undefined ? metadata : readJson(join(assembly, file))).flat());
  return entries.filter(({ type }) => type === 'aws:cdk:error').map(({ data }) => data);
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
