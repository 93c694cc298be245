import * as fc from 'fast-check';
import { MariadbGrant } from '../../../handlers/rotate-mysql/mariadb-grant';
import { quoteIdentifier } from '../../../handlers/rotate-mysql/quoting';

const app = { username: 'app', host: '%' };
const clone = { username: 'app_clone', host: '%' };
const parse = (row: string): MariadbGrant => MariadbGrant.parse(row, app)!;

test.each([
  ['GRANT USAGE ON *.* TO `app`@`%`', undefined],
  ["GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*B69027D44F6E5EDC07F1AEAD1477967B16F28227' REQUIRE SSL", undefined],
  ["GRANT PROCESS, SHOW DATABASES ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*B690' REQUIRE SSL WITH GRANT OPTION "
    + 'MAX_QUERIES_PER_HOUR 5000',
  'GRANT PROCESS, SHOW DATABASES ON *.* TO `app_clone`@`%` WITH GRANT OPTION'],
  ["GRANT USAGE ON *.* TO `app`@`%` REQUIRE ISSUER '/CN= WITH GRANT OPTION'", undefined],
  ['GRANT USAGE ON *.* TO `app`@`%` WITH GRANT OPTION', 'GRANT USAGE ON *.* TO `app_clone`@`%` WITH GRANT OPTION'],
  ['GRANT ALL PRIVILEGES ON `a TO b`.* TO `app`@`%`', 'GRANT ALL PRIVILEGES ON `a TO b`.* TO `app_clone`@`%`'],
  [
    'GRANT SELECT (`a`, `b ON c`), INSERT ON `d`.`t` TO `app`@`%` WITH GRANT OPTION',
    'GRANT SELECT (`a`, `b ON c`), INSERT ON `d`.`t` TO `app_clone`@`%` WITH GRANT OPTION',
  ],
  ['GRANT EXECUTE ON FUNCTION `d`.`f(` TO `app`@`%`', 'GRANT EXECUTE ON FUNCTION `d`.`f(` TO `app_clone`@`%`'],
  ['GRANT PROXY ON `other`@`localhost` TO `app`@`%`', 'GRANT PROXY ON `other`@`localhost` TO `app_clone`@`%`'],
  ['GRANT `r ON s TO t` TO `app`@`%` WITH ADMIN OPTION', 'GRANT `r ON s TO t` TO `app_clone`@`%` WITH ADMIN OPTION'],
  ['GRANT `reader` TO `app`@`%`', 'GRANT `reader` TO `app_clone`@`%`'],
])('%s', (row, statement) => {
  expect(parse(row).statementsFor(clone)).toEqual(statement === undefined ? [] : [statement]);
});

test('the role that sessions begin with is no right', () => {
  expect(MariadbGrant.parse('SET DEFAULT ROLE `r TO s` FOR `app`@`%`', app)).toBeUndefined();
});

test.each([
  'GRANT SELECT ON *.* TO `somebody`@`%`', 'GRANT SELECT ON *.* TO `app`@`%x`', 'GRANT SELECT ON *.* TO `app`@`%`x',
  'REVOKE SELECT ON *.* FROM `app`@`%`', 'GRANT SELECT ON *.*',
  'GRANT SELECT ON `d.* TO `app`@`%`', "GRANT SELECT ON *.* TO `app`@`%` IDENTIFIED BY 'x", '', 'nonsense',
])('what is not understood is refused: %s', (row) => {
  expect(() => MariadbGrant.parse(row, app)).toThrow('a form that this function does not know');
});

test('names of any kind come back as they were', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map(quoteIdentifier);
  fc.assert(fc.property(name, name, fc.array(name, { minLength: 1 }), fc.boolean(), (database, table, columns, mayPassOn) => {
    const row = (account: string): string => `GRANT SELECT (${columns.join(', ')}), DELETE ON ${database}.${table} TO `
      + `${account}@\`%\`${mayPassOn ? ' WITH GRANT OPTION' : ''}`;
    const grant = parse(row('`app`'));
    expect(grant.statementsFor(clone)).toEqual([row('`app_clone`')]);
    expect(grant.isWithin([grant])).toBe(true);
    expect(grant.isWithin([])).toBe(false);
    expect(parse(`GRANT SELECT (${columns[0]}) ON ${database}.${table} TO \`app\`@\`%\``).isWithin([grant])).toBe(true);
    expect(parse(`GRANT INSERT ON ${database}.${table} TO \`app\`@\`%\``).isWithin([grant])).toBe(false);
  }));
});

test.each([
  ['GRANT SELECT ON `d`.* TO `app`@`%`', 'GRANT SELECT, INSERT ON `d`.* TO `app`@`%`', true],
  ['GRANT SELECT ON `d`.* TO `app`@`%`', 'GRANT ALL PRIVILEGES ON `d`.* TO `app`@`%`', true],
  ['GRANT ALL PRIVILEGES ON `d`.* TO `app`@`%`', 'GRANT SELECT ON `d`.* TO `app`@`%`', false],
  ['GRANT SELECT ON `d`.* TO `app`@`%`', 'GRANT SELECT ON `D`.* TO `app`@`%`', false],
  ['GRANT SELECT ON `d`.* TO `app`@`%` WITH GRANT OPTION', 'GRANT SELECT ON `d`.* TO `app`@`%`', false],
  ['GRANT SELECT (`a`) ON `d`.`t` TO `app`@`%`', 'GRANT SELECT ON `d`.`t` TO `app`@`%`', false],
  ['GRANT `r` TO `app`@`%`', 'GRANT `r` TO `app`@`%` WITH ADMIN OPTION', true],
  ['GRANT `r` TO `app`@`%`', 'GRANT `s` TO `app`@`%`', false],
  ['GRANT `ALL PRIVILEGES` TO `app`@`%`', 'GRANT `r` TO `app`@`%`', false],
])('%s is within %s: %s', (one, other, within) => {
  expect(parse(one).isWithin([parse(other)])).toBe(within);
});

test('a role with the right to pass it on is not within another that has it', () => {
  const both = [parse('GRANT `r` TO `app`@`%`'), parse('GRANT `s` TO `app`@`%` WITH ADMIN OPTION')];
  expect(parse('GRANT `r` TO `app`@`%` WITH ADMIN OPTION').isWithin(both)).toBe(false);
  expect(parse('GRANT `s` TO `app`@`%` WITH ADMIN OPTION').isWithin(both)).toBe(true);
});
