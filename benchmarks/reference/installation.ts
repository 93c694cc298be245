import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import * as path from 'node:path';

const DIRECTORY = path.resolve(__dirname, '../../.servers/reference');

export const Reference = { python: path.join(DIRECTORY, 'bin', 'python') } as const;

/**
 * The drivers and the SDK of the reference, once. PyGreSQL is compiled where it has no build for the machine, with libpq's
 * headers.
 */
export function installReference(): void {
  if (existsSync(Reference.python)) {
    return;
  }
  try {
    execFileSync(process.env.PYTHON ?? 'python3', ['-m', 'venv', DIRECTORY]);
    const requirements = path.join(__dirname, 'requirements.txt');
    execFileSync(
      Reference.python,
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements],
      { stdio: 'inherit' },
    );
  } catch (error) {
    rmSync(DIRECTORY, { recursive: true, force: true });
    throw error;
  }
}
