import { DatabaseSecret } from '../../../handlers/database/database-secret';

const facts = { engine: 'postgres', host: 'Database.example', port: 5432, databaseName: 'personnel' };
const engines = ['postgres', 'aurora-postgresql'];
const secret = (fields: object): DatabaseSecret => DatabaseSecret.parse(JSON.stringify(fields), 'AWSCURRENT');

test.each([
  [{}, []], [{ engine: 'postgres', host: 'database.EXAMPLE', port: 5432 }, []],
  [{ engine: 'aurora-postgresql', port: '5432' }, []],
  [{ engine: 'mysql' }, ['engine']], [{ engine: ['postgres'] }, ['engine']],
  [{ engine: null, host: null, port: null }, []], [{ engine: '', host: '', port: '' }, []],
  [{ host: 'database.example.attacker.example' }, ['host']], [{ host: 1 }, ['host']],
  [{ port: 5433 }, ['port']], [{ port: '05432' }, ['port']], [{ port: 0 }, ['port']], [{ port: [5432] }, ['port']],
  [{ engine: 'x', host: 'y', port: 0 }, ['engine', 'host', 'port']],
])('%j contradicts the facts in %j', (fields, contradictions) => {
  expect(secret(fields).contradictions(facts, engines)).toEqual(contradictions);
});

test('knows whether it says where it is for', () => {
  const incomplete = [{ engine: 'x' }, { host: 'y' }, { engine: '', host: 'y' }, { engine: 'x', host: null }, {}];
  expect([{ engine: 'x', host: 'y' }, ...incomplete].map((fields) => secret(fields).isLocated))
    .toEqual([true, ...incomplete.map(() => false)]);
});

test.each(['username', 'password', 'dbname'] as const)('%s is a text or an error that does not quote it', (field) => {
  const name = field === 'dbname' ? 'databaseName' : field;
  expect(secret({ [field]: 'text' })[name]).toBe('text');
  for (const value of [4711, ...field === 'dbname' ? [] : ['', null], ['canary'], { canary: 1 }]) {
    expect(() => secret({ [field]: value })[name])
      .toThrow(new RegExp(`^configuration: AWSCURRENT has no ${field}, or it is not a text$`));
  }
});

test('is written for a user with what it lacks of where the database is', () => {
  const credentials = { username: 'app', password: 'new' };
  const user = { username: 'x', password: 'y' };
  expect(JSON.parse(secret({ ...user, extra: 1, port: '5432' }).locatedAt(facts, credentials)))
    .toEqual({ engine: 'postgres', host: 'Database.example', port: '5432', dbname: 'personnel', extra: 1, ...credentials });
  expect(JSON.parse(secret(user).locatedAt({ ...facts, databaseName: undefined }, credentials))).not.toHaveProperty('dbname');
  for (const fields of [{}, { dbname: null }, { dbname: '' }]) {
    expect(secret(fields).databaseName).toBeUndefined();
  }
  const empty = { ...user, engine: null, host: '', port: null, dbname: '' };
  expect(JSON.parse(secret(empty).locatedAt(facts, credentials)))
    .toEqual({ engine: 'postgres', host: 'Database.example', port: 5432, dbname: 'personnel', ...credentials });
});
