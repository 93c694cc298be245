import { hasToLetIn, type Strategy } from '../../../scripts/drill/strategy';

const SETTLED = { new: ['AWSCURRENT', 'AWSPENDING'], former: ['AWSPREVIOUS'] };
const ROTATING = { next: ['AWSPENDING'], new: ['AWSCURRENT'], former: ['AWSPREVIOUS'] };

test.each<[Strategy, string, Record<string, string[]>, boolean]>([
  ['own', 'new', SETTLED, true],
  ['single', 'new', ROTATING, true],
  ['single', 'former', SETTLED, false],
  ['alternating', 'new', ROTATING, true],
  ['alternating', 'former', SETTLED, true],
  // Its user is the one whose password changes next.
  ['alternating', 'former', ROTATING, false],
  ['dualPassword', 'former', SETTLED, true],
  ['dualPassword', 'former', ROTATING, false],
  ['dualPassword', 'oldest', SETTLED, false],
])('%s: the %s value of %j has to let in: %s', (strategy, version, labels, expected) => {
  expect(hasToLetIn(strategy, version, labels)).toBe(expected);
});
