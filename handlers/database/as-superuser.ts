import { RotationError } from '../core/rotation-error';

/** The superuser, the users that it changes, and the rights that it needs for that. */
export interface SuperuserWork {
  readonly superuser: string;
  readonly users: readonly string[];
  /** The rights that the superuser needs, as an administrator grants them. */
  readonly needs: string;
}

/** Does something as a superuser, and says which rights are missing where that is refused. */
export async function asSuperuser({ superuser, users, needs }: SuperuserWork, work: () => Promise<void>): Promise<void> {
  checkOthers(superuser, users);
  try {
    await work();
  } catch (thrown) {
    const error = RotationError.from(thrown);
    throw error.errorClass === 'permission'
      ? new RotationError('permission', `the database does not let the superuser change the user: it needs ${needs}`, error.code)
      : error;
  }
}

/** Throws where the superuser is among the users: nobody would know its new password. */
export function checkOthers(superuser: string, users: readonly string[]): void {
  if (users.includes(superuser)) {
    throw new RotationError(
      'configuration',
      'the user is the superuser itself: its secret is rotated by a function that proves credentials',
    );
  }
}

/** What to do about a user that is not there: the property is the one that the user of the construct writes. */
export const CREATE_IT =
  'give its Rotation `createWithRoles` ([] for a user that may sign in and nothing else), or create the user in the database';

export function noSuchUser(): RotationError {
  return new RotationError('configuration', `the user does not exist; ${CREATE_IT}`);
}
