import type { AttackScene } from './support/attack-scene';
import { Attacker } from './support/attacker';
import { attackScene } from './support/describe-attack';
import { ROTATION_ACTIONS } from './support/function-role';
import { type Clock, systemClock } from '../../handlers/core/clock';
import type { ExpectedSecret } from '../../src/contract/audit-event';
import type { Permission } from '../servers/permission-list';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ACTIONS = [
  'CancelRotateSecret', 'DeleteSecret', 'DescribeSecret', 'PutSecretValue', 'RotateSecret', 'UntagResource',
  'UpdateSecretVersionStage',
];

const may = ({ app }: AttackScene): Permission => Attacker.may(ACTIONS, app.arn);

/** Who may do with a secret that rotates whatever keeps it from rotating, and hopes that nobody sees it. */
attackScene('a rotation that is kept from happening', (scene) => [may(scene)], (scene) => {
  let foreignFunctionArn: string;

  beforeAll(async () => {
    foreignFunctionArn = await scene.bench.secrets.createFunction('foreign');
  });

  beforeEach(async () => scene.schedule(scene.app.arn, scene.billing.arn));

  /** What the daily audit answers, some time from now. */
  const audit = async (later = 0, ...without: string[]): Promise<string> => {
    const clock: Clock = { ...systemClock, now: () => Date.now() + later, random: () => 0, sleep: async () => undefined };
    const auditing = scene.bench.inProcess('rotate-postgresql', { ...scene.optionsOf('single'), clock });
    const secrets = [scene.app.arn, scene.billing.arn].filter((arn) => !without.includes(arn));
    const list = secrets.map((secret): ExpectedSecret => ({ secret, rotatesWithinHours: 31 * 24 }));
    const connections = scene.bench.connections();
    scene.bench.guard.calls.length = 0;
    const answer = await auditing.invoke({ audit: list }).then(() => '', ({ message }: Error) => message);
    const called = new Set(scene.bench.guard.calls.map(({ action }) => action));
    expect([...called].filter((action) => !['DescribeSecret', 'ListSecretVersionIds'].includes(action))).toEqual([]);
    expect(scene.bench.connections()).toBe(connections);
    return answer;
  };
  const found = (finding: string): string => `audit: 1 findings in 2 secrets: ${scene.app.arn}: ${finding}`;

  test('without an attack the audit finds nothing', async () => {
    expect([await audit(), await audit(30 * DAY)]).toEqual(['', '']);
  });

  test('by cancelling it', async () => {
    await scene.attacker.cancelRotation(scene.app.arn);
    expect(await audit()).toBe(found('rotation is off'));
  });

  test('by pointing the secret at another function, which the role of ours may not follow', async () => {
    await scene.attacker.rotate(scene.app.arn, foreignFunctionArn);
    expect(await audit()).toBe(found('access denied'));
    scene.permit(may(scene), { accessKeyId: 'AKIASUPERUSER', actions: ROTATION_ACTIONS, secrets: ['*'] });
    expect(await audit()).toBe(found('rotated by another function'));
  });

  test('by untagging it', async () => {
    await scene.attacker.untag(scene.app.arn);
    expect(await audit()).toMatch(/: without the tag [\w:-]+$/);
    const rotating = scene.functionOf('single');
    expect(await scene.rotate(rotating, await scene.attacker.rotate(scene.app.arn)))
      .toEqual([expect.objectContaining({ errorClass: 'configuration' })]);
  });

  test('by deleting it', async () => {
    await scene.attacker.delete(scene.app.arn);
    expect(await audit()).toContain(`${scene.app.arn}: scheduled for deletion`);
  });

  test('by leaving it in the middle', async () => {
    await scene.attacker.rotate(scene.app.arn);
    expect(await audit()).toBe('');
    expect(await audit(2 * HOUR)).toBe(found('a rotation began more than an hour ago and has not finished: AWSPENDING is stuck'));
  });

  test('by taking AWSPENDING away from it each time', async () => {
    await scene.attacker.rotate(scene.app.arn);
    await scene.attacker.moveLabel(scene.app.arn, 'AWSPENDING');
    expect(await audit(32 * DAY)).toContain(`${scene.app.arn}: overdue`);
  });

  test('by a schedule that comes too late: what counts is what was deployed', async () => {
    await scene.attacker.rotate(scene.app.arn, undefined, 1_000);
    await scene.attacker.moveLabel(scene.app.arn, 'AWSPENDING');
    expect(await audit(32 * DAY)).toContain(`${scene.app.arn}: overdue: not rotated for 744 hours`);
  });

  test("and an audit of one's own in which the secret is missing, after which the scheduled one finds it as before", async () => {
    await scene.attacker.cancelRotation(scene.app.arn);
    expect(await audit(0, scene.app.arn)).toBe('');
    expect(await audit()).toBe(found('rotation is off'));
  });
});
