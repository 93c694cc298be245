import { RotationError } from '../../../handlers/core/rotation-error';
import { oracleError } from '../../../handlers/rotate-oracle/oracle-error';

const CANARY = 'canary';

test.each([
  [{ errorNum: 1017 }, 'authentication', 'ORA_01017'],
  [{ errorNum: 28000 }, 'configuration', 'ORA_28000'],
  [{ errorNum: 28003 }, 'configuration', 'ORA_28003'],
  [{ errorNum: 20000 }, 'configuration', 'ORA_20000'],
  [{ errorNum: 20999 }, 'configuration', 'ORA_20999'],
  [{ errorNum: 21000 }, 'conflict', 'ORA_21000'],
  [{ errorNum: 1031 }, 'permission', 'ORA_01031'],
  [{ errorNum: 16000 }, 'readOnly', 'ORA_16000'],
  [{ errorNum: 3113 }, 'network', 'ORA_03113'],
  [{ errorNum: 54 }, 'conflict', 'ORA_00054'],
  [{ code: 'NJS-518' }, 'configuration', 'ORA_12514'],
  [{ code: 'NJS-519' }, 'configuration', 'ORA_12505'],
  [{ code: 'NJS-511', message: 'refused\nCause: ORA-12519' }, 'unavailable', 'ORA_12519'],
  [{ code: 'NJS-511', message: 'refused' }, 'unavailable', 'NJS_511'],
  [{ code: 'NJS-116' }, 'configuration', 'NJS_116'],
  [{ code: 'NJS-500', errorNum: 0 }, 'network', 'NJS_500'],
  [{ code: 'NJS-533' }, 'configuration', 'NJS_533'],
  [{ code: 'NJS-173' }, 'protocol', 'NJS_173'],
  [{ code: CANARY }, 'protocol', undefined],
  [new TypeError(CANARY), 'protocol', undefined],
  [undefined, 'protocol', undefined],
])('%j is of class %s', (thrown, errorClass, code) => {
  const error = oracleError(thrown instanceof Error || thrown === undefined ? thrown : { message: CANARY, ...thrown });
  expect(error).toMatchObject({ errorClass, code });
  expect(JSON.stringify([error.message, { ...error }])).not.toContain(CANARY);
});

test('an error of ours stays as it is', () => {
  const error = new RotationError('tls', 'x');
  expect(oracleError(error)).toBe(error);
});
