import type { EngineUnderTest } from './engine-under-test';
import type { Product } from '../../servers/mongodb-accounts';
import { MongodbBench } from '../support/mongodb-bench';

const of = (product: Product, name: string): EngineUnderTest<MongodbBench> => ({
  name,
  handler: 'rotate-documentdb',
  servers: [],
  start: async () => MongodbBench.start(product),
  longestName: 63,
  tooLong: { characters: 64, says: 'is longer than the 63 bytes that the server keeps' },
  // Without equals signs and commas: the driver writes such names wrongly, so that it cannot be asked whether they sign in.
  hostileName: (way) => `${way[0]} we"ird.na\\me' %s ü`,
  reservedUsers: ['serviceadmin', 'rdsadmin', '__system'],
  lacking: { says: 'it needs the role userAdminAnyDatabase, or root', code: '13' },
  showsPassword: { prove: true, superuser: true },
  onePassword: 'users of Amazon DocumentDB and MongoDB have one password',
  worstPassword: { length: 100, excludeCharacters: '' },
});

export const documentdb = of('documentdb', 'Amazon DocumentDB');
export const mongodb = of('mongodb', 'MongoDB');
