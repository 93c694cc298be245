import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { median, type Result, result } from './result';

/** Milliseconds for 1,000 resources, in a process that has checked nothing before. */
const BAR = 150;

/** What the check for hardcoded credentials adds to synthesis: reading the templates is in it. */
export function measureHardcoded(rounds: number): Result[] {
  const directory = mkdtempSync(join(tmpdir(), 'hardcoded-'));
  try {
    const program = join(directory, 'check.js');
    const entryPoints = [join(__dirname, 'hardcoded', 'check.ts')];
    buildSync({ entryPoints, outfile: program, bundle: true, format: 'cjs', platform: 'node', packages: 'external' });
    const times = Array.from({ length: rounds }, () => timeOf(program));
    return [result('check of 1000 resources for hardcoded credentials: processor time, ms', median(times), BAR)];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function timeOf(program: string): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program], {
    cwd: join(__dirname, '..'), encoding: 'utf8', env: { ...process.env, NODE_PATH: join(__dirname, '..', 'node_modules') },
  });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return Number(stdout);
}
