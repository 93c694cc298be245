import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENTS } from '../../../scripts/drill-packages';

const ROOT = join(__dirname, '../../..');

/** A folder in which servers and clients are where the drill's own installer puts them. */
export function installedIn(folder: string): string {
  mkdirSync(folder);
  const modules = join(folder, 'node/node_modules');
  mkdirSync(join(modules, '@aws-sdk'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'test/servers/node_modules')).filter((entry) => !entry.startsWith('.'))) {
    symlinkSync(join(ROOT, 'test/servers/node_modules', name), join(modules, name));
  }
  CLIENTS.forEach((name) => symlinkSync(join(ROOT, 'node_modules', name), join(modules, name)));
  for (const name of ['venv', 'aws-lambda-rie', 'mariadb', 'redis']) {
    symlinkSync(join(ROOT, '.servers', name), join(folder, name));
  }
  return folder;
}
