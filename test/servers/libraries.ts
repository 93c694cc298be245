import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

/** The folders with the libraries of unpacked packages, which are named after the machine, as a loader's search path. */
export function librariesIn(programs: string): string {
  return ['usr/lib', 'lib'].flatMap((folder) => {
    const directory = path.join(programs, folder);
    return existsSync(directory)
      ? readdirSync(directory)
        .filter((name) => name.includes('-linux-'))
        .map((name) => path.join(directory, name))
      : [];
  }).join(':');
}
