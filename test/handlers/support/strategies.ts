import type { HandlerName } from './rotation-function';
import { databaseRotation } from '../../../handlers/database/database-strategy';
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

/** Each test file loads anew what it imports, and drivers are large: only that of the engine is loaded. */
const loaded = <T extends object>(module: string): T => jest.requireActual<T>(`../../../handlers/${module}`);

const STRATEGIES: Record<HandlerName, () => Strategy> = {
  'rotate-cache-user': () => {
    const { cacheUserRotation } = loaded<typeof cacheUsers>('rotate-cache-user/cache-user-rotation');
    return (facts) => cacheUserRotation(facts);
  },
  'rotate-documentdb': () => {
    const { DocumentdbTarget } = loaded<typeof documentdb>('rotate-documentdb/documentdb-target');
    return databaseRotation((facts) => new DocumentdbTarget(facts));
  },
  'rotate-iam-access-key': () => {
    const { accessKeyRotation } = loaded<typeof accessKeys>('rotate-iam-access-key/access-key-rotation');
    return (facts) => accessKeyRotation().strategy(facts);
  },
  'rotate-ldap': () => {
    const { LdapTarget } = loaded<typeof ldap>('rotate-ldap/ldap-target');
    return databaseRotation((facts) => new LdapTarget(facts));
  },
  'rotate-mysql': () => databaseRotation(loaded<typeof mysql>('rotate-mysql/mysql-target').mysqlTarget),
  'rotate-oracle': () => {
    const { OracleTarget } = loaded<typeof oracle>('rotate-oracle/oracle-target');
    return databaseRotation((facts) => new OracleTarget(facts));
  },
  'rotate-postgresql': () => {
    const { PostgresqlTarget } = loaded<typeof postgresql>('rotate-postgresql/postgresql-target');
    return databaseRotation((facts) => new PostgresqlTarget(facts));
  },
  'rotate-redis': () => {
    const { RedisTarget } = loaded<typeof redis>('rotate-redis/redis-target');
    return databaseRotation((facts) => new RedisTarget(facts));
  },
  'rotate-redshift': () => {
    const { RedshiftTarget } = loaded<typeof redshift>('rotate-redshift/redshift-target');
    return databaseRotation((facts) => new RedshiftTarget(facts));
  },
  'rotate-sqlserver': () => {
    const { SqlserverTarget } = loaded<typeof sqlserver>('rotate-sqlserver/sqlserver-target');
    return databaseRotation((facts) => new SqlserverTarget(facts));
  },
  'regenerate': () => {
    const { RegenerateStrategy } = loaded<typeof generatedValues>('regenerate/regenerate-strategy');
    return (facts) => new RegenerateStrategy(facts.valueBindings);
  },
};

/** What the function of a name does. */
export const strategyOf = (handler: HandlerName): Strategy => STRATEGIES[handler]();
