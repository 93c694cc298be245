import { type Aftermath, AttackScene, CHOSEN_PASSWORD, type FunctionKind } from './support/attack-scene';
import { attackedMysql } from './support/attacked-database';
import { Attacker } from './support/attacker';
import { NO_DAMAGE } from './support/damage';
import { MysqlBench } from '../handlers/support/mysql-bench';
import { MariadbServer } from '../servers/mariadb-server';
import { MysqlPeer } from '../servers/mysql-peer';
import { requireServer } from '../servers/require-server';

const TWO_LOGINS = { changed: [], shown: [], connections: 2, logins: 2 };

describe.each([
  { engine: 'mariadb', kinds: ['single', 'alternating'], servers: ['mariadb', 'secrets-manager'] },
  { engine: 'mysql', kinds: ['single', 'alternating', 'dualPassword'], servers: ['secrets-manager'] },
] as {
  engine: 'mariadb' | 'mysql';
  kinds: FunctionKind[];
  servers: ('mariadb' | 'secrets-manager')[];
}[])('$engine', ({ engine, kinds, servers }) => {
  requireServer(...servers)('users', () => {
    let bench: MysqlBench<MariadbServer | MysqlPeer>;
    let scene: AttackScene;

    beforeAll(async () => {
      bench = await MysqlBench.start(engine, async ({ good }) =>
        engine === 'mariadb' ? MariadbServer.start({ certificate: good }) : MysqlPeer.start(good),
      );
      scene = await AttackScene.of(bench.rotations, attackedMysql(bench));
    });

    afterAll(() => bench.stop());

    beforeEach(() => scene.prepare());

    const rotate = async (kind: FunctionKind): Promise<Aftermath> => {
      const rotating = scene.functionOf(kind);
      return scene.damageOf(rotating, async () => scene.rotate(rotating, await scene.bench.begin(scene.app.arn)));
    };

    /** A user beside the victims', as somebody who may create users makes it. */
    const make = async (
      username: string,
      { host = '%', rights = [], roles = [] }: { host?: string; rights?: string[]; roles?: string[] },
    ): Promise<void> => {
      const { database } = bench;
      if (database instanceof MariadbServer) {
        await database.query(`CREATE USER IF NOT EXISTS ?@? IDENTIFIED BY '${CHOSEN_PASSWORD}'`, [username, host]);
        for (const right of rights) {
          await database.query(`GRANT ${right} ON *.* TO ?@?`, [username, host]);
        }
        for (const role of roles) {
          await database.query(`GRANT ${role} TO ?@?`, [username, host]);
        }
      } else {
        const account =
          database.accounts.accounts.get(`\`${username}\`@\`${host}\``)
          ?? database.accounts.add(username, CHOSEN_PASSWORD, { host });
        rights.forEach((right) => account.privileges.add(right));
        roles.forEach((role) => account.roles.add(`\`${role}\`@\`%\``));
      }
    };

    const makeRole = async (name: string, right: string): Promise<void> => {
      if (bench.database instanceof MariadbServer) {
        await bench.database.query(`CREATE ROLE ${name}`);
        await bench.database.query(`GRANT ${right} ON *.* TO ${name}`);
      } else {
        bench.database.accounts.add(name, CHOSEN_PASSWORD, { privileges: new Set([right]) });
      }
    };

    describe('a bound secret that holds another user', () => {
      beforeEach(() =>
        scene.permit(
          Attacker.may(['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret'], scene.app.arn),
        ),
      );

      const contentFor = (name: string): object =>
        bench.content({
          username: name === 'the superuser' ? bench.database.superuser.username : scene.billing.username,
          password: CHOSEN_PASSWORD,
        });

      test.each([...kinds, 'prove'] as FunctionKind[])(
        '%s, the superuser or another bound user in AWSPENDING: dropped before any login',
        async (kind) => {
          for (const name of ['the superuser', 'another bound user']) {
            const rotating = scene.functionOf(kind);
            const { errors, ...damage } = await scene.damageOf(rotating, async () => {
              const rotation = await scene.attacker.rotate(scene.app.arn);
              await scene.attacker.put(scene.app.arn, contentFor(name), ['AWSPENDING'], rotation.token);
              return scene.invoke(rotating, rotation);
            });
            expect(damage).toEqual(NO_DAMAGE);
            expect(errors[0])
              .toMatchObject({ errorClass: 'stale', message: expect.stringContaining('the pending version names another user') });
            expect(await scene.attacker.labels(scene.app.arn)).not.toHaveProperty('AWSPENDING');
          }
        },
      );

      test.each(kinds)('%s, the superuser in AWSCURRENT: refused before any login', async (kind) => {
        await scene.attacker.moveLabel(
          scene.app.arn,
          'AWSCURRENT',
          await scene.attacker.put(scene.app.arn, contentFor('the superuser'), ['SWAPPED']),
        );
        const { errors, ...damage } = await rotate(kind);
        expect(damage).toEqual(NO_DAMAGE);
        expect(errors).toEqual([
          expect.objectContaining({
            message: expect.stringContaining('AWSCURRENT names another user than the one that the secret is bound to'),
          }),
        ]);
      });

      test('prove, the superuser in AWSCURRENT: a guess that is refused', async () => {
        await scene.attacker.moveLabel(
          scene.app.arn,
          'AWSCURRENT',
          await scene.attacker.put(scene.app.arn, contentFor('the superuser'), ['SWAPPED']),
        );
        const { errors, changed, shown, logins } = await rotate('prove');
        expect({ changed, shown, logins }).toEqual({ changed: [], shown: [], logins: 0 });
        expect(errors).toEqual([expect.objectContaining({ errorClass: 'authentication' })]);
      });
    });

    const ADMINISTRATORS = [
      'CREATE USER',
      ...(engine === 'mysql' ? ['SYSTEM_USER', 'ROLE_ADMIN', 'SUPER', 'GRANT OPTION'] : ['SUPER', 'ALL PRIVILEGES']),
    ];
    const administrator = [
      expect.objectContaining({
        errorClass: 'configuration',
        message: expect.stringContaining('an administrator of the server'),
      }),
    ];

    test.each(ADMINISTRATORS)('the superuser changes no user that has %s', async (right) => {
      await make(scene.app.username, { rights: [right] });
      expect(await rotate('single')).toEqual({ ...TWO_LOGINS, errors: administrator });
    });

    test.each(kinds)('%s: nor one that has it by a role of a role', async (kind) => {
      const [inner, outer] = [`inner_${kind}`, `outer_${kind}`];
      await makeRole(inner, 'CREATE USER');
      await makeRole(outer, 'SELECT');
      if (bench.database instanceof MariadbServer) {
        await bench.database.query(`GRANT ${inner} TO ${outer}`);
      } else {
        await make(outer, { roles: [inner] });
      }
      await make(scene.app.username, { roles: [outer] });
      expect(await rotate(kind)).toEqual({ ...TWO_LOGINS, errors: administrator });
    });

    test.each(kinds)('%s: nor one of several that have the name, from different hosts', async (kind) => {
      await make(scene.app.username, { host: '10.0.0.%' });
      const { errors, ...damage } = await rotate(kind);
      expect(damage).toEqual(TWO_LOGINS);
      expect(errors).toEqual([
        expect.objectContaining({ errorClass: 'conflict', message: expect.stringContaining('several users of the name') }),
      ]);
    });

    test.each([
      ['with rights that the base has not', { rights: ['PROCESS'] }, 'conflict'],
      ['for another host', { host: '10.0.0.%' }, 'conflict'],
      ['that administers', { rights: ['CREATE USER'] }, 'configuration'],
    ])('an alternate user that somebody made beforehand is not taken over, and never in use: %s', async (_, made, errorClass) => {
      await make(`${scene.app.username}_clone`, made);
      const { errors, ...damage } = await rotate('alternating');
      expect(damage).toEqual(TWO_LOGINS);
      expect(errors).toEqual([expect.objectContaining({ errorClass })]);
      expect((await scene.bench.credentials(scene.app.arn)).username).toBe(scene.app.username);
    });

    test('one that is exactly what the function makes gets a new password, and who made it is out', async () => {
      const clone = { username: `${scene.app.username}_clone`, password: CHOSEN_PASSWORD };
      await make(clone.username, {});
      expect(await bench.worksFor(clone)).toBe(true);
      const { errors, changed, shown } = await rotate('alternating');
      expect({ errors, changed, shown }).toEqual({ errors: [], changed: [clone.username, scene.app.arn].sort(), shown: [] });
      expect(await bench.worksFor(clone)).toBe(false);
      expect(await bench.worksFor(await scene.bench.credentials(scene.app.arn))).toBe(true);
    });
  });
});
