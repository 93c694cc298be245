import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession, UserChange } from '../../../handlers/database/credential-target';
import { PostgresqlTarget } from '../../../handlers/rotate-postgresql/postgresql-target';
import { createCertificates } from '../../servers/certificates';
import { PostgreSqlServer } from '../../servers/postgresql-server';
import { requireServer } from '../../servers/require-server';

const { good, authority } = createCertificates();

requireServer('postgresql-18')('a user that a superuser is to create', () => {
  let server: PostgreSqlServer;

  const signIn = async (username: string, databaseName: string): Promise<CredentialSession> => {
    const { host, port } = server;
    const database = { engine: 'postgres', host, port, certificateAuthorities: authority.certificate, databaseName };
    return new PostgresqlTarget({ region: 'eu-west-1', database })
      .signIn({ username, password: 'first' }, new Deadline(systemClock, 120_000));
  };

  const create = async (change: Partial<UserChange>, alternating = false, databaseName = 'postgres'): Promise<void> => {
    const session = await signIn('boss', databaseName);
    const all = { username: 'app', password: 'first', token: 't', createWithRoles: [], ...change };
    await (alternating ? session.changeAlternate({ ...all, username: `${all.username}_clone`, base: all.username })
      : session.changeUser(all)).finally(async () => session.close());
  };

  const made = async (): Promise<unknown> => server.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'app%'");

  beforeAll(async () => {
    server = await PostgreSqlServer.start({ version: 18, certificate: good });
    for (const sql of [
      "CREATE ROLE boss SUPERUSER LOGIN PASSWORD 'first'", 'CREATE ROLE operators', 'CREATE ROLE rds_superuser',
      'GRANT boss TO operators', 'CREATE ROLE readers',
      "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
      "CREATE DATABASE bytes ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
    ]) {
      await server.query(sql);
    }
  });

  afterAll(async () => server.stop());

  test.each([
    'boss', 'operators', 'rds_superuser',
  ])('is none that a role makes a superuser, whom nobody could rotate: %s', async (role) => {
    for (const alternating of [false, true]) {
      await expect(create({ createWithRoles: ['readers', role] }, alternating)).rejects.toMatchObject({
        errorClass: 'configuration', message: expect.stringContaining('leave the role out') as string,
      });
    }
    expect(await made()).toEqual([]);
  });

  test('has to be one that may have connections where it is there already', async () => {
    await server.query("CREATE ROLE few LOGIN PASSWORD 'old'; CREATE ROLE few_clone LOGIN; GRANT few TO few_clone");
    await server.query("ALTER ROLE few_clone SET role = 'few'; ALTER ROLE few_clone CONNECTION LIMIT 0");
    await create({ username: 'few' }, true);
    await (await signIn('few_clone', 'postgres')).close();
    await server.query('ALTER ROLE few CONNECTION LIMIT 0');
    const before = await server.query("SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'few%'");
    for (const alternating of [false, true]) {
      await expect(create({ username: 'few', password: 'another' }, alternating)).rejects.toMatchObject({
        errorClass: 'configuration', message: expect.stringContaining('CONNECTION LIMIT -1') as string,
      });
    }
    expect(await server.query("SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'few%'")).toEqual(before);
    await server.query('ALTER ROLE few CONNECTION LIMIT -1');
    await create({ username: 'few' });
    await (await signIn('few', 'postgres')).close();
  });

  test('is not made where its name would be stored in bytes with which nobody signs in', async () => {
    for (const alternating of [false, true]) {
      await expect(create({ username: 'appé' }, alternating, 'latin')).rejects.toMatchObject({
        errorClass: 'configuration', message: expect.stringContaining('database in UTF8') as string,
      });
    }
    expect(await made()).toEqual([]);
    for (const databaseName of ['bytes', 'postgres']) {
      await create({ username: 'appé' }, false, databaseName);
      await (await signIn('appé', databaseName)).close();
    }
    await create({ username: 'plain' }, false, 'latin');
    await (await signIn('plain', 'latin')).close();
  });
});
