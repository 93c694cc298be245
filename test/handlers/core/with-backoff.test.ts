import * as fc from 'fast-check';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { RotationError } from '../../../handlers/core/rotation-error';
import { withBackoff } from '../../../handlers/core/with-backoff';
import { VirtualClock } from '../support/virtual-clock';

const failing = (error: unknown): (() => Promise<never>) => jest.fn().mockRejectedValue(error);

test('returns the first success', async () => {
  const clock = new VirtualClock();
  const attempt = jest.fn().mockRejectedValueOnce(new RotationError('network', 'x')).mockResolvedValueOnce('value');
  await expect(withBackoff(attempt, { clock, deadline: new Deadline(clock, 1_000), patience: () => 500 })).resolves.toBe('value');
  expect(attempt).toHaveBeenCalledTimes(2);
  expect(clock.slept).toHaveLength(1);
});

test('gives up at once what deserves no patience, in its own terms', async () => {
  const clock = new VirtualClock();
  const attempt = failing(new TypeError('a secret'));
  await expect(withBackoff(attempt, { clock, deadline: new Deadline(clock, 1_000), patience: () => 0 }))
    .rejects.toMatchObject({ errorClass: 'internal' });
  expect(attempt).toHaveBeenCalledTimes(1);
});

test.each([
  ['permission', 'too little time was left for', 990],
  ['timeout', 'had its whole time', 500],
])('says %s where the last attempt %s', async (errorClass, _, passed) => {
  const clock = new VirtualClock();
  const attempt = jest.fn().mockRejectedValueOnce(new RotationError('permission', 'x')).mockImplementation(async () => {
    clock.pass(passed);
    throw new RotationError('timeout', 'y');
  });
  const patience = (error: RotationError): number => error.errorClass === 'permission' ? 10_000 : 0;
  await expect(withBackoff(attempt, { clock, deadline: new Deadline(clock, 1_000), patience }))
    .rejects.toMatchObject({ errorClass });
});

test('waits neither longer than the patience nor than the deadline, with growing pauses of random length', async () => {
  const milliseconds = fc.integer({ min: 1, max: 60_000 });
  await fc.assert(
    fc.asyncProperty(
      milliseconds,
      milliseconds,
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      async (patience, time, chance) => {
        const clock = new VirtualClock(chance);
        const options = { clock, deadline: new Deadline(clock, time), patience: () => patience };
        await expect(withBackoff(failing(new RotationError('network', 'x')), options)).rejects.toThrow();
        expect(clock.now()).toBeLessThanOrEqual(Math.min(patience, time));
        expect(clock.slept.every((pause, index) => pause <= Math.min(4_000, 100 * 2 ** index))).toBe(true);
      },
    ),
  );
});

test('the system clock tells the time, waits, and is not predictable', async () => {
  const before = systemClock.now();
  await systemClock.sleep(20);
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(19);
  const numbers = Array.from({ length: 20 }, () => systemClock.random());
  expect(new Set(numbers).size).toBeGreaterThan(1);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
});

test('a deadline that has passed leaves no time', () => {
  const clock = new VirtualClock();
  const deadline = new Deadline(clock, 100);
  expect([deadline.remaining(), deadline.limit(50), deadline.limit(500)]).toEqual([100, 50, 100]);
  clock.pass(200);
  expect(deadline.remaining()).toBe(0);
  expect(() => deadline.limit(1)).toThrow('timeout');
});
