import type { EngineUnderTest } from './engine-under-test';
import { MariadbBench, MysqlPeerBench } from '../support/mysql-bench';

const BOTH = {
  handler: 'rotate-mysql',
  hostileName: (way) => `${way[0]} we"ird\`na\\me' %s ü`,
  reservedUsers: ['rdsadmin', 'mysql.sys', 'mariadb.sys', 'rds_superuser_role'],
  worstPassword: { length: 41, excludeCharacters: '' },
} satisfies Partial<EngineUnderTest>;

export const mariadb: EngineUnderTest<MariadbBench> = {
  ...BOTH,
  name: 'MariaDB',
  servers: ['mariadb'],
  start: async () => MariadbBench.open(),
  longestName: 80,
  tooLong: { characters: 81, says: 'is longer than the 80 characters that the server keeps' },
  showsPassword: { prove: false, superuser: false },
  onePassword: 'users of MariaDB have one password',
  lacking: { says: 'it needs CREATE USER on *.*, SELECT and UPDATE on mysql.*', code: '1142' },
};

export const mysql: EngineUnderTest<MysqlPeerBench> = {
  ...BOTH,
  name: 'MySQL',
  servers: [],
  start: async () => MysqlPeerBench.open(),
  longestName: 32,
  tooLong: { characters: 33, says: 'is longer than the 32 characters that the server keeps' },
  lacking: { says: 'it needs CREATE USER on *.*, SELECT on mysql.*', code: '1142' },
  // MySQL takes only the password itself from a user that changes its own, and keeps it out of its logs.
  showsPassword: { prove: true, superuser: false },
};
