import type { LocalCredentials, LocalDatabase } from './local-database';
import type { CertificateAuthority } from '../../test/servers/certificates';
import { RedisServer } from '../../test/servers/redis-server';

/** What whoever changes users needs, as the guide to Redis says. */
const ADMINISTRATOR = ['on', '~*', '&*', '+@all'];

/** Redis, with TLS and users; for Valkey as well. */
export class LocalRedis implements LocalDatabase {
  static async start(authority: CertificateAuthority): Promise<LocalRedis> {
    const certificate = authority.issue({ names: ['localhost'] });
    return new LocalRedis(await RedisServer.start({ certificate }), authority.certificate);
  }

  readonly host: string;
  readonly port: number;

  private constructor(private readonly server: RedisServer, readonly certificateAuthority: string) {
    ({ host: this.host, port: this.port } = server);
  }

  async createMaster({ username, password }: LocalCredentials): Promise<void> {
    await this.server.setUser(username, [password], ADMINISTRATOR);
  }

  async ensureUser({ username, password }: LocalCredentials): Promise<void> {
    if (!await this.server.exists(username)) {
      await this.server.setUser(username, [password]);
    }
  }

  /** What a new user gets are rules here, which are there already. */
  async ensureRoles(): Promise<void> {}

  /** Databases are there, by their numbers. */
  async ensureDatabase(): Promise<void> {}

  async logIn(credentials: LocalCredentials): Promise<void> {
    (await this.server.signIn(credentials)).destroy();
  }

  isRefusal(thrown: unknown): boolean {
    return (thrown as Error).message === 'WRONGPASS';
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}
