import { type Outcome, shortcomingsOf } from '../../../scripts/demo-live/outcome';

const GOOD: Outcome = {
  logins: { tried: 10, failed: 0, users: new Map([['app', 6], ['app_clone', 4]]), failures: new Map() },
  letIn: 14,
  refused: 0,
  rotations: 4,
  healed: true,
  staleReplicas: [],
};

describe('outcome of the demonstration', () => {
  test('is good where nothing is missing', () => {
    expect(shortcomingsOf(GOOD)).toEqual([]);
  });

  test.each<[string, Partial<Outcome>]>([
    ['1 logins of the application failed', { logins: { ...GOOD.logins, failed: 1 } }],
    ['the application counts 10 logins, the database 9', { letIn: 9 }],
    ['the database refused 1 logins', { refused: 1 }],
    ['3 rotations were done, not 4', { rotations: 3 }],
    ['the rotation whose function was killed did not finish', { healed: false }],
    ['1 users signed in, not 2 that take turns', { logins: { ...GOOD.logins, users: new Map([['app', 10]]) } }],
    ['the replica in eu-west-1 has another value than the primary', { staleReplicas: ['eu-west-1'] }],
  ])('names what is missing: %s', (message, change) => {
    expect(shortcomingsOf({ ...GOOD, ...change })).toEqual([message]);
  });

  test('is not good where nothing was tried', () => {
    const logins = { tried: 0, failed: 0, users: new Map(), failures: new Map() };
    expect(shortcomingsOf({ ...GOOD, logins })).toContain('the application did not try to sign in');
  });
});
