import type { EngineUnderTest } from './engine-under-test';
import { PostgresqlBench } from '../support/postgresql-bench';

export const postgresql = (version: 15 | 18): EngineUnderTest<PostgresqlBench> => ({
  name: `PostgreSQL ${version}`,
  handler: 'rotate-postgresql',
  servers: [`postgresql-${version}`],
  start: async () => PostgresqlBench.start(version),
  longestName: 63,
  tooLong: { characters: 64, says: 'is longer than the 63 bytes that PostgreSQL keeps' },
  hostileName: (way) => `${way[0]} we"ird'na\\me %s ;--ü`,
  reservedUsers: ['rdsadmin', 'rds_superuser', 'pg_monitor'],
  lacking: { says: 'it needs CREATEROLE', code: '42501' },
  showsPassword: { prove: false, superuser: false },
  onePassword: 'users of PostgreSQL have one password',
  worstPassword: { length: 90, excludeCharacters: '' },
});
