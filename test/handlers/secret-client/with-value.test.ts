import { ScriptedSource } from './scripted-source';
import { CachedSecret, type CachedSecretOptions, type SecretAnswer, type SecretVersion } from '../../../handlers/secret-client';

const MINUTE = 60_000;
const FIRST: SecretAnswer = { VersionId: 'first', SecretString: 'one' };
const SECOND: SecretAnswer = { VersionId: 'second', SecretString: 'two' };
const THIRD: SecretAnswer = { VersionId: 'third', SecretString: 'three' };
const REFUSED = Object.assign(new Error('password authentication failed'), { code: '28P01' });

let source: ScriptedSource;
/** The text that the server lets in. */
let valid: string;
/** What was tried at the server. */
let tried: string[];

beforeEach(() => {
  jest.useFakeTimers();
  source = new ScriptedSource(FIRST);
  valid = 'one';
  tried = [];
});

afterEach(() => {
  jest.useRealTimers();
});

const cached = (options: Partial<CachedSecretOptions> = {}): CachedSecret =>
  new CachedSecret({ secretId: 'database', source, ...options });
const logIn = async (version: SecretVersion): Promise<string> => {
  const text = version.text();
  tried.push(text);
  // A server needs a moment.
  await new Promise((resolve) => setTimeout(resolve, 10));
  if (text !== valid) {
    throw REFUSED;
  }
  return `signed in with ${text}`;
};
const idle = async (milliseconds: number): Promise<void> => jest.advanceTimersByTimeAsync(milliseconds);
/** What becomes of it, as time goes by. */
const outcomeOf = async <T>(promise: Promise<T>): Promise<{ value?: T; error?: unknown; milliseconds: number }> => {
  const begin = Date.now();
  let ended: { value?: T; error?: unknown; milliseconds: number } | undefined;
  promise.then(
    (value) => ended = { value, milliseconds: Date.now() - begin },
    (error: unknown) => ended = { error, milliseconds: Date.now() - begin },
  );
  while (ended === undefined) {
    await idle(10);
  }
  return ended;
};

test('a value that works is used once', async () => {
  expect(await outcomeOf(cached().withValue(logIn))).toMatchObject({ value: 'signed in with one' });
  expect([tried, source.reads]).toEqual([['one'], 1]);
});

test('a use may return what is no promise', async () => {
  expect(await cached().withValue(({ versionId }) => versionId)).toBe('first');
});

test('a value that was rotated is read again, and used', async () => {
  const secret = cached();
  await secret.current();
  [source.holds, valid] = [SECOND, 'two'];
  expect(await outcomeOf(secret.withValue(logIn))).toMatchObject({ value: 'signed in with two' });
  expect([tried, source.reads]).toEqual([['one', 'two'], 2]);
});

test('100 who are refused at once read once and try once more', async () => {
  const secret = cached();
  await secret.current();
  [source.holds, valid] = [SECOND, 'two'];
  const all = Promise.all(Array.from({ length: 100 }, async () => secret.withValue(logIn)));
  expect((await outcomeOf(all)).value).toEqual(Array(100).fill('signed in with two'));
  expect([tried.length, source.reads]).toEqual([200, 2]);
});

test('who was refused after another has found the next version uses that', async () => {
  const secret = cached();
  await secret.current();
  [source.holds, valid] = [SECOND, 'two'];
  const slow = secret.withValue(async (version) => {
    if (version.versionId === 'first') {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return logIn(version);
  });
  await outcomeOf(secret.withValue(logIn));
  expect(await outcomeOf(slow)).toMatchObject({ value: 'signed in with two' });
  expect(source.reads).toBe(2);
});

test('between the change of the password and that of the label everybody waits, and nobody tries what was refused', async () => {
  const secret = cached();
  await secret.current();
  valid = 'two';
  const first = outcomeOf(secret.withValue(logIn));
  await idle(50);
  const later = Promise.all(Array.from({ length: 10 }, async () => secret.withValue(logIn)));
  await idle(1_000);
  expect(tried).toEqual(['one']);
  source.holds = SECOND;
  expect(await first).toMatchObject({ value: 'signed in with two' });
  expect((await outcomeOf(later)).value).toEqual(Array(10).fill('signed in with two'));
  expect(tried).toEqual(['one', ...Array<string>(11).fill('two')]);
  // At once, and after 100, 300, 700 and 1500 milliseconds.
  expect(source.reads).toBe(6);
});

test('an error that is no refusal is not a reason to read or to try again', async () => {
  const secret = cached();
  const broken = new Error('connection reset');
  expect(await outcomeOf(secret.withValue(() => Promise.reject(broken)))).toMatchObject({ error: broken });
  expect(source.reads).toBe(1);
});

test('what is a refusal can be said by the application', async () => {
  const secret = cached({ isRefused: (error) => (error as { status?: number }).status === 401 });
  await secret.current();
  source.holds = SECOND;
  const call = async (version: SecretVersion): Promise<string> => {
    if (version.text() === 'one') {
      throw Object.assign(new Error('Unauthorized'), { status: 401 });
    }
    return version.text();
  };
  expect(await outcomeOf(secret.withValue(call))).toMatchObject({ value: 'two' });
});

test('the next version is tried once: where it is refused too, the driver says so', async () => {
  const secret = cached();
  await secret.current();
  [source.holds, valid] = [SECOND, 'three'];
  expect(await outcomeOf(secret.withValue(logIn))).toMatchObject({ error: REFUSED });
  expect(tried).toEqual(['one', 'two']);
});

describe('where no other version comes', () => {
  const refusedForNothing = async (options: Partial<CachedSecretOptions> = {}): Promise<CachedSecret> => {
    const secret = cached(options);
    valid = 'another';
    const { error, milliseconds } = await outcomeOf(secret.withValue(logIn));
    expect([error, tried]).toEqual([REFUSED, ['one']]);
    // The last pause that would end too late is left out.
    const patience = options.waitForNextMilliseconds ?? 10_000;
    expect(milliseconds).toBeGreaterThanOrEqual(Math.max(0, patience - 2_000));
    expect(milliseconds).toBeLessThanOrEqual(patience + 100);
    return secret;
  };

  test('the driver says so after ten seconds, in which the secret was read a few times', async () => {
    await refusedForNothing();
    expect(source.reads).toBe(10);
  });

  test('who waited for it without having tried, tries', async () => {
    const secret = cached();
    await secret.current();
    valid = 'another';
    const first = outcomeOf(secret.withValue(logIn));
    await idle(50);
    const waiting = outcomeOf(secret.withValue(logIn));
    expect([(await first).error, (await waiting).error, tried]).toEqual([REFUSED, REFUSED, ['one', 'one']]);
  });

  test('the secret is read once, where nobody is to wait', async () => {
    await refusedForNothing({ waitForNextMilliseconds: 0 });
    expect(source.reads).toBe(2);
  });

  test('nobody waits again for a minute, and the secret is read once a second at most', async () => {
    const secret = await refusedForNothing();
    const [reads, begin] = [source.reads, Date.now()];
    while (Date.now() < begin + 30_000) {
      const { error, milliseconds } = await outcomeOf(secret.withValue(logIn));
      expect([error, milliseconds]).toEqual([REFUSED, expect.any(Number)]);
      expect(milliseconds).toBeLessThan(50);
    }
    expect(source.reads - reads).toBeLessThanOrEqual(31);
    expect(source.reads - reads).toBeGreaterThan(20);
  });

  test('a version that comes within that minute is used', async () => {
    const secret = await refusedForNothing();
    await idle(5_000);
    [source.holds, valid] = [SECOND, 'two'];
    expect(await outcomeOf(secret.withValue(logIn))).toMatchObject({ value: 'signed in with two' });
  });

  test('after a minute somebody waits again', async () => {
    const secret = await refusedForNothing();
    await idle(MINUTE);
    expect((await outcomeOf(secret.withValue(logIn))).milliseconds).toBeGreaterThan(8_000);
  });

  test('the next refused version is waited for, whatever was given up before', async () => {
    const secret = await refusedForNothing();
    [source.holds, valid] = [SECOND, 'two'];
    await idle(2_000);
    await outcomeOf(secret.withValue(logIn));
    valid = 'three';
    const refused = outcomeOf(secret.withValue(logIn));
    await idle(3_000);
    source.holds = THIRD;
    expect(await refused).toMatchObject({ value: 'signed in with three' });
  });
});

test('where the secret cannot be read, it is tried again until the time is up, and the driver has the last word', async () => {
  const onRefreshError = jest.fn();
  const secret = cached({ onRefreshError });
  await secret.current();
  [source.holds, valid] = [SECOND, 'two'];
  source.fail(3);
  expect(await outcomeOf(secret.withValue(logIn))).toMatchObject({ value: 'signed in with two' });
  expect(onRefreshError.mock.calls).toEqual(Array(3).fill([new Error('out of order')]));
  valid = 'three';
  source.fail(100);
  expect(await outcomeOf(secret.withValue(logIn))).toMatchObject({ error: REFUSED });
});

test('where there is no value at all, what reading says is said', async () => {
  source.fail(1);
  expect(await outcomeOf(cached().withValue(logIn))).toMatchObject({ error: new Error('out of order') });
  expect(tried).toEqual([]);
});

test('nobody waits longer for the next version where somebody sets the clock back meanwhile', async () => {
  valid = 'nothing';
  let ended = false;
  cached().withValue(logIn).catch(() => ended = true);
  await idle(5_000);
  jest.setSystemTime(Date.now() - 60 * MINUTE);
  await idle(6_000);
  expect(ended).toBe(true);
});
