import type { DatabaseFacts, UserBinding } from '../../../src/contract/database-facts';
import type { PasswordRules } from '../../../src/contract/password-rules';
import { type Credentials, type DatabaseBench, STEPS } from '../support/bench';
import type { FunctionInProcess } from '../support/rotation-function';

type Kind = 'prove' | UserBinding['strategy'];

interface Differences {
  readonly database?: Partial<DatabaseFacts>;
  readonly password?: PasswordRules;
  /** Fields of the superuser's secret. */
  readonly superuser?: object;
}

const KINDS: Kind[] = ['prove', 'single', 'alternating'];

/** What holds for every kind of rotation of database users. */
export function describeDatabaseRotation(benchOf: () => DatabaseBench): void {
  let bench: DatabaseBench;
  let serial = 0;

  const secretFor = async (dbname?: string): Promise<{ app: Credentials; arn: string }> => {
    const app = { username: `user${serial++}`, password: 'the first password' };
    await bench.createUser(app);
    return { app, arn: await bench.createSecret(bench.content(app, { dbname })) };
  };
  const rotating = async (
    kind: Kind,
    secrets: { app: Credentials; arn: string }[],
    more: Differences = {},
  ): Promise<FunctionInProcess> => {
    const options = { database: { ...bench.facts, ...more.database }, password: more.password };
    return bench.inProcess('rotate-postgresql', kind === 'prove' ? { ...options, mode: 'prove' } : {
      ...options,
      mode: 'superuser',
      superuserSecret: await bench.createSecret({ ...bench.superuser, ...more.superuser }),
      bindings: secrets.map(({ app, arn }) => ({ secret: arn, username: app.username, strategy: kind })),
    });
  };

  beforeEach(() => {
    bench = benchOf();
    bench.reset();
  });

  test.each(KINDS)("passwords follow the function's rules: %s", async (kind) => {
    const secret = await secretFor();
    const password = { length: 44, excludeCharacters: 'abcdefghijklmnopqrstuvwxyz', excludePunctuation: true };
    await bench.rotate(await rotating(kind, [secret], { password }), secret.arn);
    expect((await bench.credentials(secret.arn)).password).toMatch(/^[A-Z0-9]{44}$/);
  });

  test.each(KINDS)("the database is the secret's, or else the deployment's, and never the superuser's: %s", async (kind) => {
    const [named, unnamed] = [await secretFor('postgres'), await secretFor()];
    const functionFor = async (databaseName: string): Promise<FunctionInProcess> =>
      rotating(kind, [named, unnamed], { database: { databaseName }, superuser: { dbname: 'nosuch' } });
    await bench.rotate(await functionFor('postgres'), unnamed.arn);
    const wrong = await functionFor('nosuch');
    if (kind === 'prove') {
      await bench.rotate(wrong, named.arn);
    }
    const without = await secretFor();
    const binding = await rotating(kind, [without], { database: { databaseName: 'nosuch' } });
    await expect(bench.rotate(binding, without.arn)).rejects.toMatchObject({ errorClass: 'configuration', code: '3D000' });
  });

  test.each(KINDS.flatMap((kind) => [[kind, null], [kind, '']] as const))(
    'a database name that says nothing is absent: %s, %j',
    async (kind, dbname) => {
      const secret = await secretFor();
      await bench.replace(secret.arn, bench.content(secret.app, { dbname }));
      await bench.rotate(await rotating(kind, [secret]), secret.arn);
      await bench.rotate(await rotating(kind, [secret]), secret.arn);
      expect(await bench.worksFor(await bench.credentials(secret.arn))).toBe(true);
    },
  );

  test.each(KINDS.flatMap((kind) => [
    [kind, { dbname: 7 }, 'AWSCURRENT has no dbname'],
    [kind, { dsn: 'host=h password=the first password' }, 'AWSCURRENT holds its password in its field dsn as well'],
  ] as const))(
    'what later steps could not read is refused before there is a pending version: %s, %j', async (kind, more, text) => {
      const secret = await secretFor();
      await bench.replace(secret.arn, bench.content(secret.app, more));
      const rotation = await bench.begin(secret.arn);
      await expect(bench.step(await rotating(kind, [secret]), rotation, 'createSecret')).rejects.toThrow(text);
      await expect(bench.value(secret.arn, 'AWSPENDING')).rejects.toThrow();
      await bench.replace(secret.arn, bench.content(secret.app));
      for (const step of STEPS) {
        await bench.step(await rotating(kind, [secret]), rotation, step);
      }
      expect(await bench.worksFor(await bench.credentials(secret.arn))).toBe(true);
    });

  test.each(KINDS)('a URL of the secret has the credentials that work: %s', async (kind) => {
    const secret = await secretFor();
    const { host, port } = bench.facts;
    const url = `postgres://${secret.app.username}:the%20first%20password@${host}:${port}/postgres`;
    await bench.replace(secret.arn, bench.content(secret.app, { url }));
    for (let turn = 0; turn < 2; turn++) {
      await bench.rotate(await rotating(kind, [secret]), secret.arn);
      const link = new URL((await bench.credentials(secret.arn)).url as string);
      const [username, password] = [link.username, link.password].map(decodeURIComponent);
      expect(await bench.worksFor({ username, password })).toBe(true);
    }
  });

  test.each(KINDS)('two secrets whose steps come by turns do not meet: %s', async (kind) => {
    const secrets = [await secretFor(), await secretFor()];
    const shared = await rotating(kind, secrets);
    const rotations = [await bench.begin(secrets[0].arn), await bench.begin(secrets[1].arn)];
    for (const step of STEPS) {
      for (const rotation of rotations) {
        await bench.step(shared, rotation, step);
      }
    }
    const after = await Promise.all(secrets.map(async ({ arn }) => bench.credentials(arn)));
    expect(after.map(({ username }) => username.replace('_clone', ''))).toEqual(secrets.map(({ app }) => app.username));
    expect(await Promise.all(after.map(async (credentials) => bench.worksFor(credentials)))).toEqual([true, true]);
    expect(after[0].password).not.toBe(after[1].password);
  });

  test.each(KINDS)(
    'rotations that were given up twice in a row, after the password was set, do not hinder the next: %s',
    async (kind) => {
      const secret = await secretFor();
      for (let turn = 0; turn < 2; turn++) {
        const rotation = await bench.begin(secret.arn);
        const given = await rotating(kind, [secret]);
        await bench.step(given, rotation, 'createSecret');
        await bench.step(given, rotation, 'setSecret');
        await bench.abandon(rotation);
      }
      expect(await bench.worksFor(secret.app)).toBe(kind === 'alternating');
      await bench.rotate(await rotating(kind, [secret]), secret.arn);
      expect(await bench.worksFor(await bench.credentials(secret.arn))).toBe(true);
    },
  );

  test.each(KINDS)('a server that follows another one takes no change: %s', async (kind) => {
    const secret = await secretFor();
    await bench.startDatabase({ standby: true });
    await expect(bench.rotate(await rotating(kind, [secret]), secret.arn)).rejects.toMatchObject({ errorClass: 'readOnly' });
    await bench.startDatabase({ standby: false });
    expect(await bench.worksFor(secret.app)).toBe(true);
  });
}
