import { type ErrorClass, RotationError } from '../core/rotation-error';
import { postgresqlError } from '../postgresql-protocol/postgresql-error';

/** SQLSTATEs that mean something else than in PostgreSQL, from whose version 8.0 Amazon Redshift has them. */
const CLASSES: Readonly<Record<string, { errorClass: ErrorClass; text: string }>> = {
  28000: { errorClass: 'authentication', text: 'the database refused the login' },
  42710: { errorClass: 'conflict', text: 'the user or the group has been created by somebody else meanwhile' },
  40001: { errorClass: 'conflict', text: 'the change collided with another one' },
};

/** What may be disclosed of an error of the driver or the server: never its text, which quotes statements. */
export function redshiftError(thrown: unknown): RotationError {
  const error = postgresqlError(thrown);
  const other = error.code === undefined ? undefined : CLASSES[error.code];
  return other ? new RotationError(other.errorClass, other.text, error.code) : error;
}
