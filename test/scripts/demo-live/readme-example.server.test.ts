import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runReadme } from '../../../scripts/demo-live/readme-example';
import { requireServer } from '../../servers/require-server';

const SERVERS = join(__dirname, '../../../.servers');

requireServer('postgresql-18', 'secrets-manager', 'lambda-runtime')('the first example of the README', () => {
  const running: { stop(): Promise<void> }[] = [];
  let folder: string;

  beforeAll(() => {
    mkdirSync(SERVERS, { recursive: true });
    folder = mkdtempSync(join(SERVERS, 'readme-'));
  });

  afterAll(async () => {
    await Promise.allSettled(running.reverse().map(async (server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  test('works on a new database as it stands', async () => {
    const usernames = await runReadme(folder, 2, (server) => {
      running.push(server);
      return server;
    });
    expect(usernames).toEqual(['my_custom_app_clone', 'my_custom_app']);
  });
});
