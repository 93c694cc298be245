import type { EngineUnderTest } from './engine-under-test';
import { RedshiftBench } from '../support/redshift-bench';

export const redshift: EngineUnderTest<RedshiftBench> = {
  name: 'Amazon Redshift',
  handler: 'rotate-redshift',
  servers: ['postgresql-15'],
  start: async () => RedshiftBench.start(),
  // Amazon Redshift keeps 127 bytes, PostgreSQL behind the peer 63: a longer name is not rotated here.
  longestName: 63,
  tooLong: { characters: 128, says: 'is longer than the 127 bytes that Amazon Redshift keeps' },
  hostileName: (way) => `${way[0]} we"ird; na\\me' %s ü`,
  reservedUsers: ['rdsdb', 'public', 'IAM:somebody', 'awsidc:somebody'],
  lacking: { says: 'it has to be a superuser of the cluster', code: '42501' },
  showsPassword: { prove: false, superuser: false },
  onePassword: 'users of Amazon Redshift have one password',
  worstPassword: { length: 64, excludeCharacters: '/@"\'\\' },
};
