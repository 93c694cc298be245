import { reachOfTests } from '../support/reach.cjs';

/** What knows where servers are installed: a test that starts one gets there, by whatever way. */
const INSTALLATION = 'test/servers/installation.ts';
/** Takes away by itself what is installed. */
const NEEDS_NONE = 'test/servers/require-server.test.ts';

const reach = reachOfTests();

test('a test file is named .server.test.ts exactly where it reaches a server that has to be installed', () => {
  const reaching = [...reach].filter(([file, reached]) => file !== NEEDS_NONE && reached.has(INSTALLATION)).map(([file]) => file);
  expect(reaching).not.toEqual([]);
  expect([...reach.keys()].filter((file) => file.endsWith('.server.test.ts')).sort()).toEqual(reaching.sort());
});

test('a test file that is named so says which servers, so that it is skipped without them', () => {
  const named = [...reach].filter(([file]) => file.endsWith('.server.test.ts'));
  expect(named.filter(([, reached]) => !reached.has('test/servers/require-server.ts')).map(([file]) => file)).toEqual([]);
});
