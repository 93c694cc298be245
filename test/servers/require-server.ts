import { isInstalled, type ServerName } from './installation';

/**
 * `describe` for tests that need servers.
 *
 * A server that is missing is a loud skip on a laptop and a failure in continuous integration (`CI=true`), where a skip would go
 * unseen.
 */
export function requireServer(...servers: ServerName[]): jest.Describe {
  const missing = servers.filter((server) => !isInstalled(server));
  if (missing.length === 0) {
    return describe;
  }
  const message = `Not installed: ${missing.join(', ')}. Run: node scripts/install-test-servers.mjs`;
  if (process.env.CI === 'true') {
    throw new Error(message);
  }
  // Not console.warn: Jest can be told to silence it.
  process.stderr.write(`\nSKIPPED TESTS. ${message}\n\n`);
  return describe.skip as jest.Describe;
}
