import type { CachedSecretOptions } from './cached-secret-options';
import { isLoginRefused } from './login-refusal';

/** What a secret is read and kept by, with the defaults. */
export type CachedSecretSettings = Required<CachedSecretOptions>;

const MINUTE = 60_000;

/** The longest that a timer of Node.js waits. */
const LONGEST = 2 ** 31 - 1;

/** The options with their defaults. Throws for those that cannot be meant. */
export function settingsOf(options: CachedSecretOptions): CachedSecretSettings {
  const settings: CachedSecretSettings = {
    versionStage: 'AWSCURRENT',
    refreshAfterMilliseconds: 5 * MINUTE,
    staleForMilliseconds: 10 * MINUTE,
    readTimeoutMilliseconds: 10_000,
    waitForNextMilliseconds: 10_000,
    isRefused: isLoginRefused,
    onRefreshError: () => undefined,
    ...withoutUndefined(options),
  };
  if (typeof settings.secretId !== 'string' || settings.secretId === '') {
    throw new TypeError('secretId is empty: give the ARN or the name of the secret; is the environment variable set?');
  }
  if (settings.versionStage === 'AWSPENDING') {
    throw new TypeError("versionStage is 'AWSPENDING', whose value is not valid until the rotation has ended: use 'AWSCURRENT'");
  }
  requireNumber(settings, 'refreshAfterMilliseconds', 1);
  requireNumber(settings, 'staleForMilliseconds', 0);
  requireNumber(settings, 'readTimeoutMilliseconds', 1);
  requireNumber(settings, 'waitForNextMilliseconds', 0);
  return settings;
}

/** A variable that is not set is no other than an option that is not given. */
function withoutUndefined(options: CachedSecretOptions): CachedSecretOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as unknown as CachedSecretOptions;
}

function requireNumber(settings: CachedSecretSettings, name: keyof CachedSecretSettings, least: number): void {
  const value = settings[name];
  if (typeof value !== 'number' || !(value >= least && value <= LONGEST)) {
    throw new RangeError(`${name} is ${String(value)}: give milliseconds from ${least} to ${LONGEST}`);
  }
}
