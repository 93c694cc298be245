import { TABLE } from './table';
import { COMMERCIAL, ELSEWHERE, simulationOfRow, verdictOn } from './verdicts';

test('has at least 120 requests, half of them refused, and no request twice', () => {
  const rows = TABLE.flatMap((group) => group.rows);
  const requests = rows.map((row) => JSON.stringify(row.slice(0, 4)));
  expect(rows.length).toBeGreaterThanOrEqual(120);
  expect(rows.filter((row) => row[4] === 'refused').length).toBeGreaterThanOrEqual(rows.length / 2);
  expect(requests.filter((request, index) => requests.indexOf(request) < index)).toEqual([]);
});

describe.each(TABLE)('$about', ({ app = 'scenario', rows }) => {
  // The examples name their Region.
  const places = app === 'scenario' ? [COMMERCIAL, ...ELSEWHERE] : [COMMERCIAL];
  test.each(rows)('%s: %s of %s with %j is %s', async (...row) => {
    const verdicts = await Promise.all(places.map((place) => verdictOn(simulationOfRow(app, place, row))));
    expect(verdicts).toEqual(places.map(() => row[4]));
  });
});

test('a request that names a key which its action does not have is an error: a condition on it would mean nothing', async () => {
  const row = ['App/Reader', 'secretsmanager:GetSecretValue', 'App/Orders', { 'kms:ViaService': 'x' }, 'allowed'] as const;
  await expect(verdictOn(simulationOfRow('scenario', COMMERCIAL, row)))
    .rejects.toThrow('secretsmanager:GetSecretValue has no such context: kms:ViaService');
});
