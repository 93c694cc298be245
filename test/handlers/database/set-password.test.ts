import { RotationError } from '../../../handlers/core/rotation-error';
import { type CredentialSession, PasswordOver, SignInRefused } from '../../../handlers/database/credential-target';
import { PerhapsSet } from '../../../handlers/database/error-phases';
import { setPassword } from '../../../handlers/database/set-password';
import { oracleError } from '../../../handlers/rotate-oracle/oracle-error';
import { errorOfNumbers } from '../../../handlers/rotate-sqlserver/sqlserver-error';

const failing = (error: Error) => async (): Promise<never> => Promise.reject(error);
const perhaps = new PerhapsSet('conflict', 'unknown');
const closed: string[] = [];
const session = async (): Promise<CredentialSession> => ({ close: async () => void closed.push('closed') }) as never;

beforeEach(() => closed.splice(0));

test('a statement that works costs no login', async () => {
  await setPassword(async () => undefined, session);
  expect(closed).toEqual([]);
});

test('a login that works makes up for one that may have worked, and leaves no session behind', async () => {
  await setPassword(failing(perhaps), session);
  expect(closed).toEqual(['closed']);
});

test.each([
  ['without CREATE SESSION', oracleError({ errorNum: 1045 }, 'login')],
  ['without a user in the database', errorOfNumbers([4060, 18456], 'login')],
  ['to be changed by the user', new PasswordOver('0.changeAfterReset')],
  ['without a default database', errorOfNumbers([4064, 18456], 'login')],
])('so does one that is refused for another reason than its password: %s', async (_, error) => {
  await setPassword(failing(perhaps), failing(error));
});

test.each([
  ['a wrong password', new SignInRefused('1')], ['a lock', oracleError({ errorNum: 28000 }, 'login')],
  ['a lock', errorOfNumbers([18486], 'login')], ['no answer', new RotationError('timeout', 'late')],
])('one that tells nothing leaves the failure as it was: %s', async (_, error) => {
  await expect(setPassword(failing(perhaps), failing(error))).rejects.toBe(perhaps);
});

test('no login follows what is known to have changed nothing', async () => {
  const error = new RotationError('configuration', 'policy');
  await expect(setPassword(failing(error), session)).rejects.toBe(error);
  expect(closed).toEqual([]);
});
