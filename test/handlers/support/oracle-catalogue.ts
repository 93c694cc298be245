import type { Passage } from './server-passage';
import { SignInRefused } from '../../../handlers/database/credential-target';
import type { Phase } from '../../../handlers/database/error-phases';
import { oracleError } from '../../../handlers/rotate-oracle/oracle-error';
import type { OracleLogInto, OracleStatements } from '../../../handlers/rotate-oracle/oracle-statements';

/** A right as the dictionary lists it: on an object where it has an owner, a role where it has only a name. */
export interface CatalogueRight {
  readonly privilege?: string;
  readonly role?: string;
  readonly owner?: string;
  readonly name?: string;
  readonly column?: string;
  readonly type?: string;
  readonly hierarchy?: boolean;
  /** With ADMIN OPTION or GRANT OPTION. */
  readonly option?: boolean;
}

export interface CatalogueUser {
  password: string;
  maintained: 'Y' | 'N';
  authentication: string;
  place: [tablespace: string, temporaryTablespace: string, profile: string];
  objects: number;
  proxies: number;
  clients: number;
  status: string;
  proxyOnly: 'Y' | 'N';
  consumerGroup: string | null;
  /** Entries in network access lists; and privileges on schemas, which older versions do not have. */
  networkEntries: number;
  schemaPrivileges: number | undefined;
  administrator: boolean;
  /** Passwords that it has had, where its profile remembers them. */
  history?: string[];
  rights: CatalogueRight[];
  /** Absent for all that it has. */
  defaultRoles?: string[];
  quotas: Map<string, string>;
  synonyms: Map<string, { owner: string | null; target: string; link: string | null }>;
}

type Row = Record<string, unknown>;
const NAME = '"([^"]+)"';
const ORDINARY = {
  maintained: 'N',
  authentication: 'PASSWORD',
  objects: 0,
  proxies: 0,
  clients: 0,
  status: 'OPEN',
  proxyOnly: 'N',
  consumerGroup: 'DEFAULT_CONSUMER_GROUP',
  networkEntries: 0,
  schemaPrivileges: undefined,
  administrator: false,
} as const;

/**
 * Users of an Oracle database as its dictionary shows them, and statements that change them: no server, and no login but a
 * comparison.
 */
export class OracleCatalogue implements Passage {
  readonly users = new Map<string, CatalogueUser>();
  readonly statements: string[] = [];
  readonly logins: string[] = [];
  refused = 0;
  open = 0;
  role = 'PRIMARY';
  /** Numbers of errors that the next statements fail with. */
  readonly failures: { readonly statement: RegExp; readonly number: number }[] = [];
  /** Runs after each statement, with its changes made. */
  failAfter?: (statement: string) => void;
  answers = 0;
  private left = Infinity;

  /** @param remembers whether profiles forbid passwords that a user has had */
  constructor(private readonly remembers = false) {}

  get connections(): number {
    return this.logins.length;
  }

  cutAt(nth: number): void {
    this.left = nth;
  }

  heal(): boolean {
    const hasCut = this.left <= 0;
    this.left = Infinity;
    return hasCut;
  }

  add(name: string, password: string, more: Partial<CatalogueUser> = {}): CatalogueUser {
    const place: CatalogueUser['place'] = ['USERS', 'TEMP', 'DEFAULT'];
    const history = this.remembers ? [password] : undefined;
    const user = {
      password,
      history,
      ...ORDINARY,
      place,
      rights: [{ privilege: 'CREATE SESSION' }],
      quotas: new Map<string, string>(),
      synonyms: new Map(),
      ...more,
    };
    this.users.set(name, user);
    return user;
  }

  readonly logInto: OracleLogInto = async ({ username, password }) => {
    const user = this.users.get(username);
    this.logins.push(username);
    if (user?.password !== password) {
      this.refused += 1;
      throw new SignInRefused('ORA_01017');
    }
    const obstacle = obstacleOf(user);
    if (obstacle !== undefined) {
      throw oracleError({ errorNum: obstacle }, 'login');
    }
    this.answer();
    this.open += 1;
    return this.sessionOf(username, user);
  };

  private sessionOf(username: string, user: CatalogueUser): OracleStatements {
    return {
      rows: async <T>(sql: string, { name }: Readonly<Record<string, string>> = {}) => {
        this.fail(sql);
        this.answer();
        if (sql.includes('SYS_CONTEXT')) {
          return [{ username, role: this.role }] as T[];
        }
        if (!user.administrator) {
          throw oracleError({ errorNum: 942 }, 'statement');
        }
        return this.query(sql, name) as T[];
      },
      run: async (statement, phase) => {
        this.statements.push(statement);
        this.fail(statement, phase);
        this.execute(statement, username);
        this.failAfter?.(statement);
        this.answer();
      },
      close: async () => {
        this.open -= 1;
      },
    };
  }

  /** The session breaks in place of an answer. */
  private answer(): void {
    this.answers += 1;
    this.left -= 1;
    if (this.left === 0) {
      throw oracleError({ errorNum: 3113 }, 'statement');
    }
  }

  private fail(sql: string, phase: Phase = 'statement'): void {
    const index = this.failures.findIndex(({ statement }) => statement.test(sql));
    if (index >= 0) {
      throw oracleError({ errorNum: this.failures.splice(index, 1)[0].number }, phase);
    }
  }

  private query(sql: string, name: string): Row[] {
    const user = this.users.get(name);
    const rights = user?.rights ?? [];
    const yes = (value: boolean | undefined): string => value ? 'YES' : 'NO';
    const roles = rights.flatMap(({ role, option }) => role === undefined ? [] : [{ role, option: yes(option) }]);
    if (sql.includes('sys.dba_users u')) {
      const [tablespace, temporaryTablespace, profile] = user?.place ?? [];
      return user ? [{ ...user, username: name, tablespace, temporaryTablespace, profile }] : [];
    }
    if (sql.includes("privilege = 'CREATE SESSION'")) {
      return [{ found: Number(mayConnect(user)) }];
    }
    if (sql.includes('sys.dba_host_aces')) {
      return [{ found: user?.networkEntries }];
    }
    if (sql.includes('sys.dba_schema_privs')) {
      if (user?.schemaPrivileges === undefined) {
        throw oracleError({ errorNum: 942 }, 'statement');
      }
      return [{ found: user.schemaPrivileges }];
    }
    if (sql.includes('v_$pwfile_users')) {
      return [{ found: user?.administrator || name === 'DBA' || roles.some(({ role }) => role === 'DBA') ? 1 : 0 }];
    }
    if (sql.includes('sys.dba_tab_privs')) {
      return rights
        .filter(({ name: object }) => object !== undefined)
        .map(({ column = null, type = 'TABLE', option, hierarchy, ...right }) => ({
          ...right,
          column,
          type,
          option: yes(option),
          hierarchy: yes(hierarchy),
        }));
    }
    if (sql.includes('sys.dba_sys_privs')) {
      return rights.filter(({ role, name: object }) => role === undefined && object === undefined)
        .map(({ privilege, option }) => ({ privilege, option: yes(option) }));
    }
    if (sql.includes('default_role')) {
      return roles.filter(({ role }) => user?.defaultRoles?.includes(role) ?? true);
    }
    if (sql.includes('sys.dba_role_privs')) {
      return roles;
    }
    return sql.includes('sys.dba_ts_quotas')
      ? [...user?.quotas ?? []].map(([tablespace, bytes]) => ({ tablespace, bytes }))
      : [...user?.synonyms ?? []].map(([synonym, rest]) => ({ name: synonym, ...rest }));
  }

  private execute(statement: string, by: string): void {
    const forms: readonly [form: string, work: (...parts: string[]) => void][] = [
      [`ALTER USER ${NAME} IDENTIFIED BY ${NAME}(?: REPLACE ${NAME})?( ACCOUNT UNLOCK)?`, (name, password, former, unlock) => {
        this.setPassword(name, password, name === by ? former : undefined);
        const user = this.existing(name);
        user.status = unlock === undefined && user.status.includes('LOCKED') ? 'LOCKED' : 'OPEN';
      }],
      [
        `CREATE USER ${NAME} IDENTIFIED BY ${NAME} DEFAULT TABLESPACE ${NAME} TEMPORARY TABLESPACE ${NAME} PROFILE ${NAME}`,
        (name, password, ...place) => {
          this.add(this.unused(name), password, { place: place.slice(0, 3) as CatalogueUser['place'], rights: [] });
        },
      ],
      [`GRANT (.+) TO ${NAME} IDENTIFIED BY ${NAME}`, (rights, name, password) => {
        this.add(this.unused(name), password, {
          rights: rights
            .split(', ')
            .map((right) => (right.startsWith('"') ? { role: right.slice(1, -1) } : { privilege: right })),
        });
      }],
      [`GRANT (.+) TO ${NAME}((?: WITH \\w+ OPTION)*)`, (what, name, options) => this.grant(this.existing(name), what, options)],
      [`ALTER USER ${NAME} QUOTA (\\w+) ON ${NAME}`, (name, bytes, tablespace) => {
        this.existing(name).quotas.set(tablespace, bytes === 'UNLIMITED' ? '-1' : bytes);
      }],
      [`ALTER USER ${NAME} DEFAULT ROLE (.+)`, (name, roles) => {
        this.existing(name).defaultRoles = roles === 'NONE' ? [] : roles.slice(1, -1).split('", "');
      }],
      [`ALTER USER ${NAME} DEFAULT TABLESPACE ${NAME} TEMPORARY TABLESPACE ${NAME} PROFILE ${NAME}`, (name, ...place) => {
        this.existing(name).place = place.slice(0, 3) as CatalogueUser['place'];
      }],
      [
        `CREATE OR REPLACE SYNONYM ${NAME}\\.${NAME} FOR (?:${NAME}\\.)?${NAME}(?:@${NAME})?`,
        (user, name, owner, target, link) => {
          this.existing(user).synonyms.set(name, { owner: owner ?? null, target, link: link ?? null });
        },
      ],
      [`DROP SYNONYM ${NAME}\\.${NAME}`, (user, name) => this.existing(user).synonyms.delete(name)],
    ];
    for (const [form, work] of forms) {
      const parts = new RegExp(`^${form}$`).exec(statement);
      if (parts) {
        return work(...parts.slice(1));
      }
    }
    throw oracleError({ errorNum: 900 }, 'statement');
  }

  /** @param former what a user that changes itself gives as its password */
  private setPassword(name: string, password: string, former: string | undefined): void {
    const user = this.existing(name);
    if (former !== undefined && former !== user.password) {
      throw oracleError({ errorNum: 28008 }, 'password');
    }
    if (user.history?.includes(password)) {
      throw oracleError({ errorNum: 28007 }, 'password');
    }
    user.history?.push(password);
    user.password = password;
  }

  private grant(user: CatalogueUser, what: string, options: string): void {
    const [, privilege, column, type, owner, name] =
      /^([A-Z][A-Z ]*?)(?: \("([^"]+)"\))? ON (?:([A-Z ]+) )?(?:"([^"]+)"\.)?"([^"]+)"$/.exec(what) ?? [];
    const option = / (ADMIN|GRANT) OPTION/.test(options);
    const right: CatalogueRight = name === undefined
      ? { ...what.startsWith('"') ? { role: what.slice(1, -1) } : { privilege: what }, option }
      : { privilege, column, type: type ?? 'TABLE', owner, name, option, hierarchy: options.includes('HIERARCHY') };
    user.rights.push(right);
    user.defaultRoles?.push(...right.role === undefined ? [] : [right.role]);
  }

  private existing(name: string): CatalogueUser {
    const user = this.users.get(name);
    if (!user) {
      throw oracleError({ errorNum: 1918 }, 'statement');
    }
    return user;
  }

  private unused(name: string): string {
    if (this.users.has(name)) {
      throw oracleError({ errorNum: 1920 }, 'statement');
    }
    return name;
  }
}

/** The error with which the right password is refused. */
function obstacleOf(user: CatalogueUser): number | undefined {
  const { status, proxyOnly } = user;
  const found: [boolean, number][] =
    [
      [status.includes('LOCKED'), 28000],
      [/^EXPIRED(?!\()/.test(status), 28001],
      [!mayConnect(user), 1045],
      [proxyOnly === 'Y', 28058],
    ];
  return found.find(([applies]) => applies)?.[1];
}

/** By itself or by the role that is made for it. */
function mayConnect(user: CatalogueUser | undefined): boolean {
  return user?.rights.some(({ privilege, role }) => privilege === 'CREATE SESSION' || role === 'CONNECT') ?? false;
}
