import type { EngineUnderTest } from './engine-under-test';
import { SqlserverBench } from '../support/sqlserver-bench';

export const sqlserver: EngineUnderTest<SqlserverBench> = {
  name: 'SQL Server',
  handler: 'rotate-sqlserver',
  servers: [],
  start: async () => SqlserverBench.start(),
  longestName: 128,
  tooLong: { characters: 129, says: 'is longer than the 128 characters that the server keeps' },
  hostileName: (way) => `${way[0]} ]; DROP LOGIN app; -- ' %s ü😀\n`,
  reservedUsers: ['sa', 'rdsa', '##MS_x##', 'NT AUTHORITY\\SYSTEM'],
  lacking: { says: 'it needs ALTER ANY LOGIN', code: '15247' },
  // The server keeps passwords out of its traces.
  showsPassword: { prove: true, superuser: true },
  onePassword: 'users of SQL Server have one password',
  worstPassword: { length: 128, excludeCharacters: '' },
};
