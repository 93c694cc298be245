import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs as `nobody` where the tests run as root, because PostgreSQL refuses root; as the same user otherwise. */
export const unprivileged: Account = findAccount();

function findAccount(): Account {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith('nobody:'));
  const [uid, gid] = line?.split(':').slice(2, 4).map(Number) ?? [65534, 65534];
  return { uid, gid };
}

/** Gives a file or directory to the account. */
export function handOver(file: string): void {
  if (unprivileged.uid !== undefined && unprivileged.gid !== undefined) {
    chownSync(file, unprivileged.uid, unprivileged.gid);
  }
}

const reachable = new Map<string, string>();

/** The directory itself where the account can execute the program in it, a copy in the temporary directory otherwise. */
export function reachableDirectory(directory: string, program: string): string {
  let found = reachable.get(directory);
  if (found === undefined) {
    found = directory;
    if (spawnSync(path.join(directory, program), ['--version'], { cwd: '/', ...unprivileged }).error) {
      found = mkdtempSync(path.join(tmpdir(), 'test-server-programs-'));
      cpSync(realpathSync(directory), found, { recursive: true, verbatimSymlinks: true });
      handOver(found);
      const copy = found;
      process.once('exit', () => spawnSync('rm', ['-rf', copy]));
    }
    reachable.set(directory, found);
  }
  return found;
}
