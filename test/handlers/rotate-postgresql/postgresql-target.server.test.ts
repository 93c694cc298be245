import { Transform } from 'node:stream';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { SignInRefused } from '../../../handlers/database/credential-target';
import { PostgresqlTarget } from '../../../handlers/rotate-postgresql/postgresql-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { CertificateAuthority, createCertificates } from '../../servers/certificates';
import { PostgreSqlServer } from '../../servers/postgresql-server';
import { requireServer } from '../../servers/require-server';
import { ManInTheMiddle } from '../support/man-in-the-middle';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';
const app = { username: 'app', password: PASSWORD };

function targetOf(server: { host: string; port: number }, changes: Partial<DatabaseFacts> = {}): PostgresqlTarget {
  const database = {
    engine: 'postgres',
    host: server.host,
    certificateAuthorities: certificates.authority.certificate,
    ...changes,
    port: server.port,
  };
  return new PostgresqlTarget({ region: 'eu-west-1', database });
}

const inTime = (milliseconds = 10_000): Deadline => new Deadline(systemClock, milliseconds);

describe.each([15, 18] as const)('PostgreSQL %d', (version) => {
  requireServer(`postgresql-${version}`)('signing in', () => {
    let server: PostgreSqlServer;

    beforeAll(async () => {
      server = await PostgreSqlServer.start({ version, certificate: certificates.good, settings: { log_connections: 'on' } });
      await server.query(`CREATE ROLE app LOGIN PASSWORD '${PASSWORD}'`);
    });

    afterAll(() => server.stop());

    test('tells who it is', async () => {
      const session = await targetOf(server).signIn(app, inTime());
      expect(session.identity).toMatchObject({ username: 'app', actingAs: 'app' });
      await session.close();
    });

    test('with a wrong password, and as nobody', async () => {
      await expect(targetOf(server).signIn({ ...app, password: 'wrong' }, inTime()))
        .rejects.toMatchObject({ errorClass: 'authentication', code: '28P01' });
      await expect(targetOf(server).signIn({ username: 'nobody', password: 'x' }, inTime()))
        .rejects.toMatchObject({ errorClass: 'authentication' });
    });

    test('to a database that does not exist', async () => {
      await expect(targetOf(server).signIn({ ...app, databaseName: 'none' }, inTime()))
        .rejects.toMatchObject({ errorClass: 'configuration', code: '3D000' });
    });

    test('is bound to the channel: who holds another certificate of the same authority, and forwards everything, gets '
      + 'nowhere', async () => {
      const man = await ManInTheMiddle.start(certificates.authority.issue({ names: ['localhost'] }), server.port);
      const error: unknown = await targetOf(man).signIn(app, inTime()).catch((thrown: unknown) => thrown);
      await man.stop();
      expect(error).toMatchObject({ name: 'RotationError' });
      expect(man.forwarded).toContain('SCRAM-SHA-256-PLUS');
    });

    test.each(['not PEM', '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----', ''])(
      'trusts nobody where the authorities are %j',
      async (none) => {
        await expect(targetOf(server, { certificateAuthorities: none }).signIn(app, inTime()))
          .rejects.toMatchObject({ errorClass: 'tls' });
      },
    );

    test('without a question is refused', async () => {
      await server.restart({ hba: ['hostssl all all all trust'] });
      await expect(targetOf(server).signIn(app, inTime())).rejects.toMatchObject({ errorClass: 'protocol' });
      await server.restart({ hba: ['hostssl all all all scram-sha-256'] });
    });

    test('to a server that stops answering', async () => {
      const session = await targetOf(server).signIn(app, inTime(4_000));
      server.pause();
      await expect(session.changeOwnPassword({ password: PASSWORD, token: 'x' }))
        .rejects.toMatchObject({ errorClass: 'timeout' });
      await expect(targetOf(server).signIn(app, inTime(500))).rejects.toMatchObject({ errorClass: 'timeout' });
      server.resume();
      await session.close();
    });

    test.each([
      ['in the login', 1],
      ['in the proof of the password', 2],
      ['right after it', 3],
    ])('a server that closes the connection %s', async (_, nth) => {
      const man = await ManInTheMiddle.start(certificates.good, server.port, {
        passage: () => closingAt((count) => count === nth),
      });
      const error: unknown = await targetOf(man).signIn(app, inTime()).catch((thrown: unknown) => thrown);
      await man.stop();
      expect(error).toMatchObject({ errorClass: 'network', message: expect.stringContaining('closed the connection') });
    });

    test('a server that closes the connection at a statement', async () => {
      let closing = false;
      const man = await ManInTheMiddle.start(certificates.good, server.port, { passage: () => closingAt(() => closing) });
      const session = await targetOf(man).signIn(app, inTime());
      closing = true;
      const change = async (): Promise<unknown> =>
        session.changeOwnPassword({ password: PASSWORD, token: 'x' }).catch((thrown: unknown) => thrown);
      const errors = [await change(), await change()];
      await session.close();
      await man.stop();
      expect(errors).toEqual(
        Array(2).fill(
          expect.objectContaining({ errorClass: 'network', message: expect.stringContaining('closed the connection') }),
        ),
      );
    });

    test('a user whom the server does not let in, whatever its password: no refusal of credentials, so that no others are '
      + 'tried', async () => {
      await server.query('CREATE ROLE asleep NOLOGIN PASSWORD \'x\'');
      await server.restart({ hba: ['hostssl all app all reject', 'hostssl all asleep all scram-sha-256'] });
      for (const credentials of [app, { username: 'asleep', password: 'x' }, { username: 'without_rule', password: 'x' }]) {
        const error: unknown = await targetOf(server).signIn(credentials, inTime()).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ errorClass: 'permission', code: '28000', message: expect.stringContaining('pg_hba.conf') });
        expect(error).not.toBeInstanceOf(SignInRefused);
      }
      await server.restart({ hba: undefined });
    });

    test('with TLS 1.2 and a certificate of an intermediate authority', async () => {
      const intermediate = new CertificateAuthority('Intermediate authority', certificates.authority);
      const leaf = intermediate.issue({ names: ['localhost'] });
      await server.restart({
        certificate: { ...leaf, certificate: leaf.certificate + intermediate.certificate },
        settings: { ssl_max_protocol_version: 'TLSv1.2' },
      });
      await (await targetOf(server).signIn(app, inTime())).close();
      await server.restart({ certificate: leaf });
      await expect(targetOf(server).signIn(app, inTime()))
        .rejects.toMatchObject({ errorClass: 'tls', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
      await server.restart({ certificate: certificates.good, settings: {} });
    });

    test('with TLS 1.1 is not tried', async () => {
      await server.restart({ settings: { ssl_min_protocol_version: 'TLSv1', ssl_max_protocol_version: 'TLSv1.1' } });
      await expect(targetOf(server).signIn(app, inTime()))
        .rejects.toMatchObject({ errorClass: 'tls', message: expect.stringContaining('TLS 1.2 or 1.3') });
      await server.restart({ settings: {} });
    });

    test('a refusal shows nothing of whom it is about', async () => {
      const error: unknown = await targetOf(server).signIn({ ...app, password: 'wrong' }, inTime())
        .catch((thrown: unknown) => thrown);
      expect((error as SignInRefused).wasSetFor).toEqual(expect.any(Function));
      expect(Object.keys(error as object)).not.toContain('wasSetFor');
    });

    test('to a server that goes away', async () => {
      const session = await targetOf(server).signIn(app, inTime());
      await server.kill();
      await expect(session.changeOwnPassword({ password: 'x', token: 'x' }))
        .rejects.toMatchObject({ errorClass: expect.stringMatching(/network|protocol|unavailable/) });
      await session.close();
      await server.restart();
    });

    test.each([
      ['ALTER ROLE app CONNECTION LIMIT 0', 'ALTER ROLE app CONNECTION LIMIT -1'],
      ['CREATE DATABASE narrow CONNECTION LIMIT 0', 'ALTER DATABASE narrow CONNECTION LIMIT 1'],
    ])('says which limits may be used up where no connection is free: %s', async (made, advice) => {
      const login = made.includes('narrow') ? { ...app, databaseName: 'narrow' } : app;
      await server.query(made);
      await expect(targetOf(server).signIn(login, inTime())).rejects.toMatchObject({
        errorClass: 'unavailable',
        code: '53300',
        message: expect.stringContaining('raise its CONNECTION LIMIT, that of the database'),
      });
      await server.query(advice);
      await (await targetOf(server).signIn(login, inTime())).close();
    });

    test('a server that accepts no changes is not asked for one', async () => {
      await server.restart({ settings: { default_transaction_read_only: 'on' } });
      const session = await targetOf(server).signIn(app, inTime());
      await expect(session.changeOwnPassword({ password: 'x', token: 'x' })).rejects.toMatchObject({
        errorClass: 'readOnly', message: expect.stringContaining('default_transaction_read_only'),
      });
      await session.close();
      await server.restart({ settings: {} });
    });

    test('no password is sent as such to a server that would store an MD5 hash', async () => {
      await server.restart({ settings: { password_encryption: 'md5', log_statement: 'all' } });
      const plain = await targetOf(server, { plainPasswordStatement: true }).signIn(app, inTime());
      await expect(plain.changeOwnPassword({ password: 'never sent', token: 'x' }))
        .rejects.toMatchObject({ errorClass: 'configuration' });
      await plain.close();
      expect(server.log()).not.toContain('never sent');
      const verifier = await targetOf(server).signIn(app, inTime());
      await verifier.changeOwnPassword({ password: PASSWORD, token: 'x' });
      await verifier.close();
      const [{ rolpassword }] = await server.query<{ rolpassword: string }>(
        "SELECT rolpassword FROM pg_authid WHERE rolname = 'app'",
      );
      expect(rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
      await server.restart({ settings: {} });
    });

    test('MD5, where the deployment allows it', async () => {
      await server.restart({ authentication: 'md5', settings: { password_encryption: 'md5' }, hba: ['hostssl all all all md5'] });
      await server.query(`CREATE ROLE old LOGIN PASSWORD '${PASSWORD}'`);
      const old = { username: 'old', password: PASSWORD };
      await expect(targetOf(server).signIn(old, inTime())).rejects.toMatchObject({
        errorClass: 'protocol', message: expect.stringMatching(/password_encryption.*scramSha256OrMd5\(\)/),
      });
      const session = await targetOf(server, { allowMd5: true, plainPasswordStatement: true }).signIn(old, inTime());
      await session.changeOwnPassword({ password: 'another', token: 'x' });
      await session.close();
      await (await targetOf(server, { allowMd5: true }).signIn({ ...old, password: 'another' }, inTime())).close();
      await expect(targetOf(server, { allowMd5: true }).signIn(old, inTime()))
        .rejects.toMatchObject({ errorClass: 'authentication' });
      await server.restart({ authentication: 'scram-sha-256', settings: {}, hba: undefined });
    });

    test('variables of the environment decide nothing', async () => {
      const hostile = {
        PGHOST: 'elsewhere.example',
        PGPORT: '1',
        PGUSER: 'postgres',
        PGPASSWORD: 'x',
        PGDATABASE: 'none',
        PGOPTIONS: '-c nonsense=1',
        PGSSLMODE: 'disable',
        PGSSLNEGOTIATION: 'direct',
        PGREPLICATION: 'database',
        PGAPPNAME: 'x',
        PGBINARY: 'true',
        PGCLIENT_ENCODING: 'LATIN1',
        PGPASSFILE: '/dev/null',
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
        NODE_PG_FORCE_NATIVE: '1',
      };
      const before = { ...process.env };
      Object.assign(process.env, hostile);
      try {
        const session = await targetOf(server).signIn(app, inTime());
        expect(session.identity.username).toBe('app');
        await session.close();
        await server.restart({ certificate: certificates.unrelated });
        await expect(targetOf(server).signIn(app, inTime())).rejects.toMatchObject({ errorClass: 'tls' });
      } finally {
        Object.keys(hostile).forEach((name) => before[name] === undefined ? delete process.env[name] : undefined);
      }
      await server.restart({ certificate: certificates.good });
    });
  });
});

requireServer('postgresql-18')('SCRAM with more iterations', () => {
  let server: PostgreSqlServer;

  beforeAll(async () => {
    server = await PostgreSqlServer.start({ version: 18, certificate: certificates.good });
  });

  afterAll(() => server.stop());

  test('of as many as are advised, and of no more', async () => {
    await server.query(`SET scram_iterations = 600000; CREATE ROLE app LOGIN PASSWORD '${PASSWORD}'`);
    await (await targetOf(server).signIn(app, inTime())).close();
    await server.query(`SET scram_iterations = 600001; ALTER ROLE app PASSWORD '${PASSWORD}'`);
    await expect(targetOf(server).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: 'protocol', message: expect.stringContaining('scram_iterations') });
  });
});

/** Ends a connection in place of the answer of which it is told the number. */
function closingAt(isTheOne: (count: number) => boolean): Transform {
  let count = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count += 1;
      this.push(isTheOne(count) ? null : chunk);
      done();
    },
  });
}
