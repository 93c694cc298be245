import { codeOf, type ErrorClass, RotationError } from '../core/rotation-error';

/** SQLSTATEs, or their first two characters, and what they mean to a rotation. */
const CLASSES: Readonly<Record<string, { errorClass: ErrorClass; text: string }>> = {
  '28P01': { errorClass: 'authentication', text: 'the database refused the login' },
  '28000': {
    errorClass: 'permission',
    text: 'the server does not let the user sign in, with any password: pg_hba.conf has no rule for it, or it has NOLOGIN',
  },
  '42501': { errorClass: 'permission', text: 'the database does not let the user do this' },
  '3D000': { errorClass: 'configuration', text: 'the database to connect to does not exist' },
  '42704': { errorClass: 'configuration', text: 'the user or one of the roles does not exist' },
  '0LP01': { errorClass: 'configuration', text: 'the role cannot be granted' },
  '42710': { errorClass: 'conflict', text: 'the user has been created by somebody else meanwhile' },
  '40': { errorClass: 'conflict', text: 'the change collided with another one' },
  '55': { errorClass: 'conflict', text: 'the change collided with another one' },
  'XX000': { errorClass: 'conflict', text: 'the change collided with another one' },
  '25006': { errorClass: 'readOnly', text: 'the server accepts no changes' },
  '53': { errorClass: 'unavailable', text: 'the server is out of connections or memory' },
  '57014': { errorClass: 'timeout', text: 'the statement took too long' },
  '57': { errorClass: 'unavailable', text: 'the server is starting or shutting down' },
  '08': { errorClass: 'network', text: 'the connection to the database broke' },
};
const SQLSTATE = /^[0-9A-Z]{5}$/;
/** What the driver says of a connection that the server has closed; it gives no code. */
const CLOSED = /^Connection terminated|is not queryable$/;

/** What may be disclosed of an error of the driver or the server: never its text, which quotes statements. */
export function postgresqlError(thrown: unknown): RotationError {
  if (thrown instanceof RotationError) {
    return thrown;
  }
  const code = codeOf(thrown);
  if (thrown instanceof Error && CLOSED.test(thrown.message)) {
    return new RotationError('network', 'the server closed the connection');
  }
  if (code === undefined) {
    return new RotationError('protocol', 'the server broke its protocol');
  }
  if (!SQLSTATE.test(code)) {
    return new RotationError('network', 'the connection to the database broke', code);
  }
  const known = CLASSES[code] ?? CLASSES[code.slice(0, 2)];
  return known
    ? new RotationError(known.errorClass, known.text, code)
    : new RotationError('conflict', 'the database refused the statement', code);
}
