import { AttackScene } from './attack-scene';
import type { Permission } from '../../servers/permission-list';
import { requireServer } from '../../servers/require-server';

export interface AttackOptions {
  /** Whether the same victims are there for all tests. @default false */
  readonly sameVictims?: boolean;
}

/**
 * Tests of an attacker who has exactly these permissions, and a scene to play on.
 *
 * @param permissions of the attacker, where there are victims
 * @param body the tests; the scene is there when they run
 */
export function attackScene(
  title: string,
  permissions: (scene: AttackScene) => Permission[],
  body: (scene: AttackScene) => void,
  { sameVictims = false }: AttackOptions = {},
): void {
  requireServer('postgresql-18', 'secrets-manager')(title, () => {
    const scene = new AttackScene();

    beforeAll(async () => {
      await scene.beginOnPostgresql();
      if (sameVictims) {
        await scene.prepare();
      }
    }, 60_000);

    afterAll(() => scene.stop());

    beforeEach(async () => {
      if (!sameVictims) {
        await scene.prepare();
      }
      scene.permit(...permissions(scene));
    });

    body(scene);
  });
}
