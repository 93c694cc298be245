import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { ServerCertificate } from './certificates';
import { Installation } from './installation';
import { librariesIn } from './libraries';
import { OwnedServer } from './owned-server';
import { RedisAccess } from './redis-access';
import { reachableDirectory } from './unprivileged';

const READY = 'Ready to accept connections';

export interface RedisServerOptions {
  /** Absent: the server speaks plaintext only. */
  readonly certificate?: ServerCertificate;
  /** Where it keeps its users. @default 'configuration' */
  readonly users?: 'configuration' | 'file' | 'nowhere';
  /** Where it listens. @default 127.0.0.1, at a port that is free */
  readonly at?: { readonly address: string; readonly port: number };
  /** More of the configuration. @default none */
  readonly settings?: readonly string[];
}

/** A Redis server on 127.0.0.1 with access control lists: TLS alone where it has a certificate. */
export class RedisServer extends OwnedServer<RedisServerOptions> {
  static async start(options: RedisServerOptions): Promise<RedisServer> {
    return this.started((port) => new RedisServer(options, options.at?.port ?? port));
  }

  private readonly programs = reachableDirectory(Installation.redis, 'usr/bin/redis-server');
  readonly administrator = { username: 'administrator', password: randomBytes(18).toString('hex') };
  private readonly access = new RedisAccess(this.address, this.port, this.administrator);
  readonly command = this.access.command.bind(this.access);
  readonly setUser = this.access.setUser.bind(this.access);
  readonly as = this.access.as.bind(this.access);
  readonly signIn = this.access.signIn.bind(this.access);
  readonly loginsOfOthers = this.access.loginsOfOthers.bind(this.access);
  readonly exists = this.access.exists.bind(this.access);
  readonly worksFor = this.access.worksFor.bind(this.access);
  readonly refusals = this.access.refusals.bind(this.access);
  readonly logins = this.access.logins.bind(this.access);

  private constructor(options: RedisServerOptions, port: number) {
    super('redis', options, port);
  }

  private get address(): string {
    return this.options.at?.address ?? '127.0.0.1';
  }

  /** All that it keeps of what it was sent: of commands, of users, and of what it had to say. */
  async kept(): Promise<string> {
    const files = ['redis.conf', 'users.acl'].map((name) => this.file(name)).filter(existsSync);
    return [await this.access.slowLog(), this.log(), ...files.map((file) => readFileSync(file, 'utf8'))].join('\n');
  }

  /** Takes away, or gives back, the right to write the files beside which users are kept. */
  mayWrite(may: boolean): void {
    chmodSync(this.directory, may ? 0o700 : 0o500);
  }

  protected async launch(): Promise<void> {
    this.access.forgetLogins();
    const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', LD_LIBRARY_PATH: librariesIn(this.programs) };
    const before = existsSync(this.file('log')) ? this.log().split(READY).length : 1;
    await this.run(
      path.join(this.programs, 'usr/bin/redis-server'),
      this.arguments(),
      { environment, stopSignal: 'SIGTERM' },
      () => this.log().split(READY).length > before,
    );
  }

  /** What it rewrites itself is kept when it is started again. */
  private arguments(): string[] {
    const { users = 'configuration' } = this.options;
    const administrator = `user ${this.administrator.username} on >${this.administrator.password} ~* &* +@all`;
    const lines = [...this.configuration(), ...users === 'file' ? [] : ['user default off', administrator]];
    if (users === 'nowhere') {
      return lines.flatMap((line) => `--${line.replaceAll('""', '')}`.split(' '));
    }
    if (users === 'file' && !existsSync(this.file('users.acl'))) {
      this.write('users.acl', `user default off\n${administrator}\n`);
    }
    return [existsSync(this.file('redis.conf')) ? this.file('redis.conf') : this.write('redis.conf', [...lines, ''].join('\n'))];
  }

  private configuration(): string[] {
    const { certificate, users, settings = [] } = this.options;
    const transport = certificate
      ? ['port 0', `tls-port ${this.port}`, `tls-cert-file ${this.write('server.crt', certificate.certificate)}`,
        `tls-key-file ${this.write('server.key', certificate.key)}`, 'tls-auth-clients no',
        `tls-ca-cert-file ${this.write('ca.crt', certificate.certificate)}`]
      : [`port ${this.port}`];
    return [
      `bind ${this.address}`, ...transport, 'save ""', 'appendonly no', 'daemonize no', 'loglevel notice', 'slowlog-log-slower-than 0',
      ...users === 'file' ? [`aclfile ${this.file('users.acl')}`] : [], ...settings,
    ];
  }
}
