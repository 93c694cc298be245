import { EXPECTATIONS } from './expectations';

test('a million and a third positions are gone through', () => {
  const positions = Object.values(EXPECTATIONS).flat().map((expectation) => expectation.positions);
  expect(positions.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(1_333_333);
});
