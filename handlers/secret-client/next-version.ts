import type { SecretVersion } from './secret-version';

/** Milliseconds between the first two reads, and at most between any two. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;
/** Milliseconds for which nobody waits again for the version after one that nothing came after. */
const GIVEN_UP_FOR = 60_000;
/** Milliseconds between two reads in that time. */
const GIVEN_UP_PAUSE = 1_000;

/** The version after one that a server has refused. */
export class NextVersion {
  /** The wait that is under way: it ends with the next version, or without one. */
  underWay?: Promise<SecretVersion | undefined>;
  readonly #read: () => Promise<SecretVersion>;
  readonly #onError: (error: unknown) => void;
  readonly #milliseconds: number;
  #readAt = 0;
  #givenUp?: { readonly versionId: string; readonly until: number };

  constructor(read: () => Promise<SecretVersion>, onError: (error: unknown) => void, milliseconds: number) {
    this.#read = read;
    this.#onError = onError;
    this.#milliseconds = milliseconds;
  }

  /** `undefined` where no other version has come in time. */
  async after(refused: string): Promise<SecretVersion | undefined> {
    this.underWay ??= this.#wait(refused).finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  async #wait(refused: string): Promise<SecretVersion | undefined> {
    const hasGivenUp = this.#givenUp?.versionId === refused && Date.now() < this.#givenUp.until;
    if (hasGivenUp && Date.now() - this.#readAt < GIVEN_UP_PAUSE) {
      return undefined;
    }
    const until = Date.now() + (hasGivenUp ? 0 : this.#milliseconds);
    for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
      const version = await this.#tryToRead();
      if (version !== undefined && version.versionId !== refused) {
        return version;
      }
      if (Date.now() + pause > until) {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    if (!hasGivenUp) {
      this.#givenUp = { versionId: refused, until: Date.now() + GIVEN_UP_FOR };
    }
    return undefined;
  }

  async #tryToRead(): Promise<SecretVersion | undefined> {
    this.#readAt = Date.now();
    try {
      return await this.#read();
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }
}
