import type { DrilledSecret } from '../../../scripts/drill/plan';
import { lockouts, reportOf, type SecretOutcome } from '../../../scripts/drill/report';

const SECRET = {
  name: 'Shop/Orders', stackName: 'Shop', scheduleId: 'Schedule', engine: 'postgres', server: 'postgresql',
} as const;

function outcome(strategy: DrilledSecret['strategy'], changes: Partial<SecretOutcome['logins']> = {}): SecretOutcome {
  return {
    secret: { ...SECRET, strategy },
    rotations: 3,
    kills: 2,
    recovered: 0.45,
    logins: { tried: 100, failed: 0, unexplained: 0, longestOutage: 0, unanswered: 0, ...changes },
    failures: [],
  };
}

const REFUSED = { failed: 4, longestOutage: 1.26, lastFailure: 'password authentication failed' };

test('nothing has locked out where all rotations finished and no login failed', () => {
  expect(lockouts(outcome('alternating'))).toEqual([]);
});

test.each(['own', 'single'] as const)('logins of one user (%s) may fail while it rotates, and at no other time', (strategy) => {
  expect(lockouts(outcome(strategy, REFUSED))).toEqual([]);
  expect(lockouts(outcome(strategy, { ...REFUSED, unexplained: 1 }))).toEqual([
    '1 logins failed while no rotation was under way: password authentication failed',
  ]);
});

test.each([['alternating', 'alternating users'], ['dualPassword', 'two passwords']] as const)(
  'with %s, no login may fail at any time, unless its value was older',
  (strategy, words) => {
    expect(lockouts(outcome(strategy, REFUSED))).toEqual([]);
    expect(lockouts(outcome(strategy, { ...REFUSED, unexplained: 4 }))).toEqual([
      `4 logins failed, and with ${words} none may: password authentication failed`,
    ]);
  },
);

test('it has failed where nobody signed in at all', () => {
  expect(lockouts(outcome('alternating', { tried: 0 }))).toEqual(['nobody signed in']);
});

test('what went wrong before there were logins is all that is said', () => {
  const failures = ['the first rotation did not finish: a reason'];
  expect(lockouts({ ...outcome('single', { tried: 0 }), failures })).toEqual(failures);
});

test('the report has a row for each secret, what was not drilled and why, the verdict and the seed', () => {
  const notDrilled = [{ name: 'Shop/Token', reason: 'nobody signs in with it' }];
  expect(reportOf([outcome('single', REFUSED), { ...outcome('alternating'), kills: 0, recovered: undefined }], notDrilled, 42))
    .toBe(`
secret       engine    strategy           rotations  kills  logins  failed  longest outage  recovered within
Shop/Orders  postgres  single user        3          2      100     4       1.3 s           0.5 s
Shop/Orders  postgres  alternating users  3          0      100     0       -               -

not drilled: Shop/Token: nobody signs in with it
Nothing locked out: 2 secrets were drilled.
Again with the same kills: --seed 42`);
});

test('the report names each failure', () => {
  const report = reportOf([outcome('alternating', { ...REFUSED, unexplained: 4, unanswered: 2 })], [], 1);
  expect(report).toContain('Shop/Orders: 2 more logins were neither let in nor refused');
  expect(report).toContain('FAILED Shop/Orders: 4 logins failed, and with alternating users none may');
  expect(report).toContain('1 of 1 secrets that were drilled have failed.');
});
