import type { DatabaseFacts } from '../src/contract/database-facts';
import { MongodbBench } from '../test/handlers/support/mongodb-bench';
import { MysqlBench } from '../test/handlers/support/mysql-bench';
import { RedshiftBench } from '../test/handlers/support/redshift-bench';
import { type Credentials, RotationBench } from '../test/handlers/support/rotation-bench';
import type { HandlerName } from '../test/handlers/support/rotation-function';
import { SqlserverBench } from '../test/handlers/support/sqlserver-bench';
import { MariadbServer } from '../test/servers/mariadb-server';
import { MysqlPeer } from '../test/servers/mysql-peer';

/** A server to rotate users of, with an emulator of Secrets Manager. */
export interface DatabaseBench {
  readonly name: string;
  readonly handler: HandlerName;
  readonly bench: RotationBench;
  readonly facts: DatabaseFacts;
  readonly superuser: Credentials;
  /** Directories of AWS's functions for the engine; absent where they are not compared. */
  readonly reference?: Record<'single' | 'alternating', string>;
  createUser(credentials: Credentials): Promise<void>;
  content(credentials: Credentials): Record<string, unknown>;
  stop(): Promise<void>;
}

export async function postgresql(): Promise<DatabaseBench> {
  const bench = await RotationBench.start({ version: 15 });
  return {
    name: 'PostgreSQL 15',
    handler: 'rotate-postgresql',
    bench,
    facts: bench.facts,
    superuser: bench.database.superuser,
    reference: {
      single: 'SecretsManagerRDSPostgreSQLRotationSingleUser',
      alternating: 'SecretsManagerRDSPostgreSQLRotationMultiUser',
    },
    createUser: async (credentials) => bench.createUser(credentials),
    content: (credentials) => bench.content(credentials),
    stop: async () => bench.stop(),
  };
}

export async function mariadb(): Promise<DatabaseBench> {
  const bench = await MysqlBench.start('mariadb', async ({ good }) => MariadbServer.start({ certificate: good }));
  return {
    ...ofPeer('MariaDB', 'rotate-mysql', bench),
    reference: { single: 'SecretsManagerRDSMariaDBRotationSingleUser', alternating: 'SecretsManagerRDSMariaDBRotationMultiUser' },
  };
}

export async function mysql(): Promise<DatabaseBench> {
  return ofPeer(
    'MySQL, server of our own',
    'rotate-mysql',
    await MysqlBench.start('mysql', async ({ good }) => MysqlPeer.start(good)),
  );
}

export async function sqlserver(): Promise<DatabaseBench> {
  return ofPeer('SQL Server, server of our own', 'rotate-sqlserver', await SqlserverBench.start());
}

export async function documentdb(): Promise<DatabaseBench> {
  const bench = await MongodbBench.start('documentdb');
  return {
    ...ofPeer('Amazon DocumentDB, server of our own', 'rotate-documentdb', bench),
    createUser: async ({ username, password }) => {
      bench.database.accounts.add(username, password, { roles: [{ role: 'rotates_itself', db: 'admin' }] });
    },
  };
}

export async function redshift(): Promise<DatabaseBench> {
  return ofPeer('Amazon Redshift, server of our own', 'rotate-redshift', await RedshiftBench.start());
}

/** What the benches of the tests have in common. */
interface PeerBench {
  readonly rotations: RotationBench;
  readonly facts: DatabaseFacts;
  readonly database: { readonly superuser: Credentials; createUser?(credentials: Credentials): Promise<void> };
  content(credentials: Credentials): Record<string, unknown>;
  stop(): Promise<void>;
}

function ofPeer(name: string, handler: HandlerName, bench: PeerBench): DatabaseBench {
  return {
    name,
    handler,
    bench: bench.rotations,
    facts: bench.facts,
    superuser: bench.database.superuser,
    createUser: async (credentials) => bench.database.createUser?.(credentials),
    content: (credentials) => bench.content(credentials),
    stop: async () => bench.stop(),
  };
}
