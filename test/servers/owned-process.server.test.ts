import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { requireServer } from './require-server';
import { until } from './until';

const ROOT = path.resolve(__dirname, '../..');

requireServer('postgresql-18')('a test process that dies', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'orphans-'));

  afterAll(() => rmSync(scratch, { recursive: true }));

  test('leaves neither processes nor directories behind, even with a server that is paused', async () => {
    const script = path.join(scratch, 'dies.ts');
    writeFileSync(script, `
      import { PostgreSqlServer } from ${JSON.stringify(path.join(__dirname, 'postgresql-server'))};
      void PostgreSqlServer.start({ version: 18 }).then((server) => {
        server.pause();
        console.log(JSON.stringify({ pid: server.pid, directory: server.directory }));
        process.kill(process.pid, 'SIGKILL');
      });`);
    const { stdout, stderr, signal } = spawnSync(process.execPath, [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), script], {
      encoding: 'utf8',
    });
    expect({ stderr, died: signal !== null || stdout !== '' }).toEqual({ stderr: '', died: true });
    const { pid, directory } = JSON.parse(stdout) as { pid: number; directory: string };
    expect(await until(() => !existsSync(directory), 20_000)).toBe(true);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
