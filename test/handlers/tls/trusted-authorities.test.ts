import { authorities } from '../../../handlers/tls/trusted-authorities';

test.each([['none', undefined], ['an empty text', '']])('of a deployment that gives %s, the others are trusted', (_, given) => {
  expect(authorities(given, () => 'the others')).toBe('the others');
});

test('those of the deployment alone are trusted where it gives some', () => {
  const otherwise = jest.fn();
  expect(authorities('given', otherwise)).toBe('given');
  expect(otherwise).not.toHaveBeenCalled();
});
