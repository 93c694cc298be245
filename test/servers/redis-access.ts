import { createHash } from 'node:crypto';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { letsIn } from './lets-in';
import { redisReply } from './redis-reply';

export interface RedisCredentials {
  readonly username: string;
  readonly password: string;
}

/** What tests ask of a Redis or Valkey server over the network, as its administrator. */
export class RedisAccess {
  /** Logins of tests, which the server counts as well. */
  private own = { all: 0, refused: 0 };

  constructor(readonly host: string, readonly port: number, readonly administrator: RedisCredentials) {}

  /** The server has been started again, and counts from the beginning. */
  forgetLogins(): void {
    this.own = { all: 0, refused: 0 };
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
  async as(credentials: RedisCredentials, ...words: string[]): Promise<string> {
    const socket = await this.signIn(credentials);
    try {
      return await redisReply(socket, ...words);
    } finally {
      socket.destroy();
    }
  }

  /** A connection over which somebody has signed in. */
  async signIn({ username, password }: RedisCredentials): Promise<TLSSocket> {
    const socket = connectTls({ host: this.host, port: this.port, rejectUnauthorized: false });
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

  /** What it keeps of the commands that it was sent. */
  async slowLog(): Promise<string> {
    return this.command('EVAL', "return cjson.encode(redis.call('SLOWLOG', 'GET', '-1'))", '0');
  }

  /** Whether the credentials work. */
  async worksFor(credentials: RedisCredentials): Promise<boolean> {
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
}
