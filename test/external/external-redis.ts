import type { ExternalServer } from './external-server';
import { RedisBench } from '../handlers/support/redis-bench';
import { RedisAccess } from '../servers/redis-access';

/** A Redis or Valkey server. */
class ExternalRedis extends RedisAccess {
  override readonly host = 'localhost';

  async kept(): Promise<string> {
    return this.slowLog();
  }

  async stop(): Promise<void> {
    // Others have started it.
  }
}

export async function startExternalRedis(server: ExternalServer): Promise<RedisBench<ExternalRedis>> {
  const { host, port, administrator, certificateAuthority } = server;
  return RedisBench.of(new ExternalRedis(host, port, { ...administrator }), certificateAuthority);
}
