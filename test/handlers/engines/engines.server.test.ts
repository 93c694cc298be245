import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { ENGINES } from './engines';

const ROOT = path.resolve(__dirname, '../../..');
/** Its users are those of a service, not of a database. */
const WITHOUT_DATABASE = ['rotate-cache-user'];

test('every function that rotates users of a database passes the suite of all engines', () => {
  const handlers = readdirSync(path.join(ROOT, 'handlers')).filter(
    (name) => name.startsWith('rotate-') && !WITHOUT_DATABASE.includes(name),
  );
  expect([...new Set(ENGINES.map(({ handler }) => handler))].sort()).toEqual(handlers.sort());
  handlers.forEach((handler) => {
    expect(readFileSync(path.join(ROOT, 'test/handlers', handler, 'rotations.test.ts'), 'utf8')).toMatch(/^ *describeEngine\(/m);
  });
});
