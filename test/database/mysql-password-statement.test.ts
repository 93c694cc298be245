import { DatabaseEngine } from '../../src/database/database-engine';
import { DatabaseTarget } from '../../src/database/database-target';
import { MySqlPasswordStatement } from '../../src/database/mysql-password-statement';
import { connectionFacts } from '../../src/database/private/database-facts';

test.each([DatabaseEngine.MYSQL, DatabaseEngine.MARIADB])('a password is sent as it is only on request, case %#', (engine) => {
  const plainOf = (passwordStatement?: MySqlPasswordStatement) =>
    connectionFacts(DatabaseTarget.of({ engine, host: 'db.example.com', passwordStatement })._facts).plainPasswordStatement;
  expect(plainOf()).toBeUndefined();
  expect(plainOf(MySqlPasswordStatement.hash())).toBeUndefined();
  expect(plainOf(MySqlPasswordStatement.plainText())).toBe(true);
});
