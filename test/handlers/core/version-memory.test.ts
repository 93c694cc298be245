import { VersionMemory } from '../../../handlers/core/version-memory';
import { VirtualClock } from '../support/virtual-clock';

test('keeps values by secret and version, and whether they were tested', () => {
  const memory = new VersionMemory(new VirtualClock());
  memory.keep('a', '1', 'one');
  memory.keep('a', '2', 'two');
  memory.keep('b', '1', 'other');
  memory.markTested('a', '2');
  memory.markTested('a', 'unknown');
  expect([memory.recall('a', '1'), memory.recall('a', '2'), memory.recall('b', '1'), memory.recall('b', '2')])
    .toEqual(['one', 'two', 'other', undefined]);
  expect([memory.isTested('a', '1'), memory.isTested('a', '2'), memory.isTested('a', 'unknown')]).toEqual([false, true, false]);
});

test('a value that is stored anew has not been tested', () => {
  const memory = new VersionMemory(new VirtualClock());
  memory.keep('a', '1', 'one');
  memory.markTested('a', '1');
  memory.keep('a', '1', 'changed');
  expect(memory.isTested('a', '1')).toBe(false);
});

test('forgets a secret by its ARN without the suffix, and no other', () => {
  const memory = new VersionMemory(new VirtualClock());
  memory.keep('arn:app-AbCdEf', '1', 'one');
  memory.keep('arn:app-more-AbCdEf', '1', 'other');
  memory.forget('arn:app');
  expect([memory.recall('arn:app-AbCdEf', '1'), memory.recall('arn:app-more-AbCdEf', '1')]).toEqual([undefined, 'other']);
});

test('forgets a secret, and after minutes everything', () => {
  const clock = new VirtualClock();
  const memory = new VersionMemory(clock);
  memory.keep('a', '1', 'one');
  memory.keep('b', '1', 'other');
  memory.forget('a');
  expect([memory.recall('a', '1'), memory.recall('b', '1')]).toEqual([undefined, 'other']);
  clock.pass(5 * 60_000 - 1);
  expect(memory.recall('b', '1')).toBe('other');
  clock.pass(1);
  expect(memory.recall('b', '1')).toBeUndefined();
  memory.forget('unrelated');
  expect(JSON.stringify([...(memory as unknown as { entries: Map<string, unknown> }).entries])).toBe('[]');
});
