import { PostgreSqlAuthentication } from '../../src/database/postgresql-authentication';

test('md5 is allowed only on request', () => {
  expect(PostgreSqlAuthentication.scramSha256()._allowMd5).toBeUndefined();
  expect(PostgreSqlAuthentication.scramSha256OrMd5()._allowMd5).toBe(true);
});
