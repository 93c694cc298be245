import { compare } from '../../../scripts/scan/comparison';

test('a finding that nobody acknowledged is told', () => {
  expect(compare(['a', 'b'], ['a'])).toEqual({ unexplained: ['b'], vanished: [] });
});

test('an acknowledgement of what is not found any more is told', () => {
  expect(compare(['a'], ['a', 'b'])).toEqual({ unexplained: [], vanished: ['b'] });
});
