import { RotationError } from '../../../handlers/core/rotation-error';
import { refusedSettings, settingChanges } from '../../../handlers/rotate-postgresql/role-settings';

test('a connection that breaks is no refusal of a setting', () => {
  expect(refusedSettings(new RotationError('network', 'x'))).toBeUndefined();
});

test('what is equal is left alone', () => {
  expect(settingChanges('clone', [[null, ['role=app', 'work_mem=8MB']]], [[null, ['work_mem=8MB']]])).toEqual([]);
});

test.each([
  ['search_path=', '"search_path" TO \'\''],
  ['local_preload_libraries=', '"local_preload_libraries" TO DEFAULT'],
  ['search_path=a, "B""c", ""', '"search_path" TO \'a\', \'B"c\', \'\''],
  ['search_path=Foo, "Foo", ÄB', '"search_path" TO \'foo\', \'Foo\', \'Äb\''],
  ['temp_tablespaces=Fast', '"temp_tablespaces" TO \'fast\''],
  ['session_preload_libraries=Mine', '"session_preload_libraries" TO \'Mine\''],
  ['work_mem=a, "b"', '"work_mem" TO \'a, "b"\''],
])('%s is written as %s', (line, written) => {
  expect(settingChanges('clone', [], [['data', [line]]])).toEqual([`ALTER ROLE "clone" IN DATABASE "data" SET ${written}`]);
});
