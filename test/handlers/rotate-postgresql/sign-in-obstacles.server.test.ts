import type { UserBinding } from '../../../src/contract/database-facts';
import { requireServer } from '../../servers/require-server';
import { type Credentials, RotationBench } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

/** Something that keeps a user out, whatever its password is, and what the error advises. */
interface Obstacle {
  readonly name: string;
  /** With APP for the user. */
  readonly statements?: string[];
  readonly hba?: string[];
  readonly content?: Record<string, unknown>;
  readonly advice: string;
  readonly remedy?: string[];
}

const RULES = ['hostssl all all all scram-sha-256', 'hostnossl all all all reject'];
const MEMBERS_OF_IAM = ['hostssl all +rds_iam all password', ...RULES];

/** The administrator connects to a database that everybody may connect to. */
const OBSTACLES: Obstacle[] = [
  { name: 'NOLOGIN', statements: ['ALTER ROLE APP NOLOGIN'], advice: 'LOGIN', remedy: ['ALTER ROLE APP LOGIN'] },
  {
    name: 'a password that has expired',
    statements: ["ALTER ROLE APP VALID UNTIL '2001-01-01'"],
    advice: "VALID UNTIL 'infinity'",
    remedy: ["ALTER ROLE APP VALID UNTIL 'infinity'"],
  },
  {
    name: 'no CONNECT',
    content: { dbname: 'closed' },
    advice: 'GRANT CONNECT ON DATABASE',
    remedy: ['GRANT CONNECT ON DATABASE closed TO APP'],
  },
  {
    name: 'a database that accepts no connections',
    statements: ['ALTER DATABASE shut ALLOW_CONNECTIONS false'],
    content: { dbname: 'shut' },
    advice: 'ALLOW_CONNECTIONS true',
    remedy: ['ALTER DATABASE shut ALLOW_CONNECTIONS true'],
  },
  {
    name: 'a database that does not exist',
    content: { dbname: 'renamed_since' },
    advice: 'correct "dbname" in the secret',
    remedy: ['CREATE DATABASE renamed_since'],
  },
  {
    name: 'rds_iam',
    hba: MEMBERS_OF_IAM,
    statements: ['GRANT rds_iam TO APP'],
    advice: 'REVOKE rds_iam FROM',
    remedy: ['REVOKE rds_iam FROM APP'],
  },
  {
    name: 'rds_iam through another role',
    hba: MEMBERS_OF_IAM,
    statements: ['GRANT operators TO APP'],
    advice: 'REVOKE rds_iam FROM',
    remedy: ['REVOKE operators FROM APP'],
  },
];

requireServer('postgresql-18', 'secrets-manager')('a user that is kept out, whatever its password is', () => {
  let bench: RotationBench;
  let serial = 0;
  let app: Credentials;
  let arn: string;
  let superuserSecret: string;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18 });
    superuserSecret = await bench.createSuperuserSecret();
    await bench.database.query('CREATE ROLE rds_iam; CREATE ROLE operators; GRANT rds_iam TO operators');
    await bench.database.query('CREATE DATABASE closed');
    await bench.database.query('REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
    await bench.database.query('CREATE DATABASE shut');
  });

  afterAll(() => bench.stop());

  beforeEach(async () => {
    app = { username: `app${serial++}`, password: 'the first password' };
    await bench.createUser(app);
  });

  afterEach(async () => {
    await bench.database.query('DROP DATABASE IF EXISTS renamed_since');
  });

  const rotatingWith = (strategy: UserBinding['strategy'] | 'itself'): FunctionInProcess =>
    bench.inProcess('rotate-postgresql', strategy === 'itself' ? { mode: 'prove', database: bench.facts } : {
      mode: 'superuser', database: bench.facts, superuserSecret, bindings: [{ secret: arn, username: app.username, strategy }],
    });

  const run = async (statements: string[] = []): Promise<void> => {
    for (const statement of statements) {
      await bench.database.query(statement.replaceAll('APP', app.username));
    }
  };

  describe.each(OBSTACLES)('$name', ({ statements, hba, content, advice, remedy }) => {
    beforeAll(async () => bench.database.restart({ hba: hba ?? RULES }));

    test.each([
      ['single', true], ['single', false], ['alternating', true], ['alternating', false],
    ] as const)('is not changed, and then is as the error advises: %s, its password is known: %s', async (strategy, known) => {
      arn = await bench.createSecret(bench.content(known ? app : { ...app, password: 'nobody knows it' }, content));
      await run(statements);
      const before = await bench.verifierOf(app.username);
      const rotation = await bench.begin(arn);
      await bench.step(rotatingWith(strategy), rotation, 'createSecret');
      await expect(bench.step(rotatingWith(strategy), rotation, 'setSecret')).rejects.toThrow(advice);
      expect([await bench.verifierOf(app.username), await bench.exists(`${app.username}_clone`)]).toEqual([before, false]);
      await run(remedy);
      for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
        await bench.step(rotatingWith(strategy), rotation, step);
      }
      expect((await bench.labels(arn)).AWSCURRENT).toBe(rotation.token);
    });
  });

  test.each(['itself', 'single', 'alternating'] as const)(
    'from here, as pg_hba.conf says, it is not changed: %s',
    async (strategy) => {
      await bench.database.restart({ hba: [`hostssl all ${app.username} all reject`, ...RULES] });
      arn = await bench.createSecret(bench.content(app));
      const before = await bench.verifierOf(app.username);
      await expect(bench.rotate(rotatingWith(strategy), arn)).rejects.toThrow('pg_hba.conf a rule for it');
      expect(await bench.verifierOf(app.username)).toBe(before);
      await bench.database.restart({ hba: RULES });
      const { token } = await bench.pendingOf(arn);
      for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
        await bench.step(rotatingWith(strategy), { arn, token }, step);
      }
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    },
  );

  test('an alternate user that is kept out by itself is not changed', async () => {
    await bench.database.restart({ hba: RULES });
    arn = await bench.createSecret(bench.content(app));
    await bench.rotate(rotatingWith('alternating'), arn);
    await bench.rotate(rotatingWith('alternating'), arn);
    await run(['ALTER ROLE APP_clone NOLOGIN']);
    await expect(bench.rotate(rotatingWith('alternating'), arn)).rejects.toThrow('ALTER ROLE <user> LOGIN');
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test.each(['itself', 'single', 'alternating'] as const)(
    'where only members of rds_password set passwords, the error says who has to become one: %s',
    async (strategy) => {
      await bench.database.restart({ hba: RULES, settings: { 'rds.restrict_password_commands': 'on' } });
      arn = await bench.createSecret(bench.content(app));
      const setter = strategy === 'itself' ? app.username : 'administrator';
      await bench.database.query('DROP ROLE IF EXISTS administrator, rds_password');
      await bench.database.query('CREATE ROLE rds_password');
      await bench.database.query("CREATE ROLE administrator CREATEROLE LOGIN PASSWORD 'administrates'");
      await run(['GRANT APP TO administrator WITH ADMIN OPTION']);
      superuserSecret = await bench.createSecret({ username: 'administrator', password: 'administrates' });
      const message = expect.stringContaining(`GRANT rds_password TO "${setter}"`) as string;
      await expect(bench.rotate(rotatingWith(strategy), arn)).rejects.toMatchObject({ errorClass: 'permission', message });
      expect(await bench.worksFor(app)).toBe(true);
      await bench.database.query(`GRANT rds_password TO "${setter}"`);
      const rotation = await bench.pendingOf(arn);
      for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
        await bench.step(rotatingWith(strategy), rotation, step);
      }
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
      await bench.database.query('DROP OWNED BY administrator; REVOKE rds_password FROM administrator');
    },
  );
});
