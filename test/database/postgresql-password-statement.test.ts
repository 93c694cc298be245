import { PostgreSqlPasswordStatement } from '../../src/database/postgresql-password-statement';

test('a password is sent as it is only on request', () => {
  expect(PostgreSqlPasswordStatement.verifier()._plainPasswordStatement).toBeUndefined();
  expect(PostgreSqlPasswordStatement.plainText()._plainPasswordStatement).toBe(true);
});
