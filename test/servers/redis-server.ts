import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { ServerCertificate } from './certificates';
import { freePort } from './free-port';
import { Installation } from './installation';
import { librariesIn } from './libraries';
import { OwnedProcess } from './owned-process';
import { redisReply } from './redis-reply';
import { handOver, reachableDirectory, unprivileged } from './unprivileged';

export interface RedisServerOptions {
  /** Absent: the server speaks plaintext only. */
  readonly certificate?: ServerCertificate;
}

/** A Redis server on 127.0.0.1 with access control lists: TLS alone where it has a certificate. */
export class RedisServer {
  public static async start(options: RedisServerOptions): Promise<RedisServer> {
    const server = new RedisServer(options, await freePort());
    try {
      await server.launch();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  public readonly host = 'localhost';
  private readonly directory = mkdtempSync(path.join(tmpdir(), 'redis-'));
  private readonly programs = reachableDirectory(Installation.redis, 'usr/bin/redis-server');
  private readonly administrator = randomBytes(18).toString('hex');
  private process?: OwnedProcess;

  private constructor(private options: RedisServerOptions, public readonly port: number) {
    handOver(this.directory);
  }

  /** Runs a command as administrator. */
  public async command(...words: string[]): Promise<string> {
    return this.as({ username: 'administrator', password: this.administrator }, ...words);
  }

  /** Replaces a user's passwords, as the services do when a user is modified. */
  public async setUser(username: string, passwords: readonly string[], rules: readonly string[] = ['on', '~*', '+@all']): Promise<void> {
    // By their hashes, so that anything can be in them.
    const hashes = passwords.map((password) => `#${createHash('sha256').update(password).digest('hex')}`);
    await this.command('ACL', 'SETUSER', username, 'reset', ...rules, ...hashes);
  }

  /** Signs in, over TLS that this does not verify, and runs a command. */
  public async as({ username, password }: { username: string; password: string }, ...words: string[]): Promise<string> {
    const socket = connectTls({ host: '127.0.0.1', port: this.port, rejectUnauthorized: false });
    try {
      await redisReply(socket, 'AUTH', username, password);
      return await redisReply(socket, ...words);
    } finally {
      socket.destroy();
    }
  }

  /** Whether the credentials work. */
  public async worksFor(credentials: { username: string; password: string }): Promise<boolean> {
    return this.as(credentials, 'ACL', 'WHOAMI').then((username) => username === credentials.username, () => false);
  }

  /** How many logins it has refused. */
  public async refusals(): Promise<number> {
    return Number(/cmdstat_auth:.*failed_calls=(\d+)/.exec(await this.command('INFO', 'commandstats'))?.[1]);
  }

  /** How many times AUTH was sent to it, by tests as well. */
  public async logins(): Promise<number> {
    return Number(/cmdstat_auth:calls=(\d+)/.exec(await this.command('INFO', 'commandstats'))?.[1]);
  }

  /** The server still accepts connections, by its kernel, and answers nothing. */
  public pause(): void {
    this.process?.signalTree('SIGSTOP');
  }

  public resume(): void {
    this.process?.signalTree('SIGCONT');
  }

  /** Stops and starts it on the same port with another certificate or none; its users are gone. */
  public async restart(options: RedisServerOptions): Promise<void> {
    await this.process?.stop();
    this.options = options;
    await this.launch();
  }

  public async stop(): Promise<void> {
    await this.process?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private write(name: string, text: string): string {
    const file = path.join(this.directory, name);
    writeFileSync(file, text, { mode: 0o600 });
    handOver(file);
    return file;
  }

  private async launch(): Promise<void> {
    const { certificate } = this.options;
    const transport = certificate
      ? ['port 0', `tls-port ${this.port}`, `tls-cert-file ${this.write('server.crt', certificate.certificate)}`,
        `tls-key-file ${this.write('server.key', certificate.key)}`, 'tls-auth-clients no', `tls-ca-cert-file ${this.write('ca.crt', certificate.certificate)}`]
      : [`port ${this.port}`];
    const configuration = this.write('redis.conf', [
      'bind 127.0.0.1', ...transport, 'save ""', 'appendonly no', 'daemonize no', 'user default off', 'loglevel notice',
      `user administrator on >${this.administrator} ~* &* +@all`, '',
    ].join('\n'));
    const log = path.join(this.directory, 'log');
    this.process = new OwnedProcess(path.join(this.programs, 'usr/bin/redis-server'), [configuration], {
      environment: { PATH: '/usr/bin:/bin', LC_ALL: 'C', LD_LIBRARY_PATH: librariesIn(this.programs) },
      stopSignal: 'SIGTERM',
      log,
      directory: this.directory,
      workingDirectory: this.directory,
      ...unprivileged,
    });
    await this.process.ready(() => readFileSync(log, 'utf8').includes('Ready to accept connections'));
  }
}
