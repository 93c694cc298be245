import * as fs from 'node:fs';
import * as path from 'node:path';
import { requireServer } from './require-server';

jest.mock('node:fs', () => ({ ...jest.requireActual<typeof fs>('node:fs'), existsSync: () => false }));

describe('a server that is not installed', () => {
  const environment = { ...process.env };

  afterEach(() => {
    process.env = { ...environment };
    jest.restoreAllMocks();
  });

  test('fails in continuous integration', () => {
    process.env.CI = 'true';
    expect(() => requireServer('postgresql-15', 'secrets-manager'))
      .toThrow('Not installed: postgresql-15, secrets-manager. Run: node scripts/install-test-servers.mjs');
  });

  test('is a loud skip elsewhere', () => {
    delete process.env.CI;
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(requireServer('lambda-runtime')).toBe(describe.skip);
    expect(write).toHaveBeenCalledWith(expect.stringContaining('SKIPPED TESTS. Not installed: lambda-runtime.'));
  });
});

test('the lock file names no registry', () => {
  expect(fs.readFileSync(path.join(__dirname, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"|https?:/);
});
