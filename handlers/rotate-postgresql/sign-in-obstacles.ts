import { LOGIN } from './postgresql-error';
import type { PostgresqlUser } from './postgresql-users';
import { type ErrorClass, RotationError } from '../core/rotation-error';

type Obstacle = readonly [isThere: (user: PostgresqlUser) => boolean, errorClass: ErrorClass, text: string];

/** What keeps a user out, whatever its password is, as far as the catalogue tells. */
const OBSTACLES: readonly Obstacle[] = [
  [({ canLogin }) => !canLogin, 'configuration', 'the user may not sign in: ALTER ROLE <user> LOGIN'],
  [({ usesIam }) => usesIam, 'configuration', 'the user is a member of rds_iam, so that Amazon RDS lets it in with tokens of IAM '
    + 'and with no password: REVOKE rds_iam FROM <user>, or from the role through which it is one'],
  [({ expired }) => expired, 'configuration', "the user's passwords have expired: ALTER ROLE <user> VALID UNTIL 'infinity', or "
    + 'a date to come'],
  [({ connectionLimit }) => connectionLimit === 0, 'configuration', 'the user may have no connections: ALTER ROLE <user> '
    + 'CONNECTION LIMIT -1, or as many as it needs'],
  [({ database }) => database === null, LOGIN['3D000'].errorClass, LOGIN['3D000'].text],
  [({ database }) => !database!.isOpen, LOGIN['55000'].errorClass, LOGIN['55000'].text],
  [({ database }) => !database!.mayConnect, LOGIN['42501'].errorClass, LOGIN['42501'].text],
];

/** Throws for a user that no password lets in: it would lose the one that it has for nothing. */
export function checkSignIn(user: PostgresqlUser): void {
  const obstacle = OBSTACLES.find(([isThere]) => isThere(user));
  if (obstacle) {
    const [, errorClass, text] = obstacle;
    throw new RotationError(errorClass, text);
  }
}
