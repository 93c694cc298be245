import type { HandlerName } from './rotation-function';
import type { CredentialTarget } from '../../../handlers/database/credential-target';
import { databaseRotation, type TargetFacts } from '../../../handlers/database/database-strategy';
import type { HandlerOptions } from '../../../handlers/make-handler';
import type * as generatedValues from '../../../handlers/regenerate/regenerate-strategy';
import type * as cacheUsers from '../../../handlers/rotate-cache-user/cache-user-rotation';
import type * as documentdb from '../../../handlers/rotate-documentdb/documentdb-target';
import type * as accessKeys from '../../../handlers/rotate-iam-access-key/access-key-rotation';
import type * as ldap from '../../../handlers/rotate-ldap/ldap-target';
import type * as mysql from '../../../handlers/rotate-mysql/mysql-target';
import type * as oracle from '../../../handlers/rotate-oracle/oracle-target';
import type * as postgresql from '../../../handlers/rotate-postgresql/postgresql-target';
import type * as redis from '../../../handlers/rotate-redis/redis-target';
import type * as redshift from '../../../handlers/rotate-redshift/redshift-target';
import type * as sqlserver from '../../../handlers/rotate-sqlserver/sqlserver-target';

type Strategy = HandlerOptions['strategy'];

/**
 * Each test file loads anew what it imports, and drivers are large: only that of the engine is loaded. Benchmarks do the same,
 * without Jest.
 */
const loaded = <T extends object>(path: string): T => module.require(`../../../handlers/${path}`) as T;

const ofTarget = (load: () => new (facts: TargetFacts) => CredentialTarget) => (): Strategy => {
  const Target = load();
  return databaseRotation((facts) => new Target(facts));
};

const STRATEGIES: Record<HandlerName, () => Strategy> = {
  'rotate-cache-user': () => {
    const { cacheUserRotation } = loaded<typeof cacheUsers>('rotate-cache-user/cache-user-rotation');
    return (facts) => cacheUserRotation(facts);
  },
  'rotate-documentdb': ofTarget(() => loaded<typeof documentdb>('rotate-documentdb/documentdb-target').DocumentdbTarget),
  'rotate-iam-access-key': () => {
    const { accessKeyRotation } = loaded<typeof accessKeys>('rotate-iam-access-key/access-key-rotation');
    return (facts) => accessKeyRotation().strategy(facts);
  },
  'rotate-ldap': ofTarget(() => loaded<typeof ldap>('rotate-ldap/ldap-target').LdapTarget),
  'rotate-mysql': () => databaseRotation(loaded<typeof mysql>('rotate-mysql/mysql-target').mysqlTarget),
  'rotate-oracle': ofTarget(() => loaded<typeof oracle>('rotate-oracle/oracle-target').OracleTarget),
  'rotate-postgresql': ofTarget(() => loaded<typeof postgresql>('rotate-postgresql/postgresql-target').PostgresqlTarget),
  'rotate-redis': ofTarget(() => loaded<typeof redis>('rotate-redis/redis-target').RedisTarget),
  'rotate-redshift': ofTarget(() => loaded<typeof redshift>('rotate-redshift/redshift-target').RedshiftTarget),
  'rotate-sqlserver': ofTarget(() => loaded<typeof sqlserver>('rotate-sqlserver/sqlserver-target').SqlserverTarget),
  'regenerate': () => {
    const { RegenerateStrategy } = loaded<typeof generatedValues>('regenerate/regenerate-strategy');
    return (facts) => new RegenerateStrategy(facts.valueBindings);
  },
};

/** What the function of a name does. */
export const strategyOf = (handler: HandlerName): Strategy => STRATEGIES[handler]();
