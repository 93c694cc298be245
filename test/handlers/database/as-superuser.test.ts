import { RotationError } from '../../../handlers/core/rotation-error';
import { asSuperuser, checkOthers, noSuchUser } from '../../../handlers/database/as-superuser';

const work = { superuser: 'admin', users: ['app', 'app_clone'], needs: 'CREATEROLE' };

test('what is done as superuser is done once', async () => {
  const done = jest.fn(async () => undefined);
  await asSuperuser(work, done);
  expect(done).toHaveBeenCalledTimes(1);
});

test.each(['app', 'app_clone'])('the superuser does not change itself: %s', async (superuser) => {
  const done = jest.fn(async () => undefined);
  await expect(asSuperuser({ ...work, superuser }, done)).rejects.toMatchObject({
    errorClass: 'configuration',
    text: 'the user is the superuser itself: its secret is rotated by a function that proves credentials',
  });
  expect(done).not.toHaveBeenCalled();
  expect(() => checkOthers('admin', work.users)).not.toThrow();
});

test('a right that is missing is named', async () => {
  const error = new RotationError('permission', 'x', '42501');
  await expect(asSuperuser(work, async () => Promise.reject(error))).rejects.toMatchObject({
    errorClass: 'permission',
    text: 'the database does not let the superuser change the user: it needs CREATEROLE',
    code: '42501',
  });
});

test('every other error is as it was', async () => {
  const error = new RotationError('readOnly', 'x', '25006');
  await expect(asSuperuser(work, async () => Promise.reject(error))).rejects.toBe(error);
});

test('for a user that is not there, there are two remedies', () => {
  expect(noSuchUser()).toMatchObject({
    errorClass: 'configuration',
    text: 'the user does not exist; give its Rotation `createWithRoles` ([] for a user that may sign in and nothing else), '
      + 'or create the user in the database',
  });
});
