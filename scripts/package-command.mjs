/** The commands of installed packages, without a shell: Windows starts what npm puts into `.bin` by one only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `node` has to be given to run a command of a package that is installed in a folder: the file that npm links to. */
export function packageCommand(root, name, command = name) {
  const folder = join(root, 'node_modules', ...name.split('/'));
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' && command === name.split('/').at(-1) ? bin : bin?.[command];
  if (file === undefined) {
    throw new Error(`the package ${name} has no command '${command}'`);
  }
  return join(folder, file);
}
