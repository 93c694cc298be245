import { AccessKeySystem } from './access-key-system';
import { CacheSystem } from './cache-system';
import { DatabaseSystem } from './database-systems';
import { type Bounds, Explorer, type Report } from './explorer';
import type { System } from './system';
import { StepsSystem, ValueSystem } from './value-systems';

const SYSTEMS: Readonly<Record<string, () => System>> = {
  'own login': () => new DatabaseSystem({ strategy: 'own login', tells: true }),
  'own login, the server tells nothing': () => new DatabaseSystem({ strategy: 'own login', tells: false }),
  'single user': () => new DatabaseSystem({ strategy: 'single', tells: true }),
  'single user that is created': () => new DatabaseSystem({ strategy: 'single', tells: true, creates: true }),
  'alternating users': () => new DatabaseSystem({ strategy: 'alternating', tells: true }),
  'own login, back': () => new DatabaseSystem({ strategy: 'own login', tells: true, back: true }),
  'single user, back': () => new DatabaseSystem({ strategy: 'single', tells: true, back: true }),
  'alternating users, back': () => new DatabaseSystem({ strategy: 'alternating', tells: true, back: true }),
  'two passwords, back': () => new DatabaseSystem({ strategy: 'dualPassword', tells: true, back: true }),
  'cache user, back': () => new CacheSystem(true, true),
  'steps, back': () => new StepsSystem(false, 'the-former-value1'),
  'two passwords': () => new DatabaseSystem({ strategy: 'dualPassword', tells: true }),
  'cache user': () => new CacheSystem(true),
  'cache user without a cluster': () => new CacheSystem(false),
  'access key': () => new AccessKeySystem(),
  'access key, back': () => new AccessKeySystem(true),
  'generated value': () => new ValueSystem(),
  'steps': () => new StepsSystem(false),
  'steps that issue': () => new StepsSystem(true),
};

export async function check(system: string, bounds: Bounds): Promise<Report> {
  return new Explorer(SYSTEMS[system](), bounds).explore();
}
