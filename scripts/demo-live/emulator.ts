import { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretsManagerServer } from '../../test/servers/secrets-manager-server';
import { StrictGuard } from '../../test/servers/strict-guard';

/** AWS's APIs as moto has them, with the guard that adds Secrets Manager's own rules in front of it. */
export class Emulator {
  static async start(account: string): Promise<Emulator> {
    const server = await SecretsManagerServer.start(account);
    return new Emulator(server, await StrictGuard.start(server));
  }

  private constructor(readonly server: SecretsManagerServer, private readonly guard: StrictGuard) {}

  /** What clients of Secrets Manager use as its endpoint. */
  get url(): string {
    return this.guard.url;
  }

  secretsManager(region: string): SecretsManagerClient {
    return this.guard.client({ region });
  }

  kms(region: string): KMSClient {
    return new KMSClient(this.server.connection(region));
  }

  async stop(): Promise<void> {
    await this.guard.stop();
    await this.server.stop();
  }
}
