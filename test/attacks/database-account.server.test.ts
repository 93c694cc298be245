import { Client } from 'pg';
import { type Aftermath, AttackScene, CHOSEN_PASSWORD } from './support/attack-scene';
import type { Credentials } from '../handlers/support/rotation-bench';
import { requireServer } from '../servers/require-server';

const KINDS = ['prove', 'single', 'alternating'] as const;

/**
 * Stands in for a view, a function or an operator of the catalogue, and makes the attacker a superuser where a superuser meets
 * it.
 */
const TRAPS = `
  CREATE TABLE public.caught (username text);
  GRANT ALL ON public.caught TO public;
  CREATE FUNCTION public.trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.caught VALUES (session_user);
    EXECUTE 'ALTER ROLE ' || (SELECT rolname FROM pg_catalog.pg_roles WHERE rolname LIKE 'mallory%') || ' SUPERUSER';
    RETURN true;
  EXCEPTION WHEN insufficient_privilege THEN RETURN true; END $$;
  CREATE FUNCTION public.trap_of_names(name, name) RETURNS boolean LANGUAGE sql AS 'SELECT public.trap()';
  CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = name, FUNCTION = public.trap_of_names);
  CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE sql AS 'SELECT public.trap()::text';
  CREATE FUNCTION public.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT public.trap()';
  CREATE FUNCTION public.pg_has_role(oid, oid, text) RETURNS boolean LANGUAGE sql AS 'SELECT public.trap()';
  ${['pg_roles', 'pg_database', 'pg_settings', 'pg_auth_members', 'pg_db_role_setting', 'pg_shdepend']
    .map(
      (name) =>
        `CREATE VIEW public.${name} AS SELECT * FROM pg_catalog.${name} WHERE public.trap(); GRANT ALL ON `
          + `public.${name} TO public`,
    )
    .join(';')}`;

/** Settings that the owner of a database may give every session in it. */
const SETTINGS = [
  'search_path = public, pg_catalog', 'role = MALLORY', 'standard_conforming_strings = off', 'backslash_quote = on',
  'password_encryption = md5',
  'client_encoding = LATIN1', 'default_transaction_isolation = serializable', 'default_transaction_deferrable = on',
  'application_name = hidden',
  'lock_timeout = 1', 'statement_timeout = 1',
];

describe.each([15, 18] as const)('PostgreSQL %d', (version) => {
  requireServer(`postgresql-${version}`, 'secrets-manager')('an account in the database', () => {
    let scene: AttackScene;
    let serial = 0;
    let mallory: Credentials;
    let clone: string;

    beforeAll(async () => {
      scene = await AttackScene.start({ version });
    });

    afterAll(() => scene.stop());

    beforeEach(async () => {
      await scene.prepare();
      mallory = { username: `mallory${serial++}`, password: CHOSEN_PASSWORD };
      clone = `${scene.app.username}_clone`;
    });

    afterEach(async () => {
      await scene.bench.database.query('DROP DATABASE IF EXISTS personnel WITH (FORCE)');
      await scene.bench.database.query(`DROP ROLE IF EXISTS ${mallory.username}`);
    });

    /** In the database that the attacker owns. */
    const inPersonnel = async ({ username: user, password }: Credentials, sql: string): Promise<Record<string, unknown>[]> => {
      const { host, port } = scene.bench.database;
      const client = new Client({
        host,
        port,
        user,
        password,
        database: 'personnel',
        ssl: { ca: scene.bench.certificates.authority.certificate },
      });
      await client.connect();
      return client.query<Record<string, unknown>>(sql).then(({ rows }) => rows).finally(async () => client.end());
    };

    const rotate = async (kind: (typeof KINDS)[number], databaseName = 'postgres'): Promise<Aftermath> => {
      const rotating = scene.functionOf(kind, { database: { ...scene.bench.facts, databaseName } });
      return scene.damageOf(rotating, async () => scene.rotate(rotating, await scene.bench.begin(scene.app.arn)));
    };

    describe('that makes the alternate user beforehand', () => {
      test('by the right to create roles alone: not taken over, and never in use', async () => {
        await scene.bench.createUser(mallory, 'CREATEROLE');
        await scene.bench.as(mallory, `CREATE ROLE ${clone} LOGIN PASSWORD '${CHOSEN_PASSWORD}'`);
        await scene.bench.as(mallory, `ALTER ROLE ${clone} SET role = '${scene.app.username}'`);
        const { errors, ...damage } = await rotate('alternating');
        expect(damage).toEqual({ changed: [], shown: [], connections: 2, logins: 2 });
        expect(errors).toEqual([
          expect.objectContaining({
            errorClass: 'conflict',
            message: expect.stringContaining('not a member of exactly its base'),
          }),
        ]);
        await scene.bench.database.query(`DROP ROLE ${clone}`);
      });

      test.each<[string, string, string]>([
        ['a superuser', 'a superuser of the server', 'ALTER ROLE CLONE SUPERUSER'],
        ['member of a superuser', 'a superuser of the server', 'GRANT postgres TO CLONE'],
        ['member of another user', 'not a member of exactly its base', 'GRANT OTHER TO CLONE'],
        ['the owner of something', 'it owns objects', 'CREATE SCHEMA CLONE AUTHORIZATION CLONE'],
        ['able to create roles', 'attributes of its own', 'ALTER ROLE CLONE CREATEROLE'],
        ['acting as another user in one database', 'setting', 'ALTER ROLE CLONE IN DATABASE postgres SET role = \'OTHER\''],
      ])('as a clone that is %s: not taken over', async (_, reason, statement) => {
        await scene.bench.createUser({ username: clone, password: CHOSEN_PASSWORD }, `IN ROLE ${scene.app.username}`);
        await scene.bench.database.query(`ALTER ROLE ${clone} SET role = '${scene.app.username}'`);
        await scene.bench.database.query(statement.replaceAll('CLONE', clone).replaceAll('OTHER', scene.billing.username));
        const { errors, ...damage } = await rotate('alternating');
        expect(damage).toEqual({ changed: [], shown: [], connections: 2, logins: 2 });
        expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining(reason) })]);
        expect(await scene.bench.worksFor(scene.app)).toBe(true);
      });

      test('as an exact clone: it gets a password that the attacker does not know', async () => {
        await scene.bench.createUser({ username: clone, password: CHOSEN_PASSWORD }, `IN ROLE ${scene.app.username}`);
        await scene.bench.database.query(`ALTER ROLE ${clone} SET role = '${scene.app.username}'`);
        const { errors, changed } = await rotate('alternating');
        expect([errors, changed]).toEqual([[], [clone, scene.app.arn].sort()]);
        expect(await scene.bench.worksFor({ username: clone, password: CHOSEN_PASSWORD })).toBe(false);
      });
    });

    test.each(['single', 'alternating'] as const)(
      'that a superuser has made one of its own: the superuser changes no superuser (%s)',
      async (kind) => {
        await scene.bench.database.query(`CREATE ROLE operators IN ROLE postgres; GRANT operators TO ${scene.app.username}`);
        const { errors, ...damage } = await rotate(kind);
        await scene.bench.database.query('DROP ROLE operators');
        expect(damage).toEqual({ changed: [], shown: [], connections: 2, logins: 2 });
        expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('a superuser of the server') })]);
      },
    );

    test('that is the base, with statements in the settings it gives itself: the superuser, who copies them, runs '
      + 'none', async () => {
      const statement = `'; ALTER ROLE ${scene.app.username} SUPERUSER; --`;
      const settings = [
        String.raw`application_name = E'\\${statement.replace("'", "''")}'`,
        `search_path = "${statement}", "a"", ${statement}", public`, "temp_tablespaces = ''",
      ];
      await scene.bench.as(scene.app, settings.map((setting) => `ALTER ROLE ${scene.app.username} SET ${setting}`).join('; '));
      for (let rotation = 0; rotation < 2; rotation++) {
        const { errors, changed } = await rotate('alternating');
        const { username } = await scene.bench.credentials(scene.app.arn);
        expect([errors, changed]).toEqual([[], [username, scene.app.arn].sort()]);
      }
      const superusers = await scene.bench.database.query(
        'SELECT rolname::text FROM pg_roles WHERE rolsuper AND rolname = ANY ($1)',
        [[scene.app.username, clone]],
      );
      expect(superusers).toEqual([]);
    });

    describe('that owns the database', () => {
      beforeEach(async () => {
        await scene.bench.createUser(mallory);
        await scene.bench.database.query(`CREATE DATABASE personnel OWNER ${mallory.username}`);
        await scene.bench.replace(
          scene.app.arn,
          scene.bench.content({ username: scene.app.username, password: scene.app.password }, { dbname: 'personnel' }),
        );
      });

      const isSuperuser = async (): Promise<unknown> =>
        (await scene.bench.database.query('SELECT rolsuper FROM pg_roles WHERE rolname = $1', [mallory.username]))[0].rolsuper;

      test('with objects in the way of the catalogue: no statement of a function meets one', async () => {
        await inPersonnel(mallory, TRAPS);
        await inPersonnel(mallory, 'ALTER DATABASE personnel SET search_path = public, pg_catalog');
        for (const kind of KINDS) {
          const { errors, changed } = await rotate(kind, 'personnel');
          expect([errors, changed]).toEqual([[], expect.arrayContaining([scene.app.arn])]);
        }
        expect([await inPersonnel(mallory, 'SELECT * FROM public.caught'), await isSuperuser()]).toEqual([[], false]);
        // Whoever is less careful is caught: the traps are real.
        await inPersonnel(scene.bench.database.superuser, "SELECT current_setting('role'), pg_is_in_recovery() FROM pg_roles");
        expect([(await inPersonnel(mallory, 'SELECT * FROM public.caught')).length, await isSuperuser()])
          .toEqual([expect.any(Number), true]);
      });

      test.each([
        ['of many kinds', SETTINGS], ['of another user', ['session_authorization = MALLORY']],
      ])('with settings for every session in it, %s: they decide nothing', async (_, settings) => {
        for (const setting of settings) {
          await inPersonnel(
            mallory,
            `SET statement_timeout = 0; ALTER DATABASE personnel SET ${setting.replace('MALLORY', mallory.username)}`,
          );
        }
        for (const kind of KINDS) {
          const { errors, changed, shown } = await rotate(kind, 'personnel');
          const { username } = await scene.bench.credentials(scene.app.arn);
          expect({ errors, shown, changed }).toEqual({ errors: [], shown: [], changed: [username, scene.app.arn].sort() });
          expect(await scene.bench.verifierOf(username)).toMatch(/^SCRAM-SHA-256\$/);
          expect(await scene.bench.worksFor(await scene.bench.credentials(scene.app.arn))).toBe(true);
        }
      });

      test('that it makes read-only: the rotation fails, and nothing is changed', async () => {
        await inPersonnel(mallory, 'ALTER DATABASE personnel SET default_transaction_read_only = on');
        for (const kind of KINDS) {
          const { errors, changed, shown } = await rotate(kind, 'personnel');
          expect([changed, shown]).toEqual([[], []]);
          expect(errors).toEqual([expect.objectContaining({ errorClass: 'readOnly' })]);
        }
      });
    });
  });
});
