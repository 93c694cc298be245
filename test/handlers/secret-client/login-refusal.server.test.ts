import Connection from 'tedious/lib/connection';
import { isLoginRefused } from '../../../handlers/secret-client';
import { logIn } from '../../servers/log-in';
import { MariadbServer } from '../../servers/mariadb-server';
import { logInToMongodb } from '../../servers/mongodb-log-in';
import { logInToMysql } from '../../servers/mysql-log-in';
import { requireServer } from '../../servers/require-server';
import { MongodbBench } from '../support/mongodb-bench';
import { MysqlBench } from '../support/mysql-bench';
import { RotationBench } from '../support/rotation-bench';
import { SqlserverBench } from '../support/sqlserver-bench';

const USER = { username: 'app', password: 'the right password' };
const WRONG = { ...USER, password: 'a wrong password' };

/** What the driver throws, or nothing. */
const thrownBy = async (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: unknown) => error);

describe('a refused password and another failure are told apart', () => {
  requireServer('postgresql-18', 'secrets-manager')('pg', () => {
    test('PostgreSQL', async () => {
      const bench = await RotationBench.start({ version: 18 });
      await bench.createUser(USER);
      const ssl = { ca: bench.certificates.authority.certificate };
      const signIn = async ({ username, password }: typeof USER, database = 'postgres'): Promise<unknown> =>
        thrownBy(logIn({ host: 'localhost', port: bench.database.port, user: username, password, ssl, database }));
      const thrown = [await signIn(USER), await signIn(WRONG), await signIn(USER, 'no_such_database')];
      await bench.stop();
      expect(thrown.map((error) => [(error as { code?: string } | undefined)?.code, isLoginRefused(error)]))
        .toEqual([[undefined, false], ['28P01', true], ['3D000', false]]);
    });
  });

  requireServer('mariadb', 'secrets-manager')('mysql2', () => {
    test('MariaDB', async () => {
      const bench = await MysqlBench.start('mariadb', async ({ good }) => MariadbServer.start({ certificate: good }));
      await bench.database.createUser(USER);
      const ssl = { ca: bench.rotations.certificates.authority.certificate };
      const { host, port } = bench.database;
      const signIn = async ({ username, password }: typeof USER, database?: string): Promise<unknown> =>
        thrownBy(logInToMysql({ host, port, user: username, password, ssl, database }));
      const thrown = [await signIn(USER), await signIn(WRONG), await signIn(USER, 'no_such_database')];
      await bench.stop();
      expect(thrown.map((error) => [(error as { errno?: number } | undefined)?.errno, isLoginRefused(error)]))
        .toEqual([[undefined, false], [1045, true], [1044, false]]);
    });
  });

  requireServer('secrets-manager')('tedious and mongodb', () => {
    test('SQL Server', async () => {
      const bench = await SqlserverBench.start();
      const { host, port, superuser: { username, password: right } } = bench.database;
      const signIn = async (password: string): Promise<unknown> => {
        const client = new Connection({
          server: host,
          authentication: { type: 'default', options: { userName: username, password } },
          options: { port, encrypt: true, cryptoCredentialsDetails: { ca: bench.rotations.certificates.authority.certificate } },
        });
        client.on('error', () => undefined);
        try {
          return await new Promise((resolve) => client.connect(resolve));
        } finally {
          client.close();
        }
      };
      const thrown = [await signIn(right), await signIn('a wrong password')];
      await bench.stop();
      expect(thrown.map((error) => [(error as { code?: string } | undefined)?.code, isLoginRefused(error)]))
        .toEqual([[undefined, false], ['ELOGIN', true]]);
    });

    test('Amazon DocumentDB', async () => {
      const bench = await MongodbBench.start('documentdb');
      const { host, port, superuser } = bench.database;
      const ca = bench.rotations.certificates.authority.certificate;
      const signIn = async (password: string, more: { port?: number } = {}): Promise<unknown> =>
        thrownBy(logInToMongodb({ host, port, username: superuser.username, password, ca, ...more }));
      const thrown = [
        await signIn(superuser.password), await signIn('a wrong password'),
        await signIn(superuser.password, { port: 1 }),
      ];
      await bench.stop();
      expect(thrown.map((error) => [(error as Error | undefined)?.name, isLoginRefused(error)])).toEqual([
        [undefined, false], ['MongoServerError', true], ['MongoServerSelectionError', false],
      ]);
    });
  });
});
