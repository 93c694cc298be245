import { RotationError } from '../core/rotation-error';
import { quoteIdentifier } from '../postgresql-protocol/quoting';

/** What has effect on a user's sessions and is not a right. */
export interface UserLimits {
  readonly createDatabases: boolean;
  /** A number, or `UNLIMITED`. */
  readonly connectionLimit: string | null;
  /** `RESTRICTED` or `UNRESTRICTED`. */
  readonly syslogAccess: string;
  /** Seconds; 0 for the cluster's. */
  readonly sessionTimeout: number;
  /** What `ALTER USER … SET` has stored, each as `name=value`. */
  readonly settings: readonly string[] | null;
  /** When its password stops working, in UTC and without saying so; absent for never. */
  readonly validUntil: string | null;
}

/** What a user has after CREATE USER. */
export const NEW_USER: UserLimits = {
  createDatabases: false,
  connectionLimit: 'UNLIMITED',
  syslogAccess: 'RESTRICTED',
  sessionTimeout: 0,
  settings: null,
  validUntil: null,
};

const MOMENT = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const NAME = /^[a-z_][a-z0-9_.]*$/i;
/** No quotation mark and no backslash, of which the server's reading depends on its settings. */
const VALUE = /^[^'\\]*$/;
const NAME_IN_LIST = /"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^\s,"][^\s,]*)/g;

/** Statements that give a user the limits and settings of another one. */
export function limitChanges(username: string, own: UserLimits, wanted: UserLimits): string[] {
  const alter = (text: string): string => `ALTER USER ${quoteIdentifier(username)} ${text}`;
  const [connectionLimit, former] = [limitOf(wanted), limitOf(own)];
  return [
    own.createDatabases === wanted.createDatabases ? [] : [alter(wanted.createDatabases ? 'CREATEDB' : 'NOCREATEDB')],
    former === connectionLimit ? [] : [alter(`CONNECTION LIMIT ${connectionLimit}`)],
    own.syslogAccess === wanted.syslogAccess
      ? []
      : [alter(`SYSLOG ACCESS ${wanted.syslogAccess === 'UNRESTRICTED' ? 'UNRESTRICTED' : 'RESTRICTED'}`)],
    own.sessionTimeout === wanted.sessionTimeout
      ? []
      : [alter(wanted.sessionTimeout === 0 ? 'RESET SESSION TIMEOUT' : `SESSION TIMEOUT ${Number(wanted.sessionTimeout)}`)],
    own.validUntil === wanted.validUntil ? [] : [alter(`VALID UNTIL '${expiryOf(wanted)}'`)],
    settingChanges(own.settings ?? [], wanted.settings ?? []).map(alter),
  ].flat();
}

function limitOf({ connectionLimit }: UserLimits): string {
  const limit = Number(connectionLimit?.trim() || Number.NaN);
  return Number.isInteger(limit) && limit >= 0 ? String(limit) : 'UNLIMITED';
}

function expiryOf({ validUntil }: UserLimits): string {
  if (validUntil === null) {
    return 'infinity';
  }
  if (!MOMENT.test(validUntil)) {
    throw new RotationError('protocol', 'the server says in a form that this function does not know when a password expires');
  }
  return `${validUntil}+00`;
}

function settingChanges(own: readonly string[], wanted: readonly string[]): string[] {
  const [former, next] = [parse(own), parse(wanted)];
  return [
    ...[...former.keys()].filter((name) => !next.has(name)).map((name) => `RESET ${name}`),
    ...[...next]
      .filter(([name, value]) => former.get(name) !== value)
      .map(([name, value]) => `SET ${name} TO ${quoteValue(name, value)}`),
  ];
}

function parse(settings: readonly string[]): Map<string, string> {
  return new Map(settings.map((line) => {
    const end = line.indexOf('=');
    const [name, value] = [line.slice(0, end), line.slice(end + 1)];
    if (!NAME.test(name) || !VALUE.test(value)) {
      throw new RotationError('configuration', 'the base has a setting that cannot be given to its alternate user: ALTER USER '
        + '<base> RESET <name>; SELECT useconfig FROM pg_user lists them');
    }
    return [name, value];
  }));
}

function quoteValue(name: string, value: string): string {
  if (name !== 'search_path') {
    return `'${value}'`;
  }
  const names = [...value.matchAll(NAME_IN_LIST)].map(({ groups }) => groups!.plain ?? groups!.quoted.replaceAll('""', '"'));
  return names.map((schema) => quoteIdentifier(schema)).join(', ') || "''";
}
