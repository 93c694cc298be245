import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that goes with the process at the latest, unless that is killed. */
export class TemporaryFolder {
  readonly path: string;

  constructor(prefix: string) {
    this.path = mkdtempSync(join(tmpdir(), prefix));
    process.once('exit', this.clear);
  }

  remove(): void {
    process.off('exit', this.clear);
    this.clear();
  }

  private readonly clear = (): void => rmSync(this.path, { recursive: true, force: true });
}
