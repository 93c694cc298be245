import { Moment } from './moment';
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
  readonly #ask: () => Promise<SecretVersion>;
  readonly #onError: (error: unknown) => void;
  readonly #milliseconds: number;
  #read = new Moment();
  #givenUp?: { readonly versionId: string; readonly at: Moment };

  constructor(read: () => Promise<SecretVersion>, onError: (error: unknown) => void, milliseconds: number) {
    this.#ask = read;
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
    const hasGivenUp = this.#givenUp?.versionId === refused && this.#givenUp.at.age < GIVEN_UP_FOR;
    if (hasGivenUp && this.#read.age < GIVEN_UP_PAUSE) {
      return undefined;
    }
    const began = new Moment();
    const milliseconds = hasGivenUp ? 0 : this.#milliseconds;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
      const version = await this.#tryToRead();
      if (version !== undefined && version.versionId !== refused) {
        return version;
      }
      if (began.age + pause > milliseconds) {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    if (!hasGivenUp) {
      this.#givenUp = { versionId: refused, at: new Moment() };
    }
    return undefined;
  }

  async #tryToRead(): Promise<SecretVersion | undefined> {
    this.#read = new Moment();
    try {
      return await this.#ask();
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }
}
