import { RotationError } from '../../../handlers/core/rotation-error';
import { errorInPhase, PerhapsSet, type Phase, type PhaseTables, RightPassword } from '../../../handlers/database/error-phases';

const tables: PhaseTables = {
  login: { 1: { errorClass: 'configuration', text: 'of a login', knowsPassword: true } },
  password: { 1: { errorClass: 'network', text: 'of a password', perhapsSet: true } },
  statement: { 1: { errorClass: 'permission', text: 'of a statement' }, 2: { errorClass: 'readOnly', text: 'of any statement' } },
};

test.each<[Phase, string | number, object, typeof RotationError]>([
  ['login', 1, { errorClass: 'configuration', text: 'of a login', code: '1' }, RightPassword],
  ['password', '1', { errorClass: 'network', text: 'of a password', code: '1' }, PerhapsSet],
  ['statement', 1, { errorClass: 'permission', text: 'of a statement', code: '1' }, RotationError],
  ['password', 2, { errorClass: 'readOnly', text: 'of any statement', code: '2' }, RotationError],
  ['statement', 2, { errorClass: 'readOnly', text: 'of any statement', code: '2' }, RotationError],
])('%s: what code %j means', (phase, code, error, kind) => {
  const made = errorInPhase(tables, phase, code);
  expect(made).toMatchObject(error);
  expect(made.constructor).toBe(kind);
});

test.each<[Phase, number, string, typeof RotationError]>([
  ['login', 2, 'the server refuses the login for a reason that this function does not know: look the code up', RotationError],
  [
    'password', 3, 'the server does not set the password, for a reason that this function does not know: look the code up',
    PerhapsSet,
  ],
  [
    'statement', 3, 'the server refuses a statement for a reason that this function does not know: look the code up',
    RotationError,
  ],
])('%s: code %d is in no table', (phase, code, text, kind) => {
  const made = errorInPhase(tables, phase, code);
  expect(made).toMatchObject({ errorClass: 'conflict', text, code: String(code) });
  expect(made.constructor).toBe(kind);
});

test('a code may be shown otherwise', () => {
  expect(errorInPhase(tables, 'statement', 2, 'ORA02').code).toBe('ORA02');
});
