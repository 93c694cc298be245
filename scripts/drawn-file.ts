import { readFileSync, writeFileSync } from 'node:fs';

/** Writes what was drawn; with `--check` among the arguments, throws instead where the file that is there is another. */
export function keepDrawn(file: string, drawn: string, command: string): void {
  if (!process.argv.includes('--check')) {
    writeFileSync(file, drawn);
  } else if (readFileSync(file, 'utf8') !== drawn) {
    throw new Error(`${file} is not what the sources say: run ${command}`);
  }
}
