import { codeOf, RotationError } from '../core/rotation-error';

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** What the driver says of a connection that the server has closed; it gives no code. */
const CLOSED = /^Connection terminated|is not queryable$/;

/**
 * The error for what the driver threw of itself; `undefined` for an SQLSTATE of the server, which does not mean the same on every
 * one. Texts are never disclosed: they quote statements.
 */
export function driverError(thrown: unknown): RotationError | undefined {
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
  return SQLSTATE.test(code) ? undefined : new RotationError('network', 'the connection to the database broke', code);
}
