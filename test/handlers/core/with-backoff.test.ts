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
  ['permission', 'too little time was left for', 990, new RotationError('timeout', 'y')],
  ['permission', 'too little time was left to connect for', 990, new RotationError('network', 'y', 'ETIMEDOUT')],
  ['network', 'was refused with little time left', 990, new RotationError('network', 'y', 'ECONNREFUSED')],
  ['timeout', 'had its whole time', 500, new RotationError('timeout', 'y')],
])('says %s where the last attempt %s', async (errorClass, _, passed, last) => {
  const clock = new VirtualClock();
  const attempt = jest.fn().mockRejectedValueOnce(new RotationError('permission', 'x')).mockImplementation(async () => {
    clock.pass(passed);
    throw last;
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

test('pauses grow from a tenth of a second to four seconds, by chance no longer than that', async () => {
  const clock = new VirtualClock(1);
  clock.pass(5_000);
  const options = { clock, deadline: new Deadline(clock, 60_000), patience: () => 16_000 };
  await expect(withBackoff(failing(new RotationError('network', 'x')), options)).rejects.toThrow('network');
  expect(clock.slept).toEqual([100, 200, 400, 800, 1_600, 3_200, 4_000, 4_000]);
});

test.each([
  ['patience', 300, 60_000, 2],
  ['patience', 299, 60_000, 1],
  ['time', 60_000, 101, 1],
  ['time', 60_000, 100, 0],
])('the last pause is within the %s: %d and %d', async (_, patience, time, pauses) => {
  const clock = new VirtualClock(1);
  const options = { clock, deadline: new Deadline(clock, time), patience: () => patience };
  await expect(withBackoff(failing(new RotationError('network', 'x')), options)).rejects.toThrow('network');
  expect(clock.slept).toHaveLength(pauses);
});

test('of two errors the latest is told, unless it is that of an attempt that had no time', async () => {
  const clock = new VirtualClock();
  const attempt = jest.fn().mockRejectedValueOnce(new RotationError('network', 'x')).mockImplementation(async () => {
    clock.pass(990);
    throw new RotationError('unavailable', 'y');
  });
  await expect(withBackoff(attempt, { clock, deadline: new Deadline(clock, 1_000), patience: () => 10_000 }))
    .rejects.toMatchObject({ errorClass: 'unavailable' });
});
