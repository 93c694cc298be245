import * as fc from 'fast-check';
import { type DefaultRight, defaultRightChanges } from '../../../handlers/rotate-redshift/default-rights';
import { type Right, rightChanges } from '../../../handlers/rotate-redshift/right';
import { limitChanges, NEW_USER } from '../../../handlers/rotate-redshift/user-limits';
import { rightsOf } from '../../../handlers/rotate-redshift/user-rights';

type Connection = Parameters<typeof rightsOf>[0];

/** A connection whose views hold certain rows. */
function connectionWith(views: Record<string, Record<string, unknown>[]>): Connection {
  const rows = async (sql: string): Promise<unknown[]> =>
    views[Object.keys(views).find((view) => sql.includes(`FROM ${view}`)) ?? ''] ?? [];
  return { rows } as unknown as Connection;
}

describe('rights of every kind, in the statements that give them', () => {
  test.each([
    [
      'svv_database_privileges',
      { name: 'dev', privilege: 'TEMP', option: true, scope: 'DATABASE' },
      'GRANT TEMP ON DATABASE "dev" TO "x" WITH GRANT OPTION',
    ],
    [
      'svv_database_privileges',
      { name: 'd"b', privilege: 'SELECT', option: false, scope: 'TABLES' },
      'GRANT SELECT FOR TABLES IN DATABASE "d""b" TO "x"',
    ],
    [
      'svv_schema_privileges',
      { name: 's', privilege: 'USAGE', option: false, scope: 'SCHEMA' },
      'GRANT USAGE ON SCHEMA "s" TO "x"',
    ],
    [
      'svv_schema_privileges',
      { name: 's', privilege: 'EXECUTE', option: false, scope: 'FUNCTIONS' },
      'GRANT EXECUTE FOR FUNCTIONS IN SCHEMA "s" TO "x"',
    ],
    [
      'svv_relation_privileges',
      { schema: 's', name: 't; DROP', privilege: 'select', option: false },
      'GRANT SELECT ON TABLE "s"."t; DROP" TO "x"',
    ],
    [
      'svv_column_privileges',
      { schema: 's', name: 't', detail: 'c"', privilege: 'UPDATE' },
      'GRANT UPDATE ("c""") ON TABLE "s"."t" TO "x"',
    ],
    [
      'svv_function_privileges',
      { schema: 's', name: 'f', detail: 'integer, character varying', privilege: 'EXECUTE', option: false, scope: 'FUNCTION' },
      'GRANT EXECUTE ON FUNCTION "s"."f"(integer, character varying) TO "x"',
    ],
    [
      'svv_function_privileges',
      { schema: 's', name: 'p', detail: '', privilege: 'EXECUTE', option: false, scope: 'PROCEDURE' },
      'GRANT EXECUTE ON PROCEDURE "s"."p"() TO "x"',
    ],
    [
      'svv_language_privileges',
      { name: 'plpythonu', privilege: 'USAGE', option: false },
      'GRANT USAGE ON LANGUAGE "plpythonu" TO "x"',
    ],
  ])('%s: %j', async (view, row, statement) => {
    expect(rightChanges('x', [], await rightsOf(connectionWith({ [view]: [row] }), 'base')))
      .toEqual({ together: [statement], alone: [] });
  });

  test('each shared database has a statement of its own, outside of transactions', async () => {
    const shared = ['one', 'two'].map((name) => ({ name, privilege: 'USAGE', option: false, scope: 'DATABASE' }));
    const rights = await rightsOf(connectionWith({ svv_database_privileges: shared }), 'base');
    expect(rightChanges('x', [], rights))
      .toEqual({ together: [], alone: ['GRANT USAGE ON DATABASE "one" TO "x"', 'GRANT USAGE ON DATABASE "two" TO "x"'] });
    expect(rightChanges('x', rights, []))
      .toEqual({ together: [], alone: ['REVOKE USAGE ON DATABASE "one" FROM "x"', 'REVOKE USAGE ON DATABASE "two" FROM "x"'] });
  });

  test.each(['RULE', 'TRIGGER'])('%s cannot be granted', async (privilege) => {
    expect(
      await rightsOf(connectionWith({ svv_relation_privileges: [{ schema: 's', name: 't', privilege, option: false }] }), 'base'),
    ).toEqual([]);
  });

  test.each([
    ['svv_relation_privileges', { schema: 's', name: 't', privilege: 'SELECT; DROP', option: false }],
    ['svv_schema_privileges', { name: 's', privilege: 'SELECT', scope: 'TABLES"', option: false }],
    [
      'svv_function_privileges',
      { schema: 's', name: 'f', detail: 'integer) TO x; --', privilege: 'EXECUTE', scope: 'FUNCTION', option: false },
    ],
  ])('a catalogue that says what is none is not believed: %s', async (view, row) => {
    await expect(rightsOf(connectionWith({ [view]: [row] }), 'base')).rejects.toMatchObject({ errorClass: 'configuration' });
  });
});

describe('changes of rights', () => {
  const select = (option: boolean): Right => ({ privilege: 'SELECT', on: 'ON TABLE "s"."t"', withGrantOption: option });

  test.each([
    ['none where nothing differs', [select(true)], [select(true)], []],
    ['a right that the base has lost', [select(false)], [], ['REVOKE SELECT ON TABLE "s"."t" FROM "x"']],
    ['the right to pass on, gained', [select(false)], [select(true)], ['GRANT SELECT ON TABLE "s"."t" TO "x" WITH GRANT OPTION']],
    ['the right to pass on, lost', [select(true)], [select(false)], ['REVOKE GRANT OPTION FOR SELECT ON TABLE "s"."t" FROM "x"']],
  ])('%s', (_, own, wanted, statements) => {
    expect(rightChanges('x', own, wanted).together).toEqual(statements);
  });

  test('names of any characters stay between their quotation marks', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !name.includes('\0')), (name) => {
      const [statement] = rightChanges(name, [], [select(false)]).together;
      expect(statement).toBe(`GRANT SELECT ON TABLE "s"."t" TO "${name.replaceAll('"', '""')}"`);
    }));
  });
});

describe('rights on what will be made', () => {
  const mutual = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES'].flatMap((privilege) =>
    [
      ['a', 'a_clone'],
      ['a_clone', 'a'],
    ].map(([owner, grantee]): DefaultRight => ({
      owner,
      grantee,
      privilege,
      schema: null,
      objectType: 'RELATION',
      granteeType: 'user',
      option: false,
    })),
  );
  const right = (more: Partial<DefaultRight>): DefaultRight => ({
    owner: 'o',
    grantee: 'a',
    privilege: 'SELECT',
    schema: null,
    objectType: 'RELATION',
    granteeType: 'user',
    option: false,
    ...more,
  });
  const changes = (...rights: DefaultRight[]): string[] => defaultRightChanges([...mutual, ...rights], 'a', 'a_clone');

  test('each of the two may use the tables that the other will make', () => {
    const statements = defaultRightChanges([], 'a', 'a_clone');
    expect(statements).toHaveLength(10);
    expect(statements).toContain('ALTER DEFAULT PRIVILEGES FOR USER "a" GRANT SELECT ON TABLES TO "a_clone"');
    expect(statements).toContain('ALTER DEFAULT PRIVILEGES FOR USER "a_clone" GRANT REFERENCES ON TABLES TO "a"');
    expect(changes()).toEqual([]);
  });

  test.each([
    [right({}), 'ALTER DEFAULT PRIVILEGES FOR USER "o" GRANT SELECT ON TABLES TO "a_clone"'],
    [
      right({ schema: 's', option: true }),
      'ALTER DEFAULT PRIVILEGES FOR USER "o" IN SCHEMA "s" GRANT SELECT ON TABLES TO "a_clone" WITH GRANT OPTION',
    ],
    [
      right({ owner: 'a', grantee: 'readers', granteeType: 'group' }),
      'ALTER DEFAULT PRIVILEGES FOR USER "a_clone" GRANT SELECT ON TABLES TO GROUP "readers"',
    ],
    [
      right({ owner: 'a', grantee: 'r', granteeType: 'role', objectType: 'PROCEDURE', privilege: 'EXECUTE' }),
      'ALTER DEFAULT PRIVILEGES FOR USER "a_clone" GRANT EXECUTE ON PROCEDURES TO ROLE "r"',
    ],
    [right({ owner: 'a', grantee: 'public', granteeType: 'public', objectType: 'FUNCTION', privilege: 'EXECUTE' }),
      'ALTER DEFAULT PRIVILEGES FOR USER "a_clone" GRANT EXECUTE ON FUNCTIONS TO PUBLIC'],
  ])('what the base is given and gives: %j', (given, statement) => {
    expect(changes(given)).toEqual([statement]);
  });

  test.each([
    [
      right({ grantee: 'a_clone', schema: 's' }),
      'ALTER DEFAULT PRIVILEGES FOR USER "o" IN SCHEMA "s" REVOKE SELECT ON TABLES FROM "a_clone"',
    ],
    [
      right({ owner: 'a_clone', grantee: 'public', granteeType: 'public' }),
      'ALTER DEFAULT PRIVILEGES FOR USER "a_clone" REVOKE SELECT ON TABLES FROM PUBLIC',
    ],
  ])('what the base has not is taken away: %j', (given, statement) => {
    expect(changes(given)).toEqual([statement]);
  });

  test('a group with the name of the base is not the base', () => {
    expect(changes(right({ owner: 'a', grantee: 'a', granteeType: 'group' })))
      .toEqual(['ALTER DEFAULT PRIVILEGES FOR USER "a_clone" GRANT SELECT ON TABLES TO GROUP "a"']);
  });
});

describe('limits and settings', () => {
  test('none for equal users', () => {
    expect(limitChanges('x', NEW_USER, { ...NEW_USER, connectionLimit: null, settings: [] })).toEqual([]);
  });

  test.each([
    [{ createDatabases: true }, ['CREATEDB'], ['NOCREATEDB']],
    [{ connectionLimit: '30' }, ['CONNECTION LIMIT 30'], ['CONNECTION LIMIT UNLIMITED']],
    [{ syslogAccess: 'UNRESTRICTED' }, ['SYSLOG ACCESS UNRESTRICTED'], ['SYSLOG ACCESS RESTRICTED']],
    [{ sessionTimeout: 120 }, ['SESSION TIMEOUT 120'], ['RESET SESSION TIMEOUT']],
    [
      { validUntil: '2099-01-02 03:04:05' },
      ["VALID UNTIL '2099-01-02 03:04:05+00'"],
      ["VALID UNTIL 'infinity'"],
    ],
    [{ settings: ['query_group=night load'] }, ["SET query_group TO 'night load'"], ['RESET query_group']],
    [{ settings: ['search_path=a, "b, ""c"""'] }, ['SET search_path TO "a", "b, ""c"""'], ['RESET search_path']],
    [{ settings: ['search_path='] }, ["SET search_path TO ''"], ['RESET search_path']],
  ])('%j', (wanted, there, back) => {
    expect(limitChanges('x', NEW_USER, { ...NEW_USER, ...wanted })).toEqual(there.map((text) => `ALTER USER "x" ${text}`));
    expect(limitChanges('x', { ...NEW_USER, ...wanted }, NEW_USER)).toEqual(back.map((text) => `ALTER USER "x" ${text}`));
  });

  test('a date that is none is not believed', () => {
    expect(() => limitChanges('x', NEW_USER, { ...NEW_USER, validUntil: "2099'; DROP" })).toThrow('when a password expires');
  });

  test.each(["query_group=it's", 'query_group=back\\slash', '; DROP=x'])(
    'a setting that cannot be written is told: %j',
    (setting) => {
      expect(() => limitChanges('x', NEW_USER, { ...NEW_USER, settings: [setting] })).toThrow('a setting that cannot be given');
    },
  );
});
