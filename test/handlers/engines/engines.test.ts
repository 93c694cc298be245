import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
/** Its users are those of a service, not of a database. */
const WITHOUT_DATABASE = ['rotate-cache-user', 'rotate-iam-access-key'];

/** Sources are read and not imported: what they import starts servers. */
const read = (...names: string[]): string => readFileSync(path.join(ROOT, 'test/handlers', ...names), 'utf8');

const handlers = readdirSync(path.join(ROOT, 'handlers')).filter(
  (name) => name.startsWith('rotate-') && !WITHOUT_DATABASE.includes(name),
);

test('every function that rotates users of a database has its entry in the suite of all engines', () => {
  const sources = readdirSync(__dirname).filter((name) => !name.endsWith('.test.ts')).map((name) => read('engines', name));
  const entered = sources.flatMap((source) => [...source.matchAll(/^ *handler: '([^']+)'/gm)].map(([, handler]) => handler));
  expect([...new Set(entered)].sort()).toEqual(handlers.sort());
});

test.each(handlers)('%s passes the suite of all engines', (handler) => {
  expect(read(handler, 'rotations.server.test.ts')).toMatch(/^ *describeEngine\(/m);
});
