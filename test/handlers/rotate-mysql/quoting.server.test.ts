import * as fc from 'fast-check';
import { quoteIdentifier, quoteLiteral } from '../../../handlers/rotate-mysql/quoting';
import { MariadbServer } from '../../servers/mariadb-server';
import { requireServer } from '../../servers/require-server';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

requireServer('mariadb')('MariaDB reads back', () => {
  let server: MariadbServer;

  beforeAll(async () => {
    server = await MariadbServer.start({ settings: { 'sql-mode': 'NO_BACKSLASH_ESCAPES' } });
  });

  afterAll(() => server.stop());

  const values = [...fc.sample(text, 60), "'; DROP USER app; --", '`; --', '\\', "\\'", "''", '%s', '?', '"', '/*', '--'];

  test('literals', async () => {
    for (const value of values) {
      const [row] = await server.query<{ value: string }>(`SELECT HEX(${quoteLiteral(value)}) AS value`);
      expect(row.value).toBe(Buffer.from(value).toString('hex').toUpperCase());
    }
  });

  test('identifiers', async () => {
    // The client refuses names that every object of JavaScript has, such as __proto__.
    const names = values.filter((name) => name !== '' && name.trim() === name && !(name in {}));
    for (const value of names.filter((name) => !/[\u{10000}-\u{10ffff}\0]/u.test(name))) {
      const [row] = await server.query(`SELECT 1 AS ${quoteIdentifier(value)}`);
      expect(Object.keys(row)).toEqual([value]);
    }
  });
});
