import { ExternalMongodbBench } from './external-mongodb';
import { ExternalMysqlBench } from './external-mysql';
import { ExternalOracleBench } from './external-oracle';
import { startExternalRedis } from './external-redis';
import type { ExternalServer } from './external-server';
import { ExternalSqlserverBench } from './external-sqlserver';
import type { Image } from '../../scripts/images';
import { mongodb } from '../handlers/engines/documentdb';
import type { EngineBench, EngineUnderTest } from '../handlers/engines/engine-under-test';
import { mariadb, mysql } from '../handlers/engines/mysql';
import { oracle } from '../handlers/engines/oracle';
import { redisWithFile } from '../handlers/engines/redis';
import { sqlserver } from '../handlers/engines/sqlserver';

/** Of each engine: what the suite knows of it anyway, and how a server that was there before is reached. */
const ENGINES: Record<Image['engine'], (server: ExternalServer) => EngineUnderTest> = {
  // MySQL writes no password into its general log.
  mysql: of({ ...mysql, showsPassword: { prove: false, superuser: false } }, (at) => ExternalMysqlBench.start(at, 'mysql')),
  mariadb: of(mariadb, (at) => ExternalMysqlBench.start(at, 'mariadb')),
  redis: of(redisWithFile, startExternalRedis),
  mongodb: of(mongodb, (at) => ExternalMongodbBench.start(at)),
  sqlserver: of(sqlserver, (at) => ExternalSqlserverBench.start(at)),
  oracle: of(oracle, (at) => ExternalOracleBench.start(at)),
};

/** An engine on a server that was there before. */
export function externalEngine(engine: string, server: ExternalServer): EngineUnderTest {
  if (!(engine in ENGINES)) {
    throw new Error(`There is no engine '${engine}': one of ${Object.keys(ENGINES).join(', ')}`);
  }
  return ENGINES[engine as Image['engine']](server);
}

function of(known: EngineUnderTest, start: (server: ExternalServer) => Promise<EngineBench>) {
  return (server: ExternalServer): EngineUnderTest => ({
    ...known, name: server.name, servers: [], start: async () => start(server),
  });
}
