import { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretsManagerServer } from '../../test/servers/secrets-manager-server';
import { StrictGuard } from '../../test/servers/strict-guard';

/** AWS's APIs as moto has them, with guards that add Secrets Manager's own rules in front of it. */
export class Emulator {
  static async start(account: string): Promise<Emulator> {
    const server = await SecretsManagerServer.start(account);
    return new Emulator(server, await StrictGuard.start(server), await StrictGuard.start(server));
  }

  private constructor(
    readonly server: SecretsManagerServer,
    private readonly forApplication: StrictGuard,
    /** What rotation functions call: nobody else does, so that the next call is theirs. */
    private readonly forRotations: StrictGuard,
  ) {}

  /** What clients of Secrets Manager use as its endpoint. */
  get url(): string {
    return this.forApplication.url;
  }

  /** What rotation functions use as the endpoint of Secrets Manager. */
  get rotationsUrl(): string {
    return this.forRotations.url;
  }

  secretsManager(region: string): SecretsManagerClient {
    return this.forApplication.client({ region });
  }

  kms(region: string): KMSClient {
    return new KMSClient(this.server.connection(region));
  }

  /** Does something in place of the next call of a rotation function, which gets no answer. */
  interruptNextCallOfRotations(callback: () => Promise<void>): void {
    this.forRotations.fault({ nth: 1, when: 'before', effect: { kind: 'interrupt', callback } });
  }

  async stop(): Promise<void> {
    await this.forApplication.stop();
    await this.forRotations.stop();
    await this.server.stop();
  }
}
