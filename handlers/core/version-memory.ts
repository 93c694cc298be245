import type { Clock } from './clock';

const LIFETIME = 5 * 60_000;
const SUFFIX = /-[^-]{6}$/;

interface Entry {
  readonly secretArn: string;
  readonly text: string;
  readonly expiresAt: number;
  tested: boolean;
}

/**
 * Values of versions between the steps of one rotation.
 *
 * A version never changes, so that only the labels have to be read again. The values are forgotten when the rotation has
 * finished or failed, and after a few minutes in any case.
 */
export class VersionMemory {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly clock: Clock) {}

  recall(secretArn: string, versionId: string): string | undefined {
    return this.entry(secretArn, versionId)?.text;
  }

  keep(secretArn: string, versionId: string, text: string): void {
    this.entries.set(key(secretArn, versionId), { secretArn, text, expiresAt: this.clock.now() + LIFETIME, tested: false });
  }

  /** Notes that the version's value has been seen to work. */
  markTested(secretArn: string, versionId: string): void {
    const entry = this.entry(secretArn, versionId);
    if (entry) {
      entry.tested = true;
    }
  }

  isTested(secretArn: string, versionId: string): boolean {
    return this.entry(secretArn, versionId)?.tested ?? false;
  }

  /** @param secretArn with or without its random suffix, as an event may have it */
  forget(secretArn: string): void {
    for (const [name, entry] of this.entries) {
      if (
        entry.secretArn === secretArn
        || entry.secretArn.replace(SUFFIX, '') === secretArn
        || entry.expiresAt <= this.clock.now()
      ) {
        this.entries.delete(name);
      }
    }
  }

  private entry(secretArn: string, versionId: string): Entry | undefined {
    const entry = this.entries.get(key(secretArn, versionId));
    return entry && entry.expiresAt > this.clock.now() ? entry : undefined;
  }
}

function key(secretArn: string, versionId: string): string {
  return `${secretArn}#${versionId}`;
}
