import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import type { ServerCertificate } from './certificates';
import { Installation } from './installation';
import { ENVIRONMENT, OwnedServer } from './owned-server';
import { handOver, reachableDirectory, unprivileged } from './unprivileged';

const SUPERUSER = 'postgres';
// Durability is worth nothing here, and time is.
const SETTINGS: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  shared_buffers: '16MB',
  max_connections: '40',
  logging_collector: 'off',
  log_destination: 'stderr',
};

export interface PostgreSqlServerOptions {
  readonly version: 15 | 18;
  /** Absent: the server speaks plaintext only. */
  readonly certificate?: ServerCertificate;
  /** How passwords are checked. @default 'scram-sha-256' */
  readonly authentication?: 'scram-sha-256' | 'md5' | 'password';
  /** Lines of pg_hba.conf, in place of the rules for `authentication`. */
  readonly hba?: string[];
  /** Whether it follows another server, of which it never hears; needs `wal_level: 'replica'`. @default false */
  readonly standby?: boolean;
  /** More of postgresql.conf, such as `log_statement: 'all'`. */
  readonly settings?: Record<string, string>;
}

/** A PostgreSQL server on 127.0.0.1: TLS required where it has a certificate, SCRAM unless told otherwise. */
export class PostgreSqlServer extends OwnedServer<PostgreSqlServerOptions> {
  static async start(options: PostgreSqlServerOptions): Promise<PostgreSqlServer> {
    return this.started((port) => new PostgreSqlServer(options, port));
  }

  readonly superuser = { username: SUPERUSER, password: '' };
  private readonly programs: string;

  private constructor(options: PostgreSqlServerOptions, port: number) {
    super('postgresql', options, port);
    this.programs = reachableDirectory(Installation.postgresql(options.version), 'bin/postgres');
  }

  /** Runs a statement as the superuser, whatever the state of TLS and of the passwords. */
  async query<T extends QueryResultRow = QueryResultRow>(sql: string, values?: unknown[], database = 'postgres'): Promise<T[]> {
    const client = new Client({ host: this.directory, port: this.port, user: this.superuser.username, database });
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  protected override async begin(): Promise<void> {
    this.initialise();
    await super.begin();
  }

  protected async launch(): Promise<void> {
    const { certificate, authentication = 'scram-sha-256', settings, standby } = this.options;
    const rules = certificate
      ? [`hostssl all all all ${authentication}`, 'hostnossl all all all reject']
      : [`host all all all ${authentication}`];
    this.write('hba.conf', ['local all all trust', ...this.options.hba ?? rules, ''].join('\n'));
    this.write('server.crt', certificate?.certificate ?? '');
    this.write('server.key', certificate?.key ?? '');
    const all: Record<string, string> = {
      ...SETTINGS,
      ...(this.options.version >= 18 ? { io_method: 'sync' } : {}),
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: this.directory,
      hba_file: this.file('hba.conf'),
      ...(certificate ? { ssl: 'on', ssl_cert_file: this.file('server.crt'), ssl_key_file: this.file('server.key') } : {}),
      ...settings,
    };
    if (standby) {
      this.write('data/standby.signal', '');
    } else {
      rmSync(this.file('data/standby.signal'), { force: true });
    }
    // After a crash it would still say that the server is ready.
    rmSync(this.file('data/postmaster.pid'), { force: true });
    await this.run(
      path.join(this.programs, 'bin/postgres'),
      ['-D', this.file('data'), ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { environment: ENVIRONMENT, stopSignal: 'SIGINT' }, () => this.acceptsConnections(),
    );
  }

  /** From a copy where there is one: it takes a tenth of the time. */
  private initialise(): void {
    const templates = process.env.TEST_SERVER_TEMPLATES;
    if (templates === undefined) {
      this.createData(this.directory);
    } else {
      const template = path.join(templates, `postgresql-${this.options.version}`);
      if (!existsSync(template)) {
        this.createTemplate(template);
      }
      this.asAccount('cp', ['-a', path.join(template, 'data'), path.join(template, 'password'), this.directory]);
    }
    this.superuser.password = readFileSync(this.file('password'), 'utf8').trim();
  }

  /** Whoever is first renames it; the other one leaves it there. */
  private createTemplate(template: string): void {
    const own = `${template}-${process.pid}`;
    mkdirSync(own);
    handOver(own);
    this.createData(own);
    try {
      renameSync(own, template);
    } catch {
      rmSync(own, { recursive: true });
    }
  }

  private createData(directory: string): void {
    const password = path.join(directory, 'password');
    writeFileSync(password, `${randomBytes(18).toString('hex')}\n`, { mode: 0o600 });
    handOver(password);
    this.asAccount(path.join(this.programs, 'bin/initdb'), [
      '-D', path.join(directory, 'data'), '-U', SUPERUSER, '--pwfile', password,
      '-A', 'scram-sha-256', '--no-sync', '--no-instructions', '--locale=C', '--encoding=UTF8',
    ]);
  }

  private asAccount(program: string, args: string[]): void {
    const { status, stderr, error } = spawnSync(program, args, {
      cwd: this.directory, env: ENVIRONMENT, encoding: 'utf8', ...unprivileged,
    });
    if (status !== 0) {
      throw new Error(`${path.basename(program)} failed: ${error?.message ?? stderr}`);
    }
  }

  /** As pg_ctl knows it: from the last line of the process file. */
  private acceptsConnections(): boolean {
    try {
      return ['ready', 'standby'].includes(readFileSync(this.file('data/postmaster.pid'), 'utf8').split('\n')[7]?.trim());
    } catch {
      return false;
    }
  }
}
