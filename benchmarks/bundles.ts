import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { median, type Result, result } from './result';
import { Installation } from '../test/servers/installation';

const ASSETS = resolve(__dirname, '../assets');
const RUNS = 9;
/** Milliseconds to load, for the handlers that were promised to be quick. */
const LOAD_BARS: Record<string, number> = {
  'rotate-postgresql': 100,
  'rotate-mysql': 100,
  'rotate-documentdb': 100,
  'rotate-sqlserver': 130,
};

interface Load {
  readonly milliseconds: number;
  readonly mebibytes: number;
}

/** The size of each bundle, how long Node.js 24 takes to load it and how much memory the process has then. */
export function measureBundles(): Result[] {
  return readdirSync(ASSETS).sort().flatMap((name) => {
    const file = join(ASSETS, name, 'index.js');
    const loads = Array.from({ length: RUNS }, () => load(file));
    return [
      result(`${name}: minified size, KiB`, statSync(file).size / 1024),
      result(`${name}: load, ms`, median(loads.map(({ milliseconds }) => milliseconds)), LOAD_BARS[name]),
      result(`${name}: resident memory after load, MiB`, median(loads.map(({ mebibytes }) => mebibytes))),
    ];
  });
}

function load(file: string): Load {
  const script = `
    const before = performance.now();
    require(${JSON.stringify(file)});
    const milliseconds = performance.now() - before;
    console.log(JSON.stringify({ milliseconds, mebibytes: process.memoryUsage.rss() / 1048576 }));`;
  const { status, stdout, stderr } = spawnSync(Installation.node24, ['-e', script], { encoding: 'utf8', cwd: tmpdir(), env: {} });
  if (status !== 0) {
    throw new Error(`${file} does not load: ${stderr}`);
  }
  return JSON.parse(stdout) as Load;
}
