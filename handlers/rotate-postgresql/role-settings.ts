import { RotationError } from '../core/rotation-error';
import { quoteIdentifier, quoteLiteral } from '../postgresql-protocol/quoting';

/** What `ALTER ROLE … SET` has stored for a role, each as `name=value`; without a database it is for all of them. */
export type RoleSettings = readonly (readonly [database: string | null, settings: readonly string[]])[];

/** What has effect on a user's sessions and does not come with a membership. */
export interface UserLimits {
  readonly settings: RoleSettings;
  /** When its password expires: a timestamp, or `infinity`. */
  readonly validUntil: string;
  /** -1 for none. */
  readonly connectionLimit: number;
}

/** What a user has after CREATE ROLE. */
export const NEW_USER: UserLimits = { settings: [], validUntil: 'infinity', connectionLimit: -1 };

/** Lists that are stored as names in quotes, not as one text: `variable_is_guc_list_quote` of pg_dumpall. */
const LISTS_OF_NAMES: readonly string[] = [
  'local_preload_libraries', 'search_path', 'session_preload_libraries', 'shared_preload_libraries', 'temp_tablespaces',
  'unix_socket_directories',
];
/** Of these, the server reads a name without quotes as one of lower case; of the others it does not. */
const LISTS_OF_IDENTIFIERS: readonly string[] = ['search_path', 'temp_tablespaces'];
const ROLE = 'role';
const PERMISSION_DENIED = '42501';
/** SQLSTATEs of names and values that are not valid, or no longer, and of parameters that roles can have no more. */
const INVALID = /^(?:22|42|55P02)/;
const NAME_IN_LIST = /"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^\s,"][^\s,]*)/g;

interface Setting {
  readonly database: string | null;
  readonly name: string;
  readonly value: string;
}

/** The role as which sessions act, for each database where it is set. */
export function rolesOf(settings: RoleSettings): Pick<Setting, 'database' | 'value'>[] {
  return parse(settings).filter(({ name }) => name === ROLE);
}

/** Statements that give a role the settings of another one. The role as which its sessions act is not copied. */
export function settingChanges(role: string, own: RoleSettings, wanted: RoleSettings): string[] {
  const [former, next] = [own, wanted].map((settings) => parse(settings).filter(({ name }) => name !== ROLE));
  const alter = ({ database }: Setting): string =>
    `ALTER ROLE ${quoteIdentifier(role)}${database === null ? '' : ` IN DATABASE ${quoteIdentifier(database)}`}`;
  return [
    ...former
      .filter((setting) => !next.some((other) => isSame(other, setting)))
      .map((setting) => `${alter(setting)} RESET ${quoteIdentifier(setting.name)}`),
    ...next.filter((setting) => former.find((other) => isSame(other, setting))?.value !== setting.value)
      .map((setting) => `${alter(setting)} SET ${quoteIdentifier(setting.name)} TO ${quoteValue(setting)}`),
  ];
}

/** Statements that give a user the limits of another one. */
export function limitChanges(username: string, own: UserLimits, wanted: UserLimits): string[] {
  const name = quoteIdentifier(username);
  return [
    own.validUntil === wanted.validUntil ? [] : [`ALTER ROLE ${name} VALID UNTIL ${quoteLiteral(wanted.validUntil)}`],
    own.connectionLimit === wanted.connectionLimit ? [] : [`ALTER ROLE ${name} CONNECTION LIMIT ${wanted.connectionLimit}`],
  ].flat();
}

/** What it means where the database refuses {@link settingChanges}, none of which has then taken effect. */
export function refusedSettings({ code = '' }: RotationError): RotationError | undefined {
  const list = 'SELECT * FROM pg_db_role_setting lists them';
  if (code === PERMISSION_DENIED) {
    return new RotationError('configuration', 'the base has settings that the superuser may not give its alternate user: '
      + `GRANT SET ON PARAMETER <name> TO <superuser>, or ALTER ROLE <base> RESET <name>; ${list}`, code);
  }
  return INVALID.test(code)
    ? new RotationError(
      'configuration',
      `the database does not take a setting of the base for its alternate user: ALTER ROLE <base> RESET <name>; ${list}`,
      code,
    )
    : undefined;
}

function parse(settings: RoleSettings): Setting[] {
  return settings.flatMap(([database, lines]) => lines.map((line) => {
    const end = line.indexOf('=');
    return { database, name: line.slice(0, end), value: line.slice(end + 1) };
  }));
}

function isSame(one: Setting, other: Setting): boolean {
  return one.database === other.database && one.name === other.name;
}

function quoteValue({ name, value }: Setting): string {
  if (!LISTS_OF_NAMES.includes(name)) {
    return quoteLiteral(value);
  }
  const plain = (text: string): string =>
    LISTS_OF_IDENTIFIERS.includes(name) ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
  const names = [...value.matchAll(NAME_IN_LIST)].map(({ groups }) => groups!.plain === undefined
    ? groups!.quoted.replaceAll('""', '"') : plain(groups!.plain));
  // An empty list cannot be written: of schemas, an empty name has the same effect; of anything else, the default is empty.
  return names.map(quoteLiteral).join(', ') || (name === 'search_path' ? "''" : 'DEFAULT');
}
