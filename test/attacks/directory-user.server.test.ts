import { type Aftermath, AttackScene } from './support/attack-scene';
import { attackedDirectory } from './support/attacked-database';
import type { UserBinding } from '../../src/contract/database-facts';
import { LdapBench } from '../handlers/support/ldap-bench';
import type { FunctionInProcess } from '../handlers/support/rotation-function';
import { HostileLdapServer } from '../servers/hostile-ldap-server';
import { LdapAnswer } from '../servers/ldap-answers';
import { SUFFIX } from '../servers/ldap-server';
import { requireServer } from '../servers/require-server';

const GROUPS = `ou=groups,${SUFFIX}`;

/** Who may write entries and groups, as operators of a directory do, but no password, and has no permission in the account. */
requireServer('slapd', 'secrets-manager')('an operator of an LDAP directory', () => {
  let bench: LdapBench;
  let scene: AttackScene;
  let serial = 0;

  beforeAll(async () => {
    bench = await LdapBench.start();
    scene = await AttackScene.of(bench.rotations, attackedDirectory(bench));
  });

  beforeEach(() => scene.prepare());

  afterAll(() => bench.stop());

  const functionFor = (binding: Partial<UserBinding> = {}): FunctionInProcess => scene.functionOf('single', {
    bindings: [{ secret: scene.app.arn, username: scene.app.username, strategy: 'single', ...binding }],
  });
  const rotate = async (rotating = functionFor()): Promise<Aftermath> => {
    const rotation = await scene.bench.begin(scene.app.arn);
    return scene.damageOf(rotating, async () => scene.rotate(rotating, rotation));
  };
  /** Takes the entry of a user away, and has another one under its name. */
  const replace = async (...attributes: string[]): Promise<void> => {
    await bench.directory.remove(scene.app.username);
    await bench.directory.add(scene.app.username, attributes);
  };

  test('who makes a reference to another server of an entry gets no login there', async () => {
    const other = await HostileLdapServer.start(
      bench.rotations.certificates.good, (id) => LdapAnswer.result(id, LdapAnswer.bind, 0),
    );
    await replace('objectClass: referral', 'objectClass: extensibleObject', `ref: ldaps://localhost:${other.port}/`);
    const { errors, changed, shown } = await rotate();
    expect({ changed, shown }).toEqual({ changed: [], shown: [] });
    expect(errors).toEqual([expect.objectContaining({ errorClass: 'configuration' })]);
    expect(other.connections).toBe(0);
    await other.stop();
  });

  test.each(['superuser', 'billing'] as const)('who makes an alias of another user changes no other: %s', async (who) => {
    const victim = who === 'superuser' ? bench.superuser : scene.billing;
    await replace('objectClass: alias', 'objectClass: extensibleObject', `aliasedObjectName: ${victim.username}`);
    const { changed, shown } = await rotate();
    // What stands under the user's own name may get the password.
    expect({ changed: changed.filter((name) => ![scene.app.username, scene.app.arn].includes(name)), shown })
      .toEqual({ changed: [], shown: [] });
    expect(await bench.worksFor(victim)).toBe(true);
  });

  test('who calls a group so that one looks like two does not make a user of other groups take its turn', async () => {
    const alternateUsername = LdapBench.alternateOf(scene.app.username);
    const name = `one${serial++}`;
    const [one, two] = [`cn=${name},${GROUPS}`, `cn=${name}x,${GROUPS}`];
    for (const group of [one, two]) {
      await bench.directory.add(group, ['objectClass: groupOfNames', `member: ${scene.app.username}`]);
    }
    const both = `cn=${`${name},${GROUPS}\ncn=${name}x`.replaceAll(',', '\\,').replaceAll('\n', '\\0a')},${GROUPS}`;
    const idle = { username: alternateUsername, password: 'the password of the idle user' };
    await bench.directory.createUser(idle);
    await bench.directory.add(both, ['objectClass: groupOfNames', `member: ${alternateUsername}`]);
    const { errors, changed, shown } = await rotate(functionFor({ strategy: 'alternating', alternateUsername }));
    expect({ changed, shown }).toEqual({ changed: [], shown: [] });
    expect(errors).toEqual([expect.objectContaining({ errorClass: 'conflict' })]);
    expect(await bench.worksFor(idle)).toBe(true);
  });

  test('who takes the entry of a user away does not have it made again', async () => {
    await bench.directory.remove(scene.app.username);
    const { errors, changed, shown } = await rotate();
    expect({ changed, shown }).toEqual({ changed: [], shown: [] });
    expect(errors).toEqual([expect.objectContaining({ errorClass: 'configuration', code: '32' })]);
    expect(await bench.exists(scene.app.username)).toBe(false);
  });
});
