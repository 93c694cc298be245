import { describeEngine } from '../engines/describe-engine';
import { redis, redisWithFile } from '../engines/redis';

describe.each([redis, redisWithFile])('$name', (kind) => {
  describeEngine(kind, (started) => {
    test('both passwords are there when the server has been killed and started again', async () => {
      const engine = started();
      const { bench } = engine;
      const app = engine.credentials();
      await bench.createReader(app);
      const arn = await engine.createSecret(app);
      const { before, after } = await engine.rotate(await engine.bySuperuser(arn, app.username, 'dualPassword'), arn);
      await bench.database.kill();
      await bench.database.restart();
      expect([await bench.worksFor(before), await bench.worksFor(after)]).toEqual([true, true]);
    });
  });
});
