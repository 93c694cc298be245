import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { type ServerKind, SERVERS } from './engine';

/** What every drill needs, by where it comes from. */
const ALWAYS = [
  'moto, in place of AWS Secrets Manager (PyPI)',
  "AWS's Lambda runtime interface emulator (PyPI, a part of aws-sam-cli)",
  'Node.js 24, PostgreSQL 18, clients of databases and of AWS (npm)',
];

/** What is downloaded into the folder, unless it is there. */
export function downloads(kinds: readonly ServerKind[]): string[] {
  return [
    ...ALWAYS,
    ...kinds.filter((kind) => kind !== 'postgresql').map((kind) => `${SERVERS[kind].title} (packages of Debian or Ubuntu)`),
  ];
}

/** Runs the installer, which says what it has installed. Throws where something that is always needed cannot be had. */
export function install(installer: string, folder: string, kinds: readonly ServerKind[]): void {
  mkdirSync(folder, { recursive: true });
  // At least one name: with none, the installer takes all servers.
  const { status } = spawnSync(process.execPath, [installer, ...kinds.map((kind) => SERVERS[kind].installed)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, TEST_SERVERS_FOLDER: folder },
  });
  if (status !== 0) {
    throw new Error('what the drill needs was not installed');
  }
}
