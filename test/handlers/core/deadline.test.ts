import { systemClock } from '../../../handlers/core/clock';
import { Deadline, inTime } from '../../../handlers/core/deadline';
import { VirtualClock } from '../support/virtual-clock';

test('a deadline that has passed leaves no time', () => {
  const clock = new VirtualClock();
  const deadline = new Deadline(clock, 100);
  expect([deadline.remaining(), deadline.limit(50), deadline.limit(500)]).toEqual([100, 50, 100]);
  clock.pass(99);
  expect([deadline.remaining(), deadline.limit(500)]).toEqual([1, 1]);
  clock.pass(200);
  expect(deadline.remaining()).toBe(0);
  expect(() => deadline.limit(1)).toThrow(expect.objectContaining({
    errorClass: 'timeout', text: 'the function has no time left: raise its timeout or look for what is slow',
  }));
});

describe('what is done in time', () => {
  const limit = (milliseconds: number, left = 60_000) => {
    const abandon = jest.fn();
    return { deadline: new Deadline(systemClock, left), milliseconds, text: 'the server is silent', abandon };
  };
  const never = async (): Promise<never> => new Promise(() => undefined);

  test('is as it was, and is not abandoned later', async () => {
    const given = limit(20);
    await expect(inTime(given, async () => 'value')).resolves.toBe('value');
    await expect(inTime(given, async () => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
    await systemClock.sleep(60);
    expect(given.abandon).not.toHaveBeenCalled();
  });

  test.each([['the limit is over', 20, 60_000], ['the function has no more time', 60_000, 20]])(
    'or is given up once %s', async (_, milliseconds, left) => {
      const given = limit(milliseconds, left);
      await expect(inTime(given, never)).rejects.toMatchObject({ errorClass: 'timeout', text: 'the server is silent' });
      expect(given.abandon).toHaveBeenCalledTimes(1);
    },
  );
});
