import { endingFormer } from './ending';
import { EngineRotations } from './engine-rotations';
import type { EngineBench, EngineUnderTest } from './engine-under-test';
import { interruptions } from './interruptions';
import { names } from './names';
import { refusals } from './refusals';
import { rollingBack } from './rolling-back';
import { threeInARow } from './three-in-a-row';
import { twoPasswords } from './two-passwords';
import { requireServer } from '../../servers/require-server';

/** Of a test on a machine that is busy with others: many rotations, each of several logins. */
const LIMIT = 300_000;

/**
 * The suite that every engine passes, on one server.
 *
 * @param own tests of what only this engine has
 */
export function describeEngine<Bench extends EngineBench>(
  engine: EngineUnderTest<Bench>,
  own?: (started: () => EngineRotations<Bench>) => void,
): void {
  requireServer(...engine.servers, 'secrets-manager')(`rotations: ${engine.name}`, () => {
    let rotations: EngineRotations<Bench>;
    const started = (): EngineRotations<Bench> => rotations;
    jest.setTimeout(LIMIT);

    beforeAll(async () => {
      rotations = await EngineRotations.start(engine);
    });

    afterAll(() => rotations.stop());

    threeInARow(engine, started);
    twoPasswords(engine, started);
    names(engine, started);
    interruptions(started);
    endingFormer(engine, started);
    rollingBack(engine, started);
    refusals(engine, started);
    own?.(started);

    // At the end: the administrator has another password afterwards.
    test("the database's own administrator proves itself", async () => {
      const { bench } = rotations;
      const { after } = await rotations.rotate(await rotations.proving(), await rotations.createSecret(bench.superuser));
      Object.assign(bench.superuser, { password: after.password });
      expect(await bench.worksFor(bench.superuser)).toBe(true);
    });
  });
}
