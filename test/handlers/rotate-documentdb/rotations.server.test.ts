import { describeEngine } from '../engines/describe-engine';
import { documentdb, mongodb } from '../engines/documentdb';
import { WAYS } from '../engines/engine-under-test';

const HOSTILE = 'we"ird.na\\me\' %s =,ü';

describe.each([documentdb, mongodb])('$name', (product) => {
  describeEngine(product, (started) => {
    test.each(WAYS)('a name with what the login divides by, and passwords with every character: %s', async (way) => {
      const engine = started();
      const { bench, rotations } = engine;
      const app = await engine.createUser(`${way[0]}${HOSTILE}`);
      const arn = await engine.createSecret(app);
      const rotating = await engine.functionFor(way, arn, app.username, { password: { length: 100, excludeCharacters: '' } });
      for (let rotation = 0; rotation < 2; rotation++) {
        await rotations.rotate(rotating, arn);
        const { username, password } = await rotations.credentials(arn);
        // The driver writes such names wrongly, so that it cannot be asked whether they sign in.
        expect(password).toHaveLength(100);
        expect(bench.exists(username)).toBe(true);
      }
    });
  });
});
