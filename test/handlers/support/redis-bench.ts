import { type Credentials, RotationBench } from './rotation-bench';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { RedisServer, type RedisServerOptions } from '../../servers/redis-server';
import type { EngineBench, NewRoles, Turn } from '../engines/engine-under-test';

/** What rotations need of a server: one that tests have started, or one that was there before. */
export interface RedisUnderTest extends Pick<
  RedisServer,
  'host' | 'port' | 'administrator' | 'command' | 'setUser' | 'as' | 'loginsOfOthers' | 'exists' | 'worksFor' | 'kept' | 'stop'
> {}

/** Everything that a rotation needs, running: Secrets Manager behind its guard, and a Redis server. */
export class RedisBench<Server extends RedisUnderTest = RedisServer> implements EngineBench {
  static async start(options: Omit<RedisServerOptions, 'certificate'> = {}): Promise<RedisBench> {
    const rotations = await RotationBench.start();
    return new RedisBench(rotations, await RedisServer.start({ certificate: rotations.certificates.good, ...options }));
  }

  /** With a server that others have started. */
  static async of<T extends RedisUnderTest>(server: T, certificateAuthority: string): Promise<RedisBench<T>> {
    return new RedisBench(await RotationBench.start(), server, certificateAuthority);
  }

  readonly superuser: Credentials;
  private serial = 0;

  private constructor(
    readonly rotations: RotationBench,
    readonly database: Server,
    private readonly certificateAuthority = rotations.certificates.authority.certificate,
  ) {
    this.superuser = database.administrator;
  }

  /** What the deployment knows about the server. */
  get facts(): DatabaseFacts {
    const { host, port } = this.database;
    return { engine: 'redis', host, port, certificateAuthorities: this.certificateAuthority };
  }

  /** The fields of a secret. */
  content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    const { host, port } = this.database;
    return { engine: 'redis', host, port, ...credentials, ...more };
  }

  /** A user that may do what a rotation by itself needs, and nothing else. */
  async createUser({ username, password }: Credentials): Promise<void> {
    await this.database.setUser(username, [password], [
      'on', '~app:*', '+@read', '+acl|getuser', '+acl|setuser', '+acl|save', '+acl|whoami', '+config|rewrite', '+info',
      '+cluster|info',
    ]);
  }

  /** A user that may do what applications do, and nothing else. */
  async createReader({ username, password }: Credentials): Promise<void> {
    await this.database.setUser(username, [password], ['on', '~app:*', '+@read']);
  }

  async exists(username: string): Promise<boolean> {
    return this.database.exists(username);
  }

  async worksFor(credentials: Credentials): Promise<boolean> {
    return this.database.worksFor(credentials);
  }

  async logins(outcome: 'accepted' | 'refused'): Promise<number> {
    return this.database.loginsOfOthers(outcome);
  }

  async statements(): Promise<string> {
    return this.database.kept();
  }

  newRoles(): NewRoles {
    const prefix = `app:new${this.serial++}`;
    const may = async (username: string, ...command: string[]): Promise<boolean> =>
      await this.database.command('ACL', 'DRYRUN', username, ...command) === 'OK';
    return {
      names: [`~${prefix}:*`, '~app:1', '+@read', '-keys', '&news'],
      heldBy: async (username) => await may(username, 'GET', `${prefix}:1`) && !await may(username, 'SET', `${prefix}:1`, 'x')
        && !await may(username, 'GET', 'app:2') && !await may(username, 'KEYS', '*'),
    };
  }

  /** A key that both may read, by a rule with spaces in it. */
  async share({ username }: Credentials): Promise<(turn: Turn) => Promise<void>> {
    const key = `shared${this.serial++}`;
    await this.database.command('ACL', 'SETUSER', username, `(~${key} +get)`, '&news');
    return async ({ before, after }) => {
      for (const credentials of [before, after]) {
        expect(await this.database.as(credentials, 'GET', key)).toBe('nothing');
      }
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.database.stop()]);
  }
}
