import { ScriptedSource } from './scripted-source';
import { CachedSecret, type CachedSecretOptions, type SecretAnswer } from '../../../handlers/secret-client';

const SECRET_ID = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:database-AbCdEf';
const MINUTE = 60_000;
const FIRST: SecretAnswer = { VersionId: 'first', SecretString: 'one' };
const SECOND: SecretAnswer = { VersionId: 'second', SecretString: 'two' };

let source: ScriptedSource;

beforeEach(() => {
  jest.useFakeTimers();
  // The latest moment that a value may be read again at.
  jest.spyOn(Math, 'random').mockReturnValue(1);
  source = new ScriptedSource(FIRST);
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const cached = (options: Partial<CachedSecretOptions> = {}): CachedSecret =>
  new CachedSecret({ secretId: SECRET_ID, source, ...options });
const versionOf = async (secret: CachedSecret): Promise<string> => (await secret.current()).versionId;
const idle = async (milliseconds: number): Promise<void> => jest.advanceTimersByTimeAsync(milliseconds);

describe('reading', () => {
  test('asks for AWSCURRENT of the secret, once for all who ask at once', async () => {
    const secret = cached();
    const versions = await Promise.all(Array.from({ length: 100 }, async () => secret.current()));
    expect(source.requests).toEqual([{ SecretId: SECRET_ID, VersionStage: 'AWSCURRENT' }]);
    expect(new Set(versions.map((version) => version.text()))).toEqual(new Set(['one']));
  });

  test('asks for another label where it is given', async () => {
    await cached({ versionStage: 'AWSPREVIOUS' }).current();
    expect(source.requests).toEqual([{ SecretId: SECRET_ID, VersionStage: 'AWSPREVIOUS' }]);
  });

  test('tells all who ask what went wrong, and asks again for the next', async () => {
    const secret = cached();
    source.fail(1);
    const outcomes = await Promise.allSettled([secret.current(), secret.current()]);
    expect(outcomes).toEqual(Array(2).fill({ status: 'rejected', reason: new Error('out of order') }));
    expect([source.reads, await versionOf(secret), source.reads]).toEqual([1, 'first', 2]);
  });

  test.each<[string, SecretAnswer, string]>([
    ['no version', { SecretString: 'one' }, `the answer for the secret '${SECRET_ID}' has no VersionId`],
    ['no value', { VersionId: 'first' }, `the answer for the secret '${SECRET_ID}' has no value`],
  ])('takes an answer with %s for none', async (_, answer, message) => {
    source.holds = answer;
    await expect(cached().current()).rejects.toThrow(message);
  });

  test('ends after its time, and the request with it', async () => {
    const aborted = jest.fn();
    source.hang(aborted);
    const outcome = expect(cached({ readTimeoutMilliseconds: 2_000 }).current())
      .rejects.toThrow('Secrets Manager has not answered within 2000 ms');
    await idle(1_999);
    expect(aborted).not.toHaveBeenCalled();
    await idle(1);
    await outcome;
    expect(aborted).toHaveBeenCalledTimes(1);
  });

  test('waits for no read of a process that was frozen', async () => {
    const secret = cached();
    source.hang();
    void secret.current().catch(() => undefined);
    jest.setSystemTime(Date.now() + MINUTE);
    expect([await versionOf(secret), source.reads]).toEqual(['first', 2]);
    await idle(MINUTE);
    expect([await versionOf(secret), source.reads]).toEqual(['first', 2]);
  });

  test('lets a read that was given up change nothing that came after it', async () => {
    const secret = cached();
    let answer: (answer: SecretAnswer) => void = () => undefined;
    source.next.push(() => new Promise((resolve) => answer = resolve));
    void secret.current().catch(() => undefined);
    jest.setSystemTime(Date.now() + MINUTE);
    source.holds = SECOND;
    expect(await versionOf(secret)).toBe('second');
    answer(FIRST);
    await idle(1);
    expect([await versionOf(secret), source.reads]).toEqual(['second', 2]);
  });
});

describe('a value in hand', () => {
  test('is used for its time', async () => {
    const secret = cached();
    await secret.current();
    await idle(5 * MINUTE - 1);
    await secret.current();
    expect(source.reads).toBe(1);
  });

  test('is used while the next is read, by one read', async () => {
    const secret = cached();
    await secret.current();
    source.holds = SECOND;
    await idle(5 * MINUTE);
    expect(await Promise.all([versionOf(secret), versionOf(secret)])).toEqual(['first', 'first']);
    await idle(1);
    expect([await versionOf(secret), source.reads]).toEqual(['second', 2]);
  });

  test('is read again up to a fifth earlier, by chance', async () => {
    jest.mocked(Math.random).mockReturnValue(0);
    const secret = cached();
    await secret.current();
    await idle(4 * MINUTE - 1);
    await secret.current();
    expect(source.reads).toBe(1);
    await idle(1);
    await secret.current();
    expect(source.reads).toBe(2);
  });

  test('is used no longer than is allowed', async () => {
    const secret = cached();
    await secret.current();
    source.holds = SECOND;
    await idle(15 * MINUTE);
    expect(await versionOf(secret)).toBe('second');
  });

  test('is not used beyond its time where none is allowed', async () => {
    const secret = cached({ refreshAfterMilliseconds: 1_000, staleForMilliseconds: 0 });
    await secret.current();
    source.holds = SECOND;
    await idle(1_000);
    expect(await versionOf(secret)).toBe('second');
  });

  test('is read again where somebody has set the clock back', async () => {
    const secret = cached();
    await secret.current();
    jest.setSystemTime(Date.now() - MINUTE);
    await secret.current();
    expect(source.reads).toBe(2);
  });

  test('is no older where somebody has set the clock back: its time ends all the same', async () => {
    const secret = cached();
    await secret.current();
    source.fail(100);
    jest.setSystemTime(Date.now() - 24 * 60 * MINUTE);
    await secret.current();
    await idle(15 * MINUTE);
    await expect(secret.current()).rejects.toThrow('out of order');
  });

  test('is read again after a failure where somebody has set the clock back since', async () => {
    const secret = cached();
    await secret.current();
    source.fail(1);
    await idle(5 * MINUTE);
    await secret.current();
    await idle(1);
    jest.setSystemTime(Date.now() - 24 * 60 * MINUTE);
    source.holds = SECOND;
    await idle(MINUTE);
    await secret.current();
    await idle(1);
    expect(await versionOf(secret)).toBe('second');
  });

  test('is used while reading fails, until it is too old: then readers get the error', async () => {
    const onRefreshError = jest.fn();
    const secret = cached({ onRefreshError });
    await secret.current();
    source.fail(100);
    const versions = new Set<string>();
    for (let second = 0; second < 15 * 60 - 1; second++) {
      await idle(1_000);
      versions.add(await versionOf(secret));
    }
    expect(versions).toEqual(new Set(['first']));
    expect(onRefreshError).toHaveBeenCalledWith(new Error('out of order'));
    await idle(1_000);
    await expect(secret.current()).rejects.toThrow('out of order');
  });

  test('is read less and less often while reading fails, at last every half minute', async () => {
    const secret = cached({ staleForMilliseconds: 60 * MINUTE });
    await secret.current();
    source.fail(1_000);
    await idle(5 * MINUTE);
    const times: number[] = [];
    for (let tenth = 0; tenth < 1_500; tenth++) {
      const before = source.reads;
      await secret.current();
      if (source.reads > before) {
        times.push(tenth / 10);
      }
      await idle(100);
    }
    expect(times).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 61.5, 91.5, 121.5]);
  });

  test('is read at its usual times once reading works again', async () => {
    const secret = cached();
    await secret.current();
    source.fail(1);
    await idle(5 * MINUTE);
    await secret.current();
    await idle(1_000);
    await secret.current();
    await idle(5 * MINUTE);
    await secret.current();
    expect(source.reads).toBe(4);
  });
});

describe('options', () => {
  test.each<[string, Partial<CachedSecretOptions>, string]>([
    ['no secret', { secretId: '' }, 'secretId is empty'],
    ['a variable that is not set', { secretId: process.env.NOT_SET }, 'secretId is empty'],
    ['AWSPENDING', { versionStage: 'AWSPENDING' }, "versionStage is 'AWSPENDING', whose value is not valid until"],
    ['no time', { refreshAfterMilliseconds: 0 }, 'refreshAfterMilliseconds is 0: give milliseconds from 1 to 2147483647'],
    ['a time that is not a number', { staleForMilliseconds: NaN }, 'staleForMilliseconds is NaN'],
    ['a text for a time', { readTimeoutMilliseconds: '5' as unknown as number }, 'readTimeoutMilliseconds is 5: give'],
    ['more than a timer can', { readTimeoutMilliseconds: 2 ** 31 }, 'readTimeoutMilliseconds is 2147483648'],
    ['less than nothing', { waitForNextMilliseconds: -1 }, 'waitForNextMilliseconds is -1: give milliseconds from 0'],
  ])('are refused: %s', (_, options, message) => {
    expect(() => cached(options)).toThrow(message);
  });

  test('that are undefined are those that are not given', async () => {
    await cached({ versionStage: undefined, isRefused: undefined }).current();
    expect(source.requests).toEqual([{ SecretId: SECRET_ID, VersionStage: 'AWSCURRENT' }]);
  });
});
