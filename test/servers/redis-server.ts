import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ServerCertificate } from './certificates';
import { Installation } from './installation';
import { letsIn } from './lets-in';
import { librariesIn } from './libraries';
import { OwnedServer } from './owned-server';
import { redisReply } from './redis-reply';
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
  /** Logins of tests, which the server counts as well. */
  private own = { all: 0, refused: 0 };

  private constructor(options: RedisServerOptions, port: number) {
    super('redis', options, port);
  }

  private get address(): string {
    return this.options.at?.address ?? '127.0.0.1';
  }

  /** Runs a command as administrator. */
  async command(...words: string[]): Promise<string> {
    return this.as(this.administrator, ...words);
  }

  /** Replaces a user's passwords, as the services do when a user is modified. */
  async setUser(username: string, passwords: readonly string[], rules: readonly string[] = ['on', '~*', '+@all']): Promise<void> {
    // By their hashes, so that anything can be in them.
    const hashes = passwords.map((password) => `#${createHash('sha256').update(password).digest('hex')}`);
    await this.command('ACL', 'SETUSER', username, 'reset', ...rules, ...hashes);
  }

  /** Signs in, over TLS that this does not verify, and runs a command. */
  async as(credentials: { username: string; password: string }, ...words: string[]): Promise<string> {
    const socket = await this.signIn(credentials);
    try {
      return await redisReply(socket, ...words);
    } finally {
      socket.destroy();
    }
  }

  /** A connection over which somebody has signed in. */
  async signIn({ username, password }: { username: string; password: string }): Promise<TLSSocket> {
    const socket = connectTls({ host: this.address, port: this.port, rejectUnauthorized: false });
    try {
      this.own.all += 1;
      await redisReply(socket, 'AUTH', username, password);
      return socket;
    } catch (thrown) {
      this.own.refused += 1;
      socket.destroy();
      throw thrown;
    }
  }

  /** How many logins of others than tests the server has let in, or refused, since it was started. */
  async loginsOfOthers(outcome: 'accepted' | 'refused'): Promise<number> {
    const counted = /cmdstat_auth:calls=(\d+).*failed_calls=(\d+)/.exec(await this.command('INFO', 'commandstats'))!;
    const [all, refused] = counted.slice(1).map(Number);
    return outcome === 'refused' ? refused - this.own.refused : all - this.own.all - (refused - this.own.refused);
  }

  /** Whether there is such a user. */
  async exists(username: string): Promise<boolean> {
    return await this.command('ACL', 'GETUSER', username) !== 'nothing';
  }

  /** All that it keeps of what it was sent: of commands, of users, and of what it had to say. */
  async kept(): Promise<string> {
    const slow = await this.command('EVAL', "return cjson.encode(redis.call('SLOWLOG', 'GET', '-1'))", '0');
    const files = ['redis.conf', 'users.acl'].map((name) => this.file(name)).filter(existsSync);
    return [slow, this.log(), ...files.map((file) => readFileSync(file, 'utf8'))].join('\n');
  }

  /** Takes away, or gives back, the right to write the files beside which users are kept. */
  mayWrite(may: boolean): void {
    chmodSync(this.directory, may ? 0o700 : 0o500);
  }

  /** Whether the credentials work. */
  async worksFor(credentials: { username: string; password: string }): Promise<boolean> {
    return letsIn(
      async () => (await this.signIn(credentials)).destroy(),
      (thrown) => (thrown as Error).message === 'WRONGPASS',
    );
  }

  /** How many logins it has refused. */
  async refusals(): Promise<number> {
    return Number(/cmdstat_auth:.*failed_calls=(\d+)/.exec(await this.command('INFO', 'commandstats'))?.[1]);
  }

  /** How many times AUTH was sent to it, by tests as well. */
  async logins(): Promise<number> {
    return Number(/cmdstat_auth:calls=(\d+)/.exec(await this.command('INFO', 'commandstats'))?.[1]);
  }

  protected async launch(): Promise<void> {
    this.own = { all: 0, refused: 0 };
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
