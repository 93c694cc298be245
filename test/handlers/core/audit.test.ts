import { runAudit } from '../../../handlers/core/audit';
import { RotationError } from '../../../handlers/core/rotation-error';
import type { SecretDescription, SecretStore } from '../../../handlers/core/secret-store';
import type { ExpectedSecret } from '../../../src/contract/audit-event';
import { ROTATION_MARKER_TAG } from '../../../src/contract/environment';
import { describeAudit } from '../scenarios/audit';
import { MemoryBench } from '../support/memory-bench';
import { FUNCTION_ARN } from '../support/rotation-function';
import { VirtualClock } from '../support/virtual-clock';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
const healthy: SecretDescription = {
  arn: 'arn',
  name: 'app',
  tagKeys: [ROTATION_MARKER_TAG],
  rotationEnabled: true,
  rotationFunctionArn: FUNCTION_ARN,
  encryptionKey: KEY,
  createdAt: 0,
  rotatedAt: NOW - 10 * HOUR,
  changedAt: NOW - 10 * HOUR,
  replicas: [],
  versions: new Map([['1', ['AWSCURRENT']]]),
};
const expected: ExpectedSecret = { secret: 'app', rotatesWithinHours: 24 };

/** The store as far as the audit may use it. */
function storeOf(
  description: Partial<SecretDescription> | RotationError,
  versions: { versionId: string; createdAt: number }[] = [],
): SecretStore {
  const forbidden = (): never => {
    throw new Error('the audit reads no value and changes nothing');
  };
  return {
    describe: async () => {
      if (description instanceof RotationError) {
        throw description;
      }
      return { ...healthy, ...description };
    },
    listVersions: async () => versions.map((version) => ({ labels: [], ...version })),
    read: forbidden,
    putPending: forbidden,
    moveLabel: forbidden,
  };
}

async function audited(store: SecretStore, ...secrets: ExpectedSecret[]): Promise<string> {
  const clock = new VirtualClock();
  clock.pass(NOW);
  return runAudit({ audit: secrets }, { store, clock, functionArn: `${FUNCTION_ARN}:live` })
    .then(() => 'fine', (error: Error) => error.message);
}

test.each<[string, Partial<SecretDescription>, Partial<ExpectedSecret>]>([
  ['as it should be', {}, {}],
  ['never rotated and new', { rotatedAt: undefined, createdAt: NOW - HOUR }, {}],
  ['old, and about to rotate for the first time', { rotatedAt: undefined, nextRotationAt: NOW - 23 * HOUR }, {}],
  ['rotating now', { versions: new Map([['1', ['AWSCURRENT']], ['2', ['AWSPENDING']]]) }, {}],
  ['AWSPENDING left on the current version', { versions: new Map([['1', ['AWSCURRENT', 'AWSPENDING']]]) }, {}],
  ['with the key', {}, { key: KEY }], ['with the key by its id', { encryptionKey: KEY.split('/')[1] }, { key: KEY }],
  ['with any customer key', {}, { key: 'customer' }],
  ['with an alias', { encryptionKey: 'alias/mine' }, { key: 'arn:aws:kms:eu-west-1:1:alias/mine' }],
  ['rotated just in time', { rotatedAt: NOW - 24 * HOUR }, {}],
  ['old, and due for the first time a day ago', { rotatedAt: undefined, nextRotationAt: NOW - 24 * HOUR }, {}],
  [
    'with one of several replicas',
    { replicas: [{ region: 'eu-south-1', status: 'Failed' }, { region: 'eu-west-2', status: 'InSync' }] },
    { replicaRegions: ['eu-west-2'] },
  ],
  ['with replicas', { replicas: [{ region: 'eu-west-2', status: 'InSync' }] }, { replicaRegions: ['eu-west-2'] }],
  [
    'with a replica that follows',
    { replicas: [{ region: 'eu-west-2', status: 'InProgress' }], changedAt: NOW - 1 },
    { replicaRegions: ['eu-west-2'] },
  ],
])('a secret %s is fine', async (_, description, more) => {
  expect(await audited(storeOf(description), { ...expected, ...more })).toBe('fine');
});

test.each<[string, Partial<SecretDescription>, Partial<ExpectedSecret>]>([
  ['overdue', { rotatedAt: NOW - 25 * HOUR }, {}],
  ['overdue', { rotatedAt: undefined, createdAt: 0 }, {}],
  ['overdue', { rotatedAt: undefined, createdAt: undefined }, {}],
  ['overdue', { rotatedAt: undefined, nextRotationAt: NOW - 25 * HOUR }, {}],
  ['overdue', { rotatedAt: NOW - 25 * HOUR, nextRotationAt: NOW + HOUR }, {}],
  ['rotation is off', { rotationEnabled: false }, {}],
  ['rotation is off', { rotationEnabled: undefined }, {}],
  ['rotated by another function', { rotationFunctionArn: `${FUNCTION_ARN}2` }, {}],
  [`without the tag ${ROTATION_MARKER_TAG}`, { tagKeys: ['other'] }, {}],
  ['scheduled for deletion', { deletedAt: NOW }, {}],
  ['another key', { encryptionKey: undefined }, { key: 'customer' }],
  ['another key', { encryptionKey: 'alias/aws/secretsmanager' }, { key: 'customer' }],
  ['another key', { encryptionKey: 'arn:aws:kms:eu-west-1:123456789012:key/other' }, { key: KEY }],
  ['another key', { encryptionKey: undefined }, { key: KEY }],
  [
    'replica in eu-west-2 is not in sync',
    { replicas: [{ region: 'eu-west-2', status: 'InProgress' }], changedAt: undefined },
    { replicaRegions: ['eu-west-2'] },
  ],
  ['replica in eu-west-2 is missing', {}, { replicaRegions: ['eu-west-2'] }],
  [
    'replica in eu-west-2 is not in sync',
    { replicas: [{ region: 'eu-west-2', status: 'InProgress' }], changedAt: NOW - HOUR },
    { replicaRegions: ['eu-west-2'] },
  ],
  [
    'replica in eu-west-2 is not in sync',
    { replicas: [{ region: 'eu-west-2', status: 'Failed' }], changedAt: NOW - 1 },
    { replicaRegions: ['eu-west-2'] },
  ],
  [
    'replica in eu-west-2 is not in sync',
    { replicas: [{ region: 'eu-west-2', status: 'Failed' }] },
    { replicaRegions: ['eu-west-2'] },
  ],
  [
    'replica in eu-west-2 is not in sync',
    { replicas: [{ region: 'eu-west-2', status: 'InProgress' }] },
    { replicaRegions: ['eu-west-2'] },
  ],
])('finds %s', async (finding, description, more) => {
  expect(await audited(storeOf(description), { ...expected, ...more }))
    .toMatch(new RegExp(`^audit: 1 findings in 1 secrets: app: .*${finding}`));
});

test('finds a rotation that is stuck, and only after an hour', async () => {
  const versions = new Map([['1', ['AWSCURRENT']], ['2', ['AWSPENDING']]]);
  expect(await audited(storeOf({ versions }, [{ versionId: '2', createdAt: NOW - 2 * HOUR }]), expected))
    .toContain('AWSPENDING is stuck');
  expect(
    await audited(
      storeOf({ versions }, [
        { versionId: '2', createdAt: NOW - HOUR },
        { versionId: '1', createdAt: 0 },
      ]),
      expected,
    ),
  ).toBe('fine');
});

test.each([
  [new RotationError('permission', 'x', 'AccessDeniedException'), 'app: access denied'],
  [new RotationError('configuration', 'x', 'ResourceNotFoundException'), 'app: does not exist'],
  [
    new RotationError('throttling', 'x', 'ThrottlingException'),
    'app: could not be examined: throttling: x (ThrottlingException)',
  ],
])('a secret that cannot be examined is a finding', async (error, finding) => {
  expect(await audited(storeOf(error), expected)).toContain(finding);
});

test('lists every finding of every secret, up to a limit, in one line', async () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ ...expected, secret: `app\n${index}` }));
  const message = await audited(storeOf({ rotationEnabled: false, deletedAt: 1 }), ...many);
  expect(message)
    .toMatch(/^audit: 200 findings in 100 secrets: app\\u\{a\}0: scheduled for deletion; app\\u\{a\}0: rotation is off; /);
  expect(message).toMatch(/; and 160 more$/);
  expect(message.split('; ')).toHaveLength(41);
  expect(message).not.toContain('\n');
  const all = await audited(storeOf({ rotationEnabled: false }), ...many.slice(0, 40));
  expect(all.split('; ')).toHaveLength(40);
  expect(all).not.toContain('more');
});

test('examines five at a time, each once', async () => {
  let running = 0;
  let most = 0;
  let described = 0;
  const store = storeOf({});
  const counting: SecretStore = {
    ...store,
    describe: async (secret) => {
      described++;
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      return store.describe(secret);
    },
  };
  expect(await audited(counting, ...Array<ExpectedSecret>(50).fill(expected))).toBe('fine');
  expect([most, described]).toEqual([5, 50]);
});

test.each([
  { audit: {} }, { audit: [null] }, { audit: [7] }, { audit: [{ secret: 'x' }] },
  { audit: [{ secret: 1, rotatesWithinHours: 1 }] },
  { audit: [{ rotatesWithinHours: 1 }] }, { audit: [{ secret: 'x', rotatesWithinHours: '24' }] }, { audit: [expected, {}] },
])(
  'refuses %j',
  async (event) => {
    const ports = { store: storeOf({}), clock: new VirtualClock(), functionArn: FUNCTION_ARN };
    await expect(runAudit(event as never, ports)).rejects.toMatchObject({ errorClass: 'request' });
  },
);

test('nothing else is done for a secret whose rotation would be refused', async () => {
  const clock = new VirtualClock();
  clock.pass(NOW);
  const duty = jest.fn(async () => ['found']);
  const audit = async (description: Partial<SecretDescription>): Promise<string> =>
    runAudit({ audit: [expected] }, { store: storeOf(description), clock, functionArn: FUNCTION_ARN, duty })
      .then(() => 'fine', (error: Error) => error.message);
  expect(await audit({ deletedAt: 1 })).toBe('audit: 1 findings in 1 secrets: app: scheduled for deletion');
  expect(duty).not.toHaveBeenCalled();
  expect(await audit({})).toBe('audit: 1 findings in 1 secrets: app: found');
});

describe('on Secrets Manager', () => {
  describeAudit(() => new MemoryBench());
});

describe('a secret that does not rotate', () => {
  const DAY = 24 * HOUR;
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
  const reviewed = async (...reviews: { secret: string; reviewBy: string }[]) => {
    const clock = new VirtualClock();
    clock.pass(NOW);
    const store = { ...storeOf({}), describe: async () => Promise.reject(new Error('the review looks at no secret')) };
    return runAudit({ audit: [], reviews }, { store, clock, functionArn: FUNCTION_ARN })
      .then(() => 'fine', (error: Error) => error.message);
  };

  test('is reported once the last day for its review has passed', async () => {
    expect(await reviewed({ secret: 'app', reviewBy: dayOf(NOW - DAY) }))
      .toBe(`audit: 1 findings in 1 secrets: app: does not rotate, and that was to be reviewed by ${dayOf(NOW - DAY)}`);
  });

  test.each([['today', 0], ['tomorrow', DAY]])('is fine until then: %s', async (_, later) => {
    expect(await reviewed({ secret: 'app', reviewBy: dayOf(NOW + later) })).toBe('fine');
  });

  test('is counted beside those that rotate', async () => {
    const clock = new VirtualClock();
    clock.pass(NOW);
    const reviews = [{ secret: 'other', reviewBy: '1969-12-31' }];
    await expect(runAudit({ audit: [expected], reviews }, { store: storeOf({}), clock, functionArn: FUNCTION_ARN }))
      .rejects.toThrow('audit: 1 findings in 2 secrets: other: does not rotate');
  });

  test.each([[[{ secret: 'app' }]], [[{ secret: 'app', reviewBy: 'soon' }]], [[null]], [[7]], [{}],
    [[{ secret: 7, reviewBy: '2027-03-31' }]], [[{ secret: 'app', reviewBy: 7 }]],
    [[{ secret: 'app', reviewBy: '2027-03-31T00' }]],
    [[{ secret: 'app', reviewBy: 'x2027-03-31' }]], [[{ reviewBy: '2027-03-31' }]]])(
    'a review of another form is no audit: %j',
    async (reviews) => {
      expect(await reviewed(...[reviews].flat() as { secret: string; reviewBy: string }[])).toContain('not a list of');
    },
  );
});
