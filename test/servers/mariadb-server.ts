import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { format } from 'mysql2';
import type { ServerCertificate } from './certificates';
import { Installation } from './installation';
import { librariesIn } from './libraries';
import { logInToMysql } from './mysql-log-in';
import { ENVIRONMENT, OwnedServer } from './owned-server';
import { handOver, reachableDirectory, unprivileged } from './unprivileged';

// Durability is worth nothing here, and time is.
const SETTINGS: Record<string, string> = {
  'innodb-flush-log-at-trx-commit': '0',
  'innodb-buffer-pool-size': '8M',
  'innodb-log-file-size': '4M',
  'innodb-use-native-aio': '0',
  'aria-pagecache-buffer-size': '1M',
  'key-buffer-size': '1M',
  'skip-log-bin': '1',
  'sync-binlog': '0',
  'log-warnings': '2',
};

export type Row = Record<string, unknown>;

export interface MariadbServerOptions {
  /** Absent: the server speaks plaintext only. */
  readonly certificate?: ServerCertificate;
  /** More options of mariadbd, without their hyphens. */
  readonly settings?: Record<string, string>;
}

/** A MariaDB server on 127.0.0.1: TLS required where it has a certificate. Every statement stands in its log. */
export class MariadbServer extends OwnedServer<MariadbServerOptions> {
  static async start(options: MariadbServerOptions): Promise<MariadbServer> {
    return this.started((port) => new MariadbServer(options, port));
  }

  readonly superuser = { username: 'admin', password: randomBytes(18).toString('hex') };
  private readonly programs = reachableDirectory(Installation.mariadb, 'usr/sbin/mariadbd');
  private readonly environment = { ...ENVIRONMENT, LD_LIBRARY_PATH: librariesIn(this.programs) };

  private constructor(options: MariadbServerOptions, port: number) {
    super('mariadb', options, port);
  }

  /** Runs a statement as root over the server's socket, whatever the state of TLS and of the passwords. */
  async query<T extends Row = Row>(sql: string, values: string[] = []): Promise<T[]> {
    return logInToMysql<T>({ socketPath: this.file('socket'), user: 'root' }, format(sql, values));
  }

  async createUser({ username, password }: { username: string; password: string }, options = ''): Promise<void> {
    await this.query(`CREATE USER ?@'%' IDENTIFIED BY ? ${options}`, [username, password]);
  }

  /** Every statement and login. */
  statements(): string {
    return readFileSync(this.file('general.log'), 'utf8');
  }

  /** How many logins over TCP it has let in, or refused. */
  logins(outcome: 'accepted' | 'refused'): number {
    const refused = this.statements().split(' Connect\tAccess denied for user').length - 1;
    return outcome === 'refused' ? refused : this.statements().split(/ on .* using SSL\/TLS\n/).length - 1 - refused;
  }

  protected override async begin(): Promise<void> {
    this.initialise();
    await super.begin();
    await this.createSuperuser();
  }

  protected async launch(): Promise<void> {
    const { certificate, settings } = this.options;
    this.write('server.crt', certificate?.certificate ?? '');
    this.write('server.key', certificate?.key ?? '');
    const all: Record<string, string> = {
      'bind-address': '127.0.0.1',
      'port': String(this.port),
      'socket': this.file('socket'),
      'skip-name-resolve': '1',
      'plugin-dir': path.join(this.programs, 'usr/lib/mysql/plugin'),
      'general-log': '1',
      'general-log-file': this.file('general.log'),
      ...(certificate
        ? { 'require-secure-transport': 'ON', 'ssl-cert': this.file('server.crt'), 'ssl-key': this.file('server.key') }
        : { 'skip-ssl': '1' }),
      ...settings,
    };
    // After a crash it would still be there.
    rmSync(this.file('socket'), { force: true });
    await this.run(
      this.program, [...this.arguments, ...Object.entries(all).map(([name, value]) => `--${name}=${value}`)],
      { environment: this.environment, stopSignal: 'SIGTERM' },
      async () => existsSync(this.file('socket')) && this.query('SELECT 1').then(() => true, () => false),
    );
  }

  private get arguments(): string[] {
    const share = path.join(this.programs, 'usr/share/mysql');
    const all = {
      ...SETTINGS,
      'datadir': this.file('data'),
      // A server that starts removes the temporary tables of others, if it finds them.
      'tmpdir': this.file('tmp'),
      'lc-messages-dir': share,
      'character-sets-dir': path.join(share, 'charsets'),
    };
    return ['--no-defaults', ...Object.entries(all).map(([name, value]) => `--${name}=${value}`)];
  }

  private get program(): string {
    return path.join(this.programs, 'usr/sbin/mariadbd');
  }

  private initialise(): void {
    for (const folder of ['data', 'tmp'].map((name) => this.file(name))) {
      mkdirSync(folder);
      handOver(folder);
    }
    const { status, stderr, error } = spawnSync(this.program, [...this.arguments, '--bootstrap', '--skip-networking'], {
      cwd: this.directory,
      env: this.environment,
      encoding: 'utf8',
      input: systemTables(path.join(this.programs, 'usr/share/mysql')),
      ...unprivileged,
    });
    if (status !== 0) {
      throw new Error(`MariaDB made no system tables: ${error?.message ?? stderr}`);
    }
  }

  private async createSuperuser(): Promise<void> {
    const { username, password } = this.superuser;
    await this.query(`CREATE USER ${username}@'%' IDENTIFIED BY '${password}'`);
    await this.query(`GRANT ALL PRIVILEGES ON *.* TO ${username}@'%' WITH GRANT OPTION`);
  }
}

/** What `mariadb-install-db` feeds to the server, which reads one statement a line until the first other delimiter. */
function systemTables(share: string): string {
  const scripts = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((name) =>
    readFileSync(path.join(share, name), 'utf8'),
  );
  return ['CREATE DATABASE mysql;', 'USE mysql;', ...scripts, "DELETE FROM global_priv WHERE host <> 'localhost';", ''].join(
    '\n',
  );
}
