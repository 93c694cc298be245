import type { DatabaseFacts } from '../src/private/handler-contract';
import { MysqlBench, type MysqlServer } from '../test/handlers/support/mysql-bench';
import { type Credentials, RotationBench } from '../test/handlers/support/rotation-bench';
import type { HandlerName } from '../test/handlers/support/rotation-function';
import type { Certificates } from '../test/servers/certificates';
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
    reference: { single: 'SecretsManagerRDSPostgreSQLRotationSingleUser', alternating: 'SecretsManagerRDSPostgreSQLRotationMultiUser' },
    createUser: async (credentials) => bench.createUser(credentials),
    content: (credentials) => bench.content(credentials),
    stop: async () => bench.stop(),
  };
}

export async function mariadb(): Promise<DatabaseBench> {
  return {
    ...await ofMysql('MariaDB', 'mariadb', async ({ good }) => MariadbServer.start({ certificate: good })),
    reference: { single: 'SecretsManagerRDSMariaDBRotationSingleUser', alternating: 'SecretsManagerRDSMariaDBRotationMultiUser' },
  };
}

export async function mysql(): Promise<DatabaseBench> {
  return ofMysql('MySQL, server of our own', 'mysql', async ({ good }) => MysqlPeer.start(good));
}

async function ofMysql(name: string, engine: 'mysql' | 'mariadb', start: (certificates: Certificates) => Promise<MysqlServer>): Promise<DatabaseBench> {
  const bench = await MysqlBench.start(engine, start);
  return {
    name,
    handler: 'rotate-mysql',
    bench: bench.rotations,
    facts: bench.facts,
    superuser: bench.database.superuser,
    createUser: async (credentials) => bench.database.createUser(credentials),
    content: (credentials) => bench.content(credentials),
    stop: async () => bench.stop(),
  };
}
