import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from '../../../scripts/demo-live/deployment';
import { runReadme } from '../../../scripts/demo-live/readme-example';
import { readLabels } from '../../../scripts/demo-live/secret-labels';
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

  test('a rotation whose function is killed leaves the current version, and the next attempt finishes it', async () => {
    const { driver, example } = await Deployment.of(join(folder, 'readme.out'), (server) => {
      running.push(server);
      return server;
    });
    await driver.rotate(example.schedule);
    const labels = async (): Promise<[string, string][]> => (await readLabels(example.client, example.schedule.secretArn))
      .flatMap(({ labels: all, versionId }) => all.map((label): [string, string] => [label, versionId])).sort();
    const before = new Map(await labels());
    const killed = await driver.kill(example.schedule);
    expect(new Map(await labels())).toEqual(new Map([...before, ['AWSPENDING', killed.token]]));
    await driver.tryAgain(example.schedule, killed);
    expect(await labels()).toEqual([['AWSCURRENT', killed.token], ['AWSPREVIOUS', before.get('AWSCURRENT')]]);
  });
});
