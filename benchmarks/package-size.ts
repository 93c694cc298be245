import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { type Result, result } from './result';

/** MiB. */
const BAR = 2;

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
}

/** What users download, with the bundles of all engines. */
export function measurePackage(): Result[] {
  const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: resolve(__dirname, '..'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ size, unpackedSize }] = JSON.parse(json) as [Packed];
  return [
    result('npm package: packed, MiB', size / 1024 / 1024, BAR),
    result('npm package: unpacked, MiB', unpackedSize / 1024 / 1024),
  ];
}
