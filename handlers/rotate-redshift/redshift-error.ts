import { codeOf, type RotationError } from '../core/rotation-error';
import { errorInPhase, type Meaning, type Phase, type PhaseTables } from '../database/error-phases';
import { driverError } from '../postgresql-protocol/driver-error';

const BROKEN: Meaning = { errorClass: 'network', text: 'the connection to the database broke' };
const UNAVAILABLE: Meaning = {
  errorClass: 'unavailable',
  text: 'the cluster is out of connections or memory, paused or starting',
};
const COLLISION: Meaning = { errorClass: 'conflict', text: 'the change collided with another one: try again' };
const REFUSED: Meaning = { errorClass: 'authentication', text: 'the database refused the login' };

const OF_EVERY_PHASE: Readonly<Record<string, Meaning>> = {
  '08': BROKEN,
  '53': UNAVAILABLE,
  '57': UNAVAILABLE,
  '57014': { errorClass: 'timeout', text: 'the statement took too long: try again' },
};

/** SQLSTATEs, or their first two characters, as Amazon Redshift has them from PostgreSQL 8.0. */
const TABLES: PhaseTables = {
  login: {
    ...OF_EVERY_PHASE,
    '28000': REFUSED,
    '28P01': REFUSED,
    '3D000': {
      errorClass: 'configuration',
      text: 'the database to connect to does not exist: create it, or name another one as dbname in the secret or databaseName '
        + 'in the deployment',
    },
  },
  password: {},
  statement: {
    ...OF_EVERY_PHASE,
    '0LP01': { errorClass: 'configuration', text: 'the role cannot be granted' },
    '25006': { errorClass: 'readOnly', text: 'the server accepts no changes' },
    '40': COLLISION,
    '42501': { errorClass: 'permission', text: 'the database does not let the user do this' },
    '42704': { errorClass: 'configuration', text: 'the user or one of the roles does not exist: CREATE ROLE …' },
    '42710': { errorClass: 'conflict', text: 'the user or the group has been created by somebody else meanwhile: try again' },
    '55': COLLISION,
    'XX000': COLLISION,
  },
};

/** What may be disclosed of an error of the driver or the server: never its text, which quotes statements. */
export function redshiftError(thrown: unknown, phase: Phase): RotationError {
  const error = driverError(thrown);
  if (error) {
    return error;
  }
  const code = codeOf(thrown)!;
  const known = code in TABLES[phase] || (phase === 'password' && code in TABLES.statement);
  return errorInPhase(TABLES, phase, known ? code : code.slice(0, 2), code);
}
