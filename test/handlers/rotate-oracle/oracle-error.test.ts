import { RotationError } from '../../../handlers/core/rotation-error';
import { oracleError } from '../../../handlers/rotate-oracle/oracle-error';

const CANARY = 'canary';

test.each([
  ['login', { errorNum: 1017 }, 'authentication', 'ORA_01017'],
  ['login', { errorNum: 28000 }, 'configuration', 'ORA_28000'],
  ['login', { errorNum: 28001 }, 'configuration', 'ORA_28001'],
  ['login', { errorNum: 28058 }, 'configuration', 'ORA_28058'],
  ['login', { errorNum: 1045 }, 'permission', 'ORA_01045'],
  ['login', { errorNum: 1035 }, 'unavailable', 'ORA_01035'],
  ['login', { errorNum: 20001 }, 'configuration', 'ORA_20001'],
  ['login', { errorNum: 604 }, 'configuration', 'ORA_00604'],
  ['password', { errorNum: 28003 }, 'configuration', 'ORA_28003'],
  ['password', { errorNum: 28007 }, 'configuration', 'ORA_28007'],
  ['password', { errorNum: 20000 }, 'configuration', 'ORA_20000'],
  ['password', { errorNum: 20999 }, 'configuration', 'ORA_20999'],
  ['password', { errorNum: 21000 }, 'conflict', 'ORA_21000'],
  ['password', { errorNum: 1031 }, 'permission', 'ORA_01031'],
  ['password', { errorNum: 604 }, 'conflict', 'ORA_00604'],
  ['statement', { errorNum: 20001 }, 'conflict', 'ORA_20001'],
  ['statement', { errorNum: 16000 }, 'readOnly', 'ORA_16000'],
  ['statement', { errorNum: 3113 }, 'network', 'ORA_03113'],
  ['statement', { errorNum: 54 }, 'conflict', 'ORA_00054'],
  ['login', { errorNum: 257 }, 'unavailable', 'ORA_00257'],
  ['password', { errorNum: 257 }, 'unavailable', 'ORA_00257'],
  ['password', { errorNum: 1653 }, 'unavailable', 'ORA_01653'],
  ['login', { errorNum: 4031 }, 'unavailable', 'ORA_04031'],
  ['statement', { errorNum: 2396 }, 'unavailable', 'ORA_02396'],
  ['login', { code: 'NJS-511', message: 'refused\nCause: ORA-12529' }, 'configuration', 'ORA_12529'],
  ['login', { code: 'NJS-518' }, 'configuration', 'ORA_12514'],
  ['login', { code: 'NJS-519' }, 'configuration', 'ORA_12505'],
  ['login', { code: 'NJS-511', message: 'refused\nCause: ORA-12519' }, 'unavailable', 'ORA_12519'],
  ['login', { code: 'NJS-511', message: 'refused' }, 'unavailable', 'NJS_511'],
  ['login', { code: 'NJS-116' }, 'configuration', 'NJS_116'],
  ['login', { code: 'NJS-500', errorNum: 0 }, 'network', 'NJS_500'],
  ['login', { code: 'NJS-533' }, 'configuration', 'NJS_533'],
  ['statement', { code: 'NJS-173' }, 'protocol', 'NJS_173'],
  ['statement', { code: CANARY }, 'protocol', undefined],
  ['statement', new TypeError(CANARY), 'protocol', undefined],
  ['statement', undefined, 'protocol', undefined],
] as const)('of a %s, %j is of class %s', (phase, thrown, errorClass, code) => {
  const error = oracleError(thrown instanceof Error || thrown === undefined ? thrown : { message: CANARY, ...thrown }, phase);
  expect(error).toMatchObject({ errorClass, code });
  expect(JSON.stringify([error.message, { ...error }])).not.toContain(CANARY);
});

test.each([
  ['login', 28003, 'refuses the login'],
  ['password', 1017, 'does not set the password'],
  ['statement', 28003, 'refuses a statement'],
] as const)('of a %s, %d is one that nobody knows, and is said to be', (phase, errorNum, text) => {
  expect(oracleError({ errorNum }, phase)).toMatchObject({ errorClass: 'conflict', message: expect.stringContaining(text) });
});

test('an error of ours stays as it is', () => {
  const error = new RotationError('tls', 'x');
  expect(oracleError(error, 'login')).toBe(error);
});
