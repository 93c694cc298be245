// The public API of the client, packed as a declaration: it imports only what is packed beside it.
import type { CachedSecretOptions } from './cached-secret-options';
import { Moment } from './moment';
import { NextVersion } from './next-version';
import { SecretVersion } from './secret-version';
import { type CachedSecretSettings, settingsOf } from './settings';
import { SharedRead } from './shared-read';

/** The share of its time after which a value may be read again at the earliest. */
const EARLIEST = 0.8;
/** Milliseconds until the first read after one that failed, and at most between two. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;

/** A version in hand. */
interface Held {
  readonly version: SecretVersion;
  readonly read: Moment;
  /** Milliseconds until it is read again. */
  readonly freshFor: number;
}

/**
 * A secret as an application uses it: read once for all who ask, kept for a while, read again in the background, and followed
 * through rotations.
 *
 * Make one for each secret, when the process begins. Nothing of a value shows in `console.log()`, `util.inspect()` and
 * `JSON.stringify()`.
 */
export class CachedSecret {
  readonly #settings: CachedSecretSettings;
  readonly #shared: SharedRead<SecretVersion>;
  readonly #next: NextVersion;
  #held?: Held;
  #isRefreshing = false;
  #failures = 0;
  #failed?: { readonly at: Moment; readonly pause: number };

  /** @throws for options that cannot be meant, such as an empty `secretId` */
  constructor(options: CachedSecretOptions) {
    const settings = settingsOf(options);
    const { secretId, versionStage, source, readTimeoutMilliseconds, waitForNextMilliseconds } = settings;
    this.#settings = settings;
    this.#shared = new SharedRead(
      async (abortSignal) => {
        const answer = await source.getSecretValue({ SecretId: secretId, VersionStage: versionStage }, { abortSignal });
        return SecretVersion.of(secretId, answer);
      },
      (version) => this.#hold(version),
      readTimeoutMilliseconds,
    );
    this.#next = new NextVersion(async () => this.#shared.run(), settings.onRefreshError, waitForNextMilliseconds);
  }

  /**
   * The current version: the one in hand, or a new one where that is too old.
   *
   * @throws what the source throws, where there is no version in hand that may still be used
   */
  async current(): Promise<SecretVersion> {
    if (this.#held === undefined) {
      return this.#shared.run();
    }
    const { version, read, freshFor } = this.#held;
    const { age, isAhead } = read;
    if (age < freshFor && !isAhead) {
      return version;
    }
    if (age < this.#settings.refreshAfterMilliseconds + this.#settings.staleForMilliseconds) {
      void this.#refresh();
      return version;
    }
    return this.#shared.run();
  }

  /**
   * Signs in, or does something else with the value that a server can refuse.
   *
   * Where the server refuses the value, the secret is read until it has another version, at most for `waitForNextMilliseconds`,
   * and what is to be done is done once more. Until then nobody else tries the value that was refused.
   *
   * @param use what is to be done; it returns what `withValue()` returns, such as a connection
   * @throws what `use` throws, where it is no refusal, where there is no other version and where that is refused as well; what
   * `current()` throws
   */
  async withValue<T>(use: (version: SecretVersion) => T | Promise<T>): Promise<T> {
    const tried = await this.#next.underWay ?? await this.current();
    try {
      return await use(tried);
    } catch (error) {
      if (!this.#settings.isRefused(error)) {
        throw error;
      }
      const next = await this.#after(tried);
      if (next === undefined) {
        throw error;
      }
      return use(next);
    }
  }

  /** Another version than the one that was refused, which another caller may have found. */
  async #after({ versionId }: SecretVersion): Promise<SecretVersion | undefined> {
    const held = this.#held?.version;
    return held !== undefined && held.versionId !== versionId ? held : this.#next.after(versionId);
  }

  #hold(version: SecretVersion): void {
    const freshFor = this.#settings.refreshAfterMilliseconds * (EARLIEST + (1 - EARLIEST) * Math.random());
    this.#held = { version, read: new Moment(), freshFor };
    this.#failures = 0;
    this.#failed = undefined;
  }

  /** Reads while the version in hand is used: once at a time, and less often the more often it has failed. */
  async #refresh(): Promise<void> {
    if (this.#isRefreshing || (this.#failed !== undefined && this.#failed.at.age < this.#failed.pause)) {
      return;
    }
    this.#isRefreshing = true;
    try {
      await this.#shared.run();
    } catch (error) {
      const pause = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** this.#failures) * (1 - Math.random() / 2);
      this.#failed = { at: new Moment(), pause };
      this.#failures += 1;
      this.#settings.onRefreshError(error);
    } finally {
      this.#isRefreshing = false;
    }
  }
}
