import { Deadline } from '../../../handlers/core/deadline';
import { endFormerCredential } from '../../../handlers/core/former-credential';
import { RotationError } from '../../../handlers/core/rotation-error';
import type { RotationStrategy } from '../../../handlers/core/rotation-strategy';
import type { SecretDescription } from '../../../handlers/core/secret-store';
import { type MemoryVersion, SingleSecretStore } from '../support/memory-store';
import { VirtualClock } from '../support/virtual-clock';

const HOUR = 3_600_000;
const FORMER: MemoryVersion = { text: 'former', labels: ['AWSPREVIOUS'], createdAt: 1 * HOUR };
const CURRENT: MemoryVersion = { text: 'current', labels: ['AWSCURRENT'], createdAt: 10 * HOUR };
const OLDER: MemoryVersion = { text: 'older', labels: ['CREDENTIAL_ENDED'], createdAt: 0 };

const labelled = (version: MemoryVersion, ...labels: string[]): MemoryVersion => ({ ...version, labels });

/** The duty at an hour, for a former credential that works for five. */
async function dutyAt(
  hour: number,
  versions: Record<string, MemoryVersion>,
  { about = {}, worksForHours = 5, endFormer = async () => 'ended' } : {
    about?: Partial<SecretDescription>; worksForHours?: number | 'not asked'; endFormer?: () => Promise<string>;
  } = {},
): Promise<{ found: string[]; ended: number; label?: string; calls: string[] }> {
  const clock = new VirtualClock();
  clock.pass(hour * HOUR);
  const store = new SingleSecretStore(versions, about);
  const ending = jest.fn(endFormer);
  const found = await endFormerCredential(store.description, {
    store,
    clock,
    deadline: new Deadline(clock, 60_000),
    worksForHours: () => worksForHours === 'not asked' ? undefined : worksForHours,
    strategy: () => ({ endFormer: ending }) as unknown as RotationStrategy,
  });
  return { found, ended: ending.mock.calls.length, label: store.secret.holderOf('CREDENTIAL_ENDED'), calls: store.calls };
}

test.each<[string, number, Partial<SecretDescription>, number]>([
  ['the version that clients read is younger', 14, {}, 0],
  ['its time is over', 15, {}, 1],
  ['the secret was rotated later', 15, { rotatedAt: 11 * HOUR }, 0],
  ['that is over, too', 16, { rotatedAt: 11 * HOUR }, 1],
  ['the last change of a secret says nothing', 15, { changedAt: 14 * HOUR }, 1],
])('the former credential is ended once it is former for as long as it works: %s', async (_, hour, about, ended) => {
  expect(await dutyAt(hour, { former: FORMER, current: CURRENT }, { about }))
    .toMatchObject({ found: [], ended, label: ended === 1 ? 'former' : undefined });
});

test('where somebody has moved the labels back by hand, the last change of the secret tells since when', async () => {
  const versions = { older: labelled(FORMER, 'AWSCURRENT'), newer: labelled(CURRENT, 'AWSPREVIOUS') };
  const about = { rotatedAt: 10 * HOUR, changedAt: 12 * HOUR };
  expect(await dutyAt(16, versions, { about })).toMatchObject({ ended: 0 });
  expect(await dutyAt(17, versions, { about })).toMatchObject({ found: [], ended: 1, label: 'newer' });
  expect(await dutyAt(17, versions)).toMatchObject({ ended: 1 });
});

test('the label of the one before moves along', async () => {
  expect(await dutyAt(15, { older: OLDER, former: FORMER, current: CURRENT }))
    .toMatchObject({ found: [], ended: 1, label: 'former' });
});

test.each<[string, Record<string, MemoryVersion>, number | 'not asked']>([
  ['the deployment does not ask for it', { former: FORMER, current: CURRENT }, 'not asked'],
  ['a rotation has begun', { former: FORMER, current: CURRENT, next: { labels: ['AWSPENDING'] } }, 5],
  ['there is none', { current: CURRENT }, 5],
  ['no version is current', { former: FORMER }, 5],
  ['there is neither', { older: labelled(OLDER) }, 5],
  ['it was ended before', { former: labelled(FORMER, 'AWSPREVIOUS', 'CREDENTIAL_ENDED'), current: CURRENT }, 5],
])('nothing is ended where %s', async (_, versions, worksForHours) => {
  expect(await dutyAt(1_000, versions, { worksForHours })).toMatchObject({ found: [], ended: 0, calls: [] });
});

test('a pending version that is current as well is no rotation that has begun', async () => {
  const current = labelled(CURRENT, 'AWSCURRENT', 'AWSPENDING');
  expect(await dutyAt(15, { former: FORMER, current })).toMatchObject({ ended: 1 });
});

test('a credential that was ended and is current again is reported, and the one that works stays', async () => {
  const versions = { older: labelled(FORMER, 'AWSCURRENT', 'CREDENTIAL_ENDED'), newer: labelled(CURRENT, 'AWSPREVIOUS') };
  expect(await dutyAt(1_000, versions)).toMatchObject({
    found: ['AWSCURRENT has a credential that was ended: rotate the secret'], ended: 0, label: 'older', calls: [],
  });
});

test('a version that the list does not have is younger than all', async () => {
  const store = { former: FORMER, current: { ...CURRENT, createdAt: undefined } };
  expect(await dutyAt(15, store)).toMatchObject({ ended: 1 });
});

test('what is kept gets no label', async () => {
  expect(await dutyAt(15, { former: FORMER, current: CURRENT }, { endFormer: async () => 'kept' }))
    .toMatchObject({ found: [], ended: 1, label: undefined });
});

test('a failure is a finding that says what failed, and gives no label', async () => {
  const endFormer = async (): Promise<string> => {
    throw new RotationError('permission', 'the database does not let the superuser change the user', '42501');
  };
  expect(await dutyAt(15, { former: FORMER, current: CURRENT }, { endFormer })).toMatchObject({
    found: ['the former credential could not be ended: permission: the database does not let the superuser change the user '
      + '(42501)'],
    ended: 1,
    label: undefined,
  });
});

test('one that has ended and gets no label is not said to work', async () => {
  const moving = jest.spyOn(SingleSecretStore.prototype, 'moveLabel')
    .mockRejectedValue(new RotationError('permission', 'no', 'AccessDeniedException'));
  expect(await dutyAt(15, { former: FORMER, current: CURRENT })).toMatchObject({
    found: ['the former credential has ended, and AWSPREVIOUS could not be marked as such: permission: no '
      + '(AccessDeniedException)'],
    ended: 1,
  });
  moving.mockRestore();
});
