import { RotationError } from '../../../handlers/core/rotation-error';
import { PerhapsSet } from '../../../handlers/database/error-phases';
import { redshiftError } from '../../../handlers/rotate-redshift/redshift-error';

test.each([
  ['login', '28000', 'authentication'], ['login', '28P01', 'authentication'], ['login', '3D000', 'configuration'],
  ['login', '57P03', 'unavailable'], ['login', '08006', 'network'],
  ['password', '42501', 'permission'], ['password', '40001', 'conflict'], ['password', '57014', 'timeout'],
  ['password', '42710', 'conflict'],
  ['statement', '42501', 'permission'], ['statement', '25006', 'readOnly'], ['statement', '53300', 'unavailable'],
] as const)('of a %s, %s is an error of class %s', (phase, code, errorClass) => {
  const error = redshiftError(Object.assign(new Error('canary'), { code }), phase);
  expect(error).toMatchObject({ errorClass, code, message: expect.not.stringMatching(/canary|does not know/) });
  expect(error).not.toBeInstanceOf(PerhapsSet);
});

test.each([
  ['login', '42501', 'refuses the login'], ['password', '28000', 'does not set the password'],
  ['statement', '28000', 'refuses a statement'],
] as const)('of a %s, %s is one that nobody knows, and is said to be', (phase, code, text) => {
  const error = redshiftError(Object.assign(new Error('canary'), { code }), phase);
  expect(error).toMatchObject({ errorClass: 'conflict', code, message: expect.stringContaining(text) });
  expect(error instanceof PerhapsSet).toBe(phase === 'password');
});

test('what is none of the server stays what it is', () => {
  const error = new RotationError('permission', 'x', '42501');
  expect(redshiftError(error, 'login')).toBe(error);
  expect(redshiftError(Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'login')).toMatchObject({ errorClass: 'network' });
  expect(redshiftError(new Error('x'), 'login')).toMatchObject({ errorClass: 'protocol' });
});
