import * as fc from 'fast-check';
import { permissionChanges, type PermissionRow, roleChanges } from '../../../handlers/rotate-sqlserver/permission';

const row = (kind: number, permission: string, rest: Partial<PermissionRow> = {}): PermissionRow =>
  ({ class: kind, state: 'G', permission, kind: null, schema: null, name: null, column: null, ...rest });

test.each([
  [row(0, 'CREATE TABLE'), 'GRANT CREATE TABLE TO [c]'],
  [row(100, 'VIEW SERVER STATE', { state: 'W' }), 'GRANT VIEW SERVER STATE TO [c] WITH GRANT OPTION'],
  [row(100, 'CONNECT SQL', { state: 'D ' }), 'DENY CONNECT SQL TO [c] CASCADE'],
  [row(1, 'SELECT', { schema: 's]', name: 't.x' }), 'GRANT SELECT ON OBJECT::[s]]].[t.x] TO [c]'],
  [row(1, 'UPDATE', { schema: 's', name: 't', column: 'a, b)' }), 'GRANT UPDATE ON OBJECT::[s].[t] ([a, b)]) TO [c]'],
  [row(3, 'EXECUTE', { name: 's; DROP' }), 'GRANT EXECUTE ON SCHEMA::[s; DROP] TO [c]'],
  [row(4, 'IMPERSONATE', { kind: 'USER', name: 'u' }), 'GRANT IMPERSONATE ON USER::[u] TO [c]'],
  [row(4, 'ALTER', { kind: 'APPLICATION ROLE', name: 'r' }), 'GRANT ALTER ON APPLICATION ROLE::[r] TO [c]'],
  [row(5, 'EXECUTE', { name: 'n' }), 'GRANT EXECUTE ON ASSEMBLY::[n] TO [c]'],
  [row(6, 'EXECUTE', { schema: 's', name: 'n' }), 'GRANT EXECUTE ON TYPE::[s].[n] TO [c]'],
  [row(10, 'EXECUTE', { schema: 's', name: 'n' }), 'GRANT EXECUTE ON XML SCHEMA COLLECTION::[s].[n] TO [c]'],
  [row(15, 'REFERENCES', { name: 'n' }), 'GRANT REFERENCES ON MESSAGE TYPE::[n] TO [c]'],
  [row(17, 'SEND', { name: 'n' }), 'GRANT SEND ON SERVICE::[n] TO [c]'],
  [row(24, 'VIEW DEFINITION', { name: 'n' }), 'GRANT VIEW DEFINITION ON SYMMETRIC KEY::[n] TO [c]'],
  [row(25, 'CONTROL', { name: 'n' }), 'GRANT CONTROL ON CERTIFICATE::[n] TO [c]'],
  [row(101, 'VIEW DEFINITION', { kind: 'LOGIN', name: 'l' }), 'GRANT VIEW DEFINITION ON LOGIN::[l] TO [c]'],
  [row(105, 'CONNECT', { name: 'e' }), 'GRANT CONNECT ON ENDPOINT::[e] TO [c]'],
])('%j', (wanted, statement) => {
  expect(permissionChanges([wanted], [], 'c')).toEqual([statement]);
  expect(permissionChanges([wanted], [wanted], 'c')).toEqual([]);
  expect(permissionChanges([], [wanted], 'c')).toEqual([expect.stringMatching(/^REVOKE .* FROM \[c\] CASCADE$/)]);
});

test.each([
  ['G', 'W', 'GRANT SELECT TO [c] WITH GRANT OPTION'], ['W', 'G', 'REVOKE GRANT OPTION FOR SELECT FROM [c] CASCADE'],
  ['G', 'D', 'DENY SELECT TO [c] CASCADE'],
  ['W', 'D', 'DENY SELECT TO [c] CASCADE'], ['D', 'G', 'GRANT SELECT TO [c]'],
  ['D', 'W', 'GRANT SELECT TO [c] WITH GRANT OPTION'],
])('from %s to %s', (before, after, statement) => {
  expect(permissionChanges([row(0, 'SELECT', { state: after })], [row(0, 'SELECT', { state: before })], 'c'))
    .toEqual([statement]);
});

test('what is taken away goes first', () => {
  expect(permissionChanges([row(0, 'A')], [row(0, 'B')], 'c')).toEqual(['REVOKE B FROM [c] CASCADE', 'GRANT A TO [c]']);
});

test('what several users have given counts once, the strongest', () => {
  const rows = ['G', 'D', 'W'].map((state) => row(0, 'SELECT', { state }));
  expect(permissionChanges(rows, [], 'c')).toEqual(['DENY SELECT TO [c] CASCADE']);
});

test.each([
  [row(1, 'SELECT', { state: 'R', schema: 's', name: 't', column: 'c' }), 'configuration', 'without some of its columns'],
  [row(0, 'SELECT', { state: 'X' }), 'protocol', 'in a form'], [row(0, 'SELECT TO [sa]; --'), 'protocol', 'in a form'],
  [row(0, ''), 'protocol', 'in a form'],
  [row(108, 'ALTER', { name: 'group' }), 'configuration', 'class 108'],
  [row(1, 'SELECT', { name: 't' }), 'configuration', 'does not see'],
  [row(3, 'SELECT'), 'configuration', 'does not see'], [row(4, 'ALTER', { name: 'r' }), 'configuration', 'class 4'],
])('what cannot be copied as it is, is refused: %j', (wanted, errorClass, text) => {
  expect(() => permissionChanges([wanted], [], 'c'))
    .toThrow(expect.objectContaining({ errorClass, message: expect.stringContaining(text) }));
});

test('names of any kind stay names', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
  const quoted = '\\[(?:[^\\]]|\\]\\])*\\]';
  fc.assert(fc.property(name, name, name, name, (schema, object, column, user) => {
    const [statement] = permissionChanges([row(1, 'SELECT', { schema, name: object, column })], [], user);
    expect(statement).toMatch(new RegExp(`^GRANT SELECT ON OBJECT::${quoted}\\.${quoted} \\(${quoted}\\) TO ${quoted}$`));
    expect(roleChanges('ROLE', [object], [], user)[0]).toMatch(new RegExp(`^ALTER ROLE ${quoted} ADD MEMBER ${quoted}$`));
  }));
});

test('roles: those that are missing and those that are too many', () => {
  expect(roleChanges('SERVER ROLE', ['a', 'b'], ['b', 'x]'], 'c'))
    .toEqual(['ALTER SERVER ROLE [x]]] DROP MEMBER [c]', 'ALTER SERVER ROLE [a] ADD MEMBER [c]']);
});
