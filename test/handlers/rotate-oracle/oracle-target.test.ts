import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { RotationError } from '../../../handlers/core/rotation-error';
import type { OracleLogin } from '../../../handlers/rotate-oracle/oracle-statements';
import { OracleTarget } from '../../../handlers/rotate-oracle/oracle-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { OracleCatalogue } from '../support/oracle-catalogue';

const deadline = new Deadline(systemClock, 120_000);
const facts = { engine: 'oracle', host: 'db.example', port: 1521, databaseName: 'ORCL' };
const targetOf = (changes: Partial<DatabaseFacts> = {}, logInto?: OracleCatalogue['logInto']): OracleTarget =>
  new OracleTarget({ region: 'eu-west-1', database: { ...facts, ...changes, port: 1521 } }, logInto);

describe('a login', () => {
  const loginsOf = async (changes: Partial<DatabaseFacts>): Promise<OracleLogin> => {
    const logins: OracleLogin[] = [];
    const catalogue = new OracleCatalogue();
    catalogue.add('APP', 'x');
    const target = targetOf(changes, async (login, until) => {
      logins.push(login);
      return catalogue.logInto(login, until);
    });
    const credentials = { username: 'app', password: 'x', databaseName: 'OF_THE_SECRET' };
    await (await target.signIn(credentials, deadline)).close();
    await (await target.signIn(credentials, deadline)).close();
    expect(logins[0].secureContext).toBe(logins[1].secureContext);
    return logins[0];
  };

  test('goes to the service of the deployment, whatever the secret names, at the port for TLS', async () => {
    expect(await loginsOf({ tlsPort: 2484 }))
      .toMatchObject({ username: 'APP', host: 'db.example', port: 2484, serviceName: 'ORCL', serverName: 'db.example' });
    expect(await loginsOf({ tlsPort: '2485', tlsServerName: 'other.example' }))
      .toMatchObject({ port: 2485, serverName: 'other.example' });
    expect(await loginsOf({})).toMatchObject({ port: 1521 });
  });

  test('leaves no session behind where the first read fails', async () => {
    const catalogue = new OracleCatalogue();
    catalogue.add('APP', 'x');
    catalogue.failures.push({ statement: /SYS_CONTEXT/, number: 3113 });
    await expect(targetOf({}, catalogue.logInto).signIn({ username: 'app', password: 'x' }, deadline))
      .rejects.toMatchObject({ errorClass: 'network' });
    expect(catalogue.open).toBe(0);
  });

  test('needs the name of a service', async () => {
    const target = targetOf({ databaseName: undefined });
    await expect(target.signIn({ username: 'app', password: 'x' }, deadline)).rejects.toThrow('not a service name');
  });
});

test('another engine', () => {
  expect(() => targetOf({ engine: 'mysql' })).toThrow('another engine');
});

test.each([
  'SYS', 'system', '"SYS"', 'sysbackup', 'RDSADMIN', 'rds_x', 'dbsnmp', 'XDB', 'APEX_040200', 'XS$NULL', 'c##dbaas_backup',
  'PUBLIC', 'audsys',
])('%s is reserved', (name) => {
  expect(() => targetOf().checkUsername(name)).toThrow('is reserved');
});

test.each(['app', 'SYSTEMS', 'MYSYS', 'admin', 'RDS', '"App"', 'C##APP', 'SYS_APP'])('%s is not', (name) => {
  expect(() => targetOf().checkUsername(name)).not.toThrow();
});

test.each(['a"b', 'a\0b', '\ud800', ''])('a password that cannot be set: %j', (password) => {
  expect(() => targetOf().checkPassword(password)).toThrow(RotationError);
});

test.each(["p'a;s--s", 'a:b', '&x', 'ü', '\\'])('a password that can be: %j', (password) => {
  expect(() => targetOf().checkPassword(password)).not.toThrow();
});
