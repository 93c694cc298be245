import type { EngineUnderTest } from './engine-under-test';
import { RedisBench } from '../support/redis-bench';

const of = (users: 'configuration' | 'file'): EngineUnderTest<RedisBench> => ({
  name: `Redis, users in its ${users === 'file' ? 'aclfile' : 'configuration file'}`,
  handler: 'rotate-redis',
  servers: ['redis'],
  start: async () => RedisBench.start({ users }),
  longestName: 128,
  tooLong: { characters: 129, says: 'is longer than the 128 bytes that a rotation keeps' },
  hostileName: (way) => `${way[0]}#x><~*&+@%s;$(nopass)\u00fc`,
  reservedUsers: ['default'],
  lacking: { says: 'it needs the rights +acl|getuser', code: 'NOPERM' },
  showsPassword: { prove: false, superuser: false },
  keepsOwnFormer: true,
  worstPassword: { length: 128, excludeCharacters: '' },
});

export const redis = of('configuration');
export const redisWithFile = of('file');
