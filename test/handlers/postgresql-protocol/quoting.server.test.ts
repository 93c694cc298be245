import * as fc from 'fast-check';
import { Client } from 'pg';
import { quoteIdentifier, quoteLiteral } from '../../../handlers/postgresql-protocol/quoting';
import { PostgreSqlServer } from '../../servers/postgresql-server';
import { requireServer } from '../../servers/require-server';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

requireServer('postgresql-15')('PostgreSQL reads back', () => {
  let server: PostgreSqlServer;
  let client: Client;

  beforeAll(async () => {
    server = await PostgreSqlServer.start({ version: 15 });
    client = new Client({ host: server.directory, port: server.port, user: 'postgres' });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  const values = [...fc.sample(text, 300), "'; DROP ROLE postgres; --", '"; --', '\\', "\\'", "''", '%s', '$1', '$$', "E'x'"];

  test.each(['on', 'off'])('literals, with standard_conforming_strings %s', async (setting) => {
    await client.query(`SET standard_conforming_strings = ${setting}`);
    for (const value of values) {
      const { rows } = await client.query(`SELECT ${quoteLiteral(value)}::text AS value`);
      expect(rows).toEqual([{ value }]);
    }
  });

  test('identifiers', async () => {
    for (const value of values.filter((name) => name !== '' && Buffer.byteLength(name) <= 63)) {
      const { fields } = await client.query(`SELECT 1 AS ${quoteIdentifier(value)}`);
      expect(fields.map(({ name }) => name)).toEqual([value]);
    }
  });
});
