import * as path from 'node:path';
import type { ServerCertificate } from './certificates';
import { Installation } from './installation';
import { librariesIn } from './libraries';
import { ENVIRONMENT, OwnedServer } from './owned-server';
import { reachableDirectory } from './unprivileged';
import { until } from './until';

const RELOADED = 'got SIGHUP, re-reading config';
const RELOAD_MILLISECONDS = 5_000;

export interface PgBouncerOptions {
  readonly certificate: ServerCertificate;
  /** PEM of the authority that has signed the server's certificate. */
  readonly authority: string;
  /** The server behind it, by a name that its certificate carries. */
  readonly database: { readonly host: string; readonly port: number };
}

/** Users and passwords that it knows by heart. */
export type KnownUsers = readonly { readonly username: string; readonly password: string }[];

/**
 * PgBouncer on 127.0.0.1, which signs clients in by credentials of its own as Amazon RDS Proxy does: SCRAM and TLS on both sides.
 */
export class PgBouncer extends OwnedServer<PgBouncerOptions> {
  static async start(options: PgBouncerOptions, users: KnownUsers): Promise<PgBouncer> {
    return this.started((port) => new PgBouncer(options, users, port));
  }

  private constructor(options: PgBouncerOptions, private users: KnownUsers, port: number) {
    super('pgbouncer', options, port);
  }

  /** How many clients have tried to sign in. */
  attempts(): number {
    return this.log().split('login attempt:').length - 1;
  }

  /** Replaces what it knows: connections that it has to the server stay. */
  async learn(users: KnownUsers): Promise<void> {
    const reloads = (): number => this.log().split(RELOADED).length;
    const before = reloads();
    this.users = users;
    this.writeUsers();
    process.kill(this.pid!, 'SIGHUP');
    if (!await until(() => reloads() > before, RELOAD_MILLISECONDS)) {
      throw new Error(`PgBouncer did not read its users again:\n${this.log()}`);
    }
  }

  protected async launch(): Promise<void> {
    const { certificate, authority, database } = this.options;
    this.write('server.crt', certificate.certificate);
    this.write('server.key', certificate.key);
    this.write('authority.crt', authority);
    this.writeUsers();
    const settings = {
      listen_addr: '127.0.0.1',
      listen_port: this.port,
      unix_socket_dir: '',
      auth_type: 'scram-sha-256',
      auth_file: this.file('users'),
      client_tls_sslmode: 'require',
      client_tls_cert_file: this.file('server.crt'),
      client_tls_key_file: this.file('server.key'),
      server_tls_sslmode: 'verify-full',
      server_tls_ca_file: this.file('authority.crt'),
      // One connection to the server serves each user, and is kept.
      pool_mode: 'transaction',
      default_pool_size: 1,
      ignore_startup_parameters: 'extra_float_digits',
    };
    this.write('pgbouncer.ini', [
      '[databases]', `* = host=${database.host} port=${database.port}`,
      '[pgbouncer]', ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`), '',
    ].join('\n'));
    const programs = reachableDirectory(Installation.pgbouncer, 'usr/sbin/pgbouncer');
    const environment = { ...ENVIRONMENT, LD_LIBRARY_PATH: librariesIn(programs) };
    await this.run(
      path.join(programs, 'usr/sbin/pgbouncer'),
      [this.file('pgbouncer.ini')],
      { environment, stopSignal: 'SIGTERM' },
      () => this.log().includes('process up'),
    );
  }

  private writeUsers(): void {
    this.write(
      'users',
      this.users
        .map((user) => `${[user.username, user.password].map((text) => `"${text.replaceAll('"', '""')}"`).join(' ')}\n`)
        .join(''),
    );
  }
}
