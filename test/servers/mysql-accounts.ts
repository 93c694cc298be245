import { createHash } from 'node:crypto';
import type { Value } from './mysql-messages';
import { cachingSha2Hash, isHashOf } from '../../handlers/rotate-mysql/caching-sha2-hash';

/** An error as MySQL numbers it. */
export class MysqlError extends Error {
  constructor(readonly code: number, readonly state: string, text: string) {
    super(text);
  }
}

export interface PeerAccount {
  readonly name: string;
  readonly host: string;
  plugin: string;
  hash: string;
  former?: string;
  requireCurrent: boolean;
  /** Global privileges and rows of `SHOW GRANTS`. */
  readonly privileges: Set<string>;
  readonly roles: Set<string>;
  defaultRoles: string[];
  demands: string;
  locked: boolean;
  expired: boolean;
  /** Of `User_attributes`. */
  factors?: number;
}

export interface PeerSession {
  readonly account: PeerAccount;
}

type Rows = readonly Record<string, Value>[];
type Statement = [RegExp, (groups: string[], session: PeerSession) => Rows | undefined];

const ACCOUNT = '(`(?:[^`]|``)*`@`(?:[^`]|``)*`)';
const TEXT = "'((?:[^']|'')*)'";
const ADMINISTRATIVE = ['SUPER', 'GRANT OPTION', 'CREATE USER', 'SYSTEM_USER', 'ROLE_ADMIN'];

/** As the server draws them: with characters that nobody prints. */
const SALT = Buffer.from(Array.from({ length: 20 }, (_, index) => index + 1)).toString('latin1');

const unquoted = (text: string): string => text.replaceAll("''", "'");
const sha1 = (data: string | Buffer): Buffer => createHash('sha1').update(data).digest();
const nativeHash = (password: string): string => `*${sha1(sha1(password)).toString('hex').toUpperCase()}`;
const numberAfter = (words: string, demands: string): number | null => {
  const digits = new RegExp(`${words} (\\d+)`).exec(demands)?.[1];
  return digits === undefined ? null : Number(digits);
};
/** What the demands say about the current password. */
const requirementOf = (demands: string): string =>
  /REQUIRE CURRENT(?: (DEFAULT|OPTIONAL))?/.exec(demands)?.map((found) => found ?? 'YES')[1] ?? 'DEFAULT';
const keyOf = ({ name, host }: { name: string; host: string }): string => `\`${name.replaceAll('`', '``')}\`@\`${host}\``;

/** The users of a MySQL server, and what it does with the statements that rotations send: nothing else is understood. */
export class MysqlAccounts {
  readonly accounts = new Map<string, PeerAccount>();
  /** Absent on servers before 8.0.24. */
  digestRounds: number | undefined = 5_000;
  readOnly: number | string = 0;
  innodbReadOnly = 0;
  version = '8.0.40';
  /** Where the server sees its clients. */
  clientHost = '127.0.0.1';
  /** Runs before each statement; what it throws the client gets. */
  before?: (sql: string) => void;

  /** Whether a stored text is the hash of a password, by both. */
  private readonly verdicts = new Map<string, boolean>();
  private readonly understood: Statement[] = [
    [/^SET NAMES utf8mb4, SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', SESSION sql_quote_show_create = 1, /, () => undefined],
    [
      /^SELECT CURRENT_USER\(\) AS account.*$/s,
      ([sql], { account }) => [
        {
          account: `${account.name}@${account.host}`,
          client: `${account.name}@${this.clientHost}`,
          role: account.defaultRoles.join(',') || 'NONE',
          version: this.version,
          ...this.changesFor(sql),
        },
      ],
    ],
    [
      new RegExp(`^SELECT User AS username, .* FROM mysql\\.user WHERE User = ${TEXT}$`, 's'),
      ([, name], session) => this.table(unquoted(name), session),
    ],
    [/^SELECT Host AS host FROM mysql\.user WHERE User = ''$/, (_, session) => {
      this.demand(session, 'SELECT');
      return [...this.accounts.values()].filter(({ name }) => name === '').map(({ host }) => ({ host }));
    }],
    [
      new RegExp(`^SELECT DISTINCT GRANTEE AS grantee\\s+FROM information_schema\\.USER_PRIVILEGES .* = ${TEXT}$`, 's'),
      ([, beginning], session) => this.visibleTo(session, unquoted(beginning)),
    ],
    [/^SHOW SESSION STATUS LIKE 'Ssl_cipher'$/, () => [{ Variable_name: 'Ssl_cipher', Value: 'TLS_AES_256_GCM_SHA384' }]],
    [
      new RegExp(`^WITH RECURSIVE granted .*?CAST\\(${TEXT} AS CHAR\\(255\\)\\), CAST\\(${TEXT} AS`, 's'),
      ([, name, host], session) => {
        this.demand(session, 'SELECT');
        return this.administers(keyOf({ name: unquoted(name), host: unquoted(host) })) ? [{ administers: 1 }] : [];
      },
    ],
    [new RegExp(`^SHOW GRANTS FOR ${ACCOUNT}$`), ([, key], session) => {
      this.demand(session, 'SELECT');
      const { privileges, roles } = this.existing(key);
      const ofRoles = roles.size > 0 ? [`GRANT ${[...roles].join()} TO ${key}`] : [];
      return [`GRANT USAGE ON *.* TO ${key}`, ...privileges, ...ofRoles].map((grant) => ({ grants: grant }));
    }],
    [/^SHOW GLOBAL VARIABLES WHERE Variable_name = 'caching_sha2_password_digest_rounds'$/, () => this.digestRounds === undefined
      ? [] : [{ Variable_name: 'caching_sha2_password_digest_rounds', Value: String(this.digestRounds) }]],
    [new RegExp(`^ALTER USER USER\\(\\) IDENTIFIED BY ${TEXT}(?: REPLACE ${TEXT})?$`), ([, password, current], { account }) => {
      if (account.requireCurrent && current === undefined) {
        throw new MysqlError(3892, 'HY000', 'Current password needs to be specified in the REPLACE clause');
      }
      if (current !== undefined && !this.accepts({ ...account, former: undefined }, unquoted(current))) {
        throw new MysqlError(3891, 'HY000', 'Incorrect current password');
      }
      this.setPassword(account, unquoted(password));
      return undefined;
    }],
    [
      new RegExp(
        `^(CREATE|ALTER) USER ${ACCOUNT} IDENTIFIED WITH (\\w+) (AS|BY) ${TEXT}`
          + '( RETAIN CURRENT PASSWORD)?( ACCOUNT LOCK)?(?: (REQUIRE .*))?$',
        's',
      ),
      (groups, session) => {
        const [, verb, key, plugin, form, text, retain, lock, demands] = groups;
        this.demand(session, 'CREATE USER');
        const account = verb === 'CREATE' ? this.create(key) : this.existing(key);
        if (retain) {
          account.former = account.hash;
        }
        account.locked ||= lock !== undefined;
        Object.assign(account, { plugin, demands: demands ?? account.demands, expired: false });
        if (form === 'AS') {
          account.hash = unquoted(text);
        } else {
          this.setPassword(account, unquoted(text));
        }
        return undefined;
      },
    ],
    [new RegExp(`^ALTER USER ${ACCOUNT} (REQUIRE .*)$`, 's'), ([, key, demands], session) => {
      this.demand(session, 'CREATE USER');
      this.existing(key).demands = demands;
      return undefined;
    }],
    [new RegExp(`^ALTER USER ${ACCOUNT} ACCOUNT UNLOCK$`), ([, key], session) => {
      this.demand(session, 'CREATE USER');
      this.existing(key).locked = false;
      return undefined;
    }],
    [new RegExp(`^ALTER USER ${ACCOUNT} DISCARD OLD PASSWORD$`), ([, key], session) => {
      this.demand(session, 'CREATE USER');
      this.existing(key).former = undefined;
      return undefined;
    }],
    [new RegExp(`^GRANT (${ACCOUNT}(?:, ${ACCOUNT})*) TO ${ACCOUNT}$`), (groups, session) => {
      this.demand(session, 'ROLE_ADMIN');
      groups[1]
        .match(new RegExp(ACCOUNT, 'g'))!
        .forEach((role) => this.existing(groups[4]).roles.add(keyOf(this.existing(role, 3523))));
      return undefined;
    }],
    [new RegExp(`^ALTER USER ${ACCOUNT} DEFAULT ROLE (.*)$`, 's'), ([, key, roles], session) => {
      this.demand(session, 'CREATE USER');
      this.existing(key).defaultRoles = roles.match(new RegExp(ACCOUNT, 'g'))!;
      return undefined;
    }],
  ];

  run(sql: string, session: PeerSession): Rows | undefined {
    this.before?.(sql);
    for (const [pattern, act] of this.understood) {
      const groups = pattern.exec(sql);
      if (groups) {
        return act([...groups], session);
      }
    }
    throw new MysqlError(1064, '42000', `You have an error in your SQL syntax near '${sql}'`);
  }

  add(name: string, password: string, options: Partial<PeerAccount> = {}): PeerAccount {
    const account = { ...this.create(keyOf({ name, host: options.host ?? '%' }), options.host), ...options };
    this.accounts.set(keyOf(account), account);
    this.setPassword(account, password);
    return account;
  }

  /** The entry that lets somebody in, as the server chooses it for a client on the same machine. */
  entryOf(name: string): PeerAccount | undefined {
    return [...this.accounts.values()].find((account) => account.name === name);
  }

  /** Whether the password is the one, or the former one. */
  accepts({ plugin, hash, former }: PeerAccount, password: string): boolean {
    return [hash, former].some(
      (stored) =>
        stored !== undefined
        && (plugin === 'mysql_native_password' ? stored === nativeHash(password) : this.isHashOf(stored, password)),
    );
  }

  /** As it is asked: what an expression makes of the settings is a number, for which a word is 0. */
  private changesFor(sql: string): Rows[number] {
    const { readOnly, innodbReadOnly } = this;
    return sql.endsWith(' AS innodbReadOnly')
      ? { readOnly, innodbReadOnly }
      : { readOnly: [readOnly, innodbReadOnly].some((value) => Number(value) > 0) ? 1 : 0 };
  }

  /** As servers do, it remembers who has signed in: the rounds are most of the time that a login takes. */
  private isHashOf(stored: string, password: string): boolean {
    const key = JSON.stringify([stored, password]);
    const isHash = this.verdicts.get(key) ?? isHashOf(stored, password);
    this.verdicts.set(key, isHash);
    return isHash;
  }

  private setPassword(account: PeerAccount, password: string): void {
    account.hash =
      account.plugin === 'mysql_native_password'
        ? nativeHash(password)
        : cachingSha2Hash(password, SALT, this.digestRounds ?? 5_000);
  }

  private create(key: string, host = '%'): PeerAccount {
    if (this.accounts.has(key)) {
      throw new MysqlError(1396, 'HY000', 'Operation CREATE USER failed');
    }
    const name = key.slice(1, key.lastIndexOf('`@`')).replaceAll('``', '`');
    const account: PeerAccount = {
      name,
      host,
      plugin: 'caching_sha2_password',
      hash: '',
      requireCurrent: false,
      privileges: new Set(),
      roles: new Set(),
      defaultRoles: [],
      demands: '',
      locked: false,
      expired: false,
    };
    this.accounts.set(key, account);
    return account;
  }

  private existing(key: string, code = 1396): PeerAccount {
    const account = this.accounts.get(key);
    if (!account) {
      throw new MysqlError(code, 'HY000', `Operation failed for ${key}`);
    }
    return account;
  }

  private demand({ account }: PeerSession, privilege: string): void {
    if (!account.privileges.has(privilege)) {
      throw new MysqlError(privilege === 'SELECT' ? 1142 : 1227, '42000', `Access denied; you need ${privilege}`);
    }
  }

  private administers(key: string): boolean {
    const account = this.accounts.get(key);
    return (
      account !== undefined
      && (ADMINISTRATIVE.some((privilege) => account.privileges.has(privilege))
        || [...account.roles].some((role) => this.administers(role)))
    );
  }

  /** The accounts that a session sees of those that begin with a text. */
  private visibleTo({ account }: PeerSession, beginning: string): Rows {
    const visible = account.privileges.has('SELECT') ? [...this.accounts.values()] : [account];
    return visible.map(({ name, host }) => ({ grantee: `'${name}'@'${host}'` })).filter(({ grantee }) => grantee.startsWith(beginning));
  }

  private table(name: string, session: PeerSession): Rows {
    this.demand(session, 'SELECT');
    return [...this.accounts.values()].filter((account) => account.name.trimEnd() === name.trimEnd()).map((account) => ({
      username: account.name,
      host: account.host,
      plugin: account.plugin,
      hash: account.hash,
      tls: /REQUIRE (SSL|X509|CIPHER)/.exec(account.demands)?.[1].replace('SSL', 'ANY').replace('CIPHER', 'SPECIFIED') ?? '',
      cipher: /CIPHER '(.*?)'/.exec(account.demands)?.[1] ?? '',
      issuer: /ISSUER '(.*?)'/.exec(account.demands)?.[1] ?? '',
      subject: '',
      queries: 0,
      updates: 0,
      connections: 0,
      simultaneous: numberAfter('MAX_USER_CONNECTIONS', account.demands) ?? 0,
      locked: Number(account.locked),
      expired: Number(account.expired),
      lifetimeDays: account.demands.includes('EXPIRE NEVER') ? 0 : numberAfter('EXPIRE INTERVAL', account.demands),
      history: numberAfter('HISTORY', account.demands),
      reuseDays: numberAfter('REUSE INTERVAL', account.demands),
      requireCurrent: { OPTIONAL: 'N', YES: 'Y' }[requirementOf(account.demands)] ?? null,
      formerHash: account.former ?? null,
      factors: account.factors ?? null,
      failures: numberAfter('FAILED_LOGIN_ATTEMPTS', account.demands),
      lockDays: account.demands.includes('UNBOUNDED') ? -1 : numberAfter('PASSWORD_LOCK_TIME', account.demands),
    }));
  }
}
