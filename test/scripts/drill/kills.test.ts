import { Kills } from '../../../scripts/drill/kills';

const ten = (seed: number): object[] => {
  const kills = new Kills(seed);
  return Array.from({ length: 10 }, () => kills.next(9));
};

test('the same seed kills at the same calls, another one at others', () => {
  expect(ten(7)).toEqual(ten(7));
  expect(ten(8)).not.toEqual(ten(7));
});

test('every call is hit sooner or later, before and after it, and no other', () => {
  const kills = new Kills(0);
  const hits = new Set(Array.from({ length: 500 }, () => {
    const { nth, when } = kills.next(9);
    return `${when} ${nth}`;
  }));
  const all = Array.from({ length: 9 }, (_, index) => [`before ${index + 1}`, `after ${index + 1}`]).flat();
  expect([...hits].sort()).toEqual(all.sort());
});
