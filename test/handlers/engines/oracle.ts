import type { EngineUnderTest } from './engine-under-test';
import { OracleBench } from '../support/oracle-bench';

export const oracle: EngineUnderTest<OracleBench> = {
  name: 'Oracle',
  handler: 'rotate-oracle',
  servers: [],
  start: async () => OracleBench.start(),
  longestName: 128,
  tooLong: { characters: 129, says: 'is longer than 128 bytes' },
  // A name in quotation marks does not alternate: what stands behind them belongs to no name.
  hostileName: (way) => (way === 'alternating' ? 'a$#_1' : `"${way[0]} we'ird; na\\me %s ü"`),
  reservedUsers: ['sys', 'SYSTEM', 'rdsadmin', '"SYS"', 'rds_dataguard', 'APEX_PUBLIC_USER'],
  lacking: { says: 'it needs', code: 'ORA_00942' },
  refusesFormer: 'the password has been used before',
  // Nothing but TLS keeps it from others.
  showsPassword: { prove: true, superuser: true },
  passwordRules: { length: 30, excludeCharacters: '/@"\'\\&' },
  onePassword: 'users of Oracle have one password',
  worstPassword: { length: 30, excludeCharacters: '"' },
  // Oracle takes 30 bytes, and no quotation marks.
  firstPassword: (serial) => `Canary 1st ${serial}`,
};
