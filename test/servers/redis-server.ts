import { createHash, randomBytes } from 'node:crypto';
import * as path from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { ServerCertificate } from './certificates';
import { Installation } from './installation';
import { letsIn } from './lets-in';
import { librariesIn } from './libraries';
import { OwnedServer } from './owned-server';
import { redisReply } from './redis-reply';
import { reachableDirectory } from './unprivileged';

export interface RedisServerOptions {
  /** Absent: the server speaks plaintext only. */
  readonly certificate?: ServerCertificate;
}

/** A Redis server on 127.0.0.1 with access control lists: TLS alone where it has a certificate. */
export class RedisServer extends OwnedServer<RedisServerOptions> {
  static async start(options: RedisServerOptions): Promise<RedisServer> {
    return this.started((port) => new RedisServer(options, port));
  }

  private readonly programs = reachableDirectory(Installation.redis, 'usr/bin/redis-server');
  private readonly administrator = randomBytes(18).toString('hex');

  private constructor(options: RedisServerOptions, port: number) {
    super('redis', options, port);
  }

  /** Runs a command as administrator. */
  async command(...words: string[]): Promise<string> {
    return this.as({ username: 'administrator', password: this.administrator }, ...words);
  }

  /** Replaces a user's passwords, as the services do when a user is modified. */
  async setUser(username: string, passwords: readonly string[], rules: readonly string[] = ['on', '~*', '+@all']): Promise<void> {
    // By their hashes, so that anything can be in them.
    const hashes = passwords.map((password) => `#${createHash('sha256').update(password).digest('hex')}`);
    await this.command('ACL', 'SETUSER', username, 'reset', ...rules, ...hashes);
  }

  /** Signs in, over TLS that this does not verify, and runs a command. */
  async as({ username, password }: { username: string; password: string }, ...words: string[]): Promise<string> {
    const socket = connectTls({ host: '127.0.0.1', port: this.port, rejectUnauthorized: false });
    try {
      await redisReply(socket, 'AUTH', username, password);
      return await redisReply(socket, ...words);
    } finally {
      socket.destroy();
    }
  }

  /** Whether the credentials work. */
  async worksFor(credentials: { username: string; password: string }): Promise<boolean> {
    return letsIn(async () => this.as(credentials, 'PING'), (thrown) => (thrown as Error).message === 'WRONGPASS');
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
    const { certificate } = this.options;
    const transport = certificate
      ? ['port 0', `tls-port ${this.port}`, `tls-cert-file ${this.write('server.crt', certificate.certificate)}`,
        `tls-key-file ${this.write('server.key', certificate.key)}`, 'tls-auth-clients no',
        `tls-ca-cert-file ${this.write('ca.crt', certificate.certificate)}`]
      : [`port ${this.port}`];
    const configuration = this.write('redis.conf', [
      'bind 127.0.0.1', ...transport, 'save ""', 'appendonly no', 'daemonize no', 'user default off', 'loglevel notice',
      `user administrator on >${this.administrator} ~* &* +@all`, '',
    ].join('\n'));
    const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', LD_LIBRARY_PATH: librariesIn(this.programs) };
    await this.run(
      path.join(this.programs, 'usr/bin/redis-server'),
      [configuration],
      { environment, stopSignal: 'SIGTERM' },
      () => this.log().includes('Ready to accept connections'),
    );
  }
}
