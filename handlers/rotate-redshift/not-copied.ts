import type { RedshiftConnection } from './redshift-connection';
import { codeOf, RotationError } from '../core/rotation-error';

const UNDEFINED_TABLE = '42P01';
const OF_USER = "identity_type = 'user' AND identity_name = $1";

/** What is attached or granted to a user itself and is not copied, by the view that lists it. */
const NOT_COPIED: readonly (readonly [what: string, rows: string])[] = [
  ['masking policies', "SELECT 1 AS found FROM svv_attached_masking_policy WHERE grantee_type = 'user' AND grantee = $1"],
  ['policies of row-level security',
    "SELECT 1 AS found FROM svv_rls_attached_policy WHERE granteekind = 'user' AND grantee = $1"],
  ['rights on datashares', `SELECT 1 AS found FROM svv_datashare_privileges WHERE ${OF_USER}`],
  ['rights on models', `SELECT 1 AS found FROM svv_ml_model_privileges WHERE ${OF_USER}`],
  ['rights on IAM roles (ASSUMEROLE)', `SELECT 1 AS found FROM svv_iam_privileges WHERE ${OF_USER}`],
];

/** Throws where the base itself has what its alternate user would not have, so that it would see more or less. */
export async function checkCopied(connection: RedshiftConnection, username: string): Promise<void> {
  const found: string[] = [];
  for (const [what, sql] of NOT_COPIED) {
    const rows = await connection.rows(sql, [username]).catch((thrown: unknown) => {
      // Where the view is missing there is nothing of the kind.
      if (codeOf(thrown) === UNDEFINED_TABLE) {
        return [];
      }
      throw thrown;
    });
    found.push(...rows.length > 0 ? [what] : []);
  }
  if (found.length > 0) {
    throw new RotationError('configuration', `the base itself has ${found.join(', ')}, which an alternate user would not have: `
      + 'give them to a role that the base has, or rotate it as a single user');
  }
}
