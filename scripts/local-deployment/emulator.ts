import { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretsManagerServer } from '../../test/servers/secrets-manager-server';
import { StrictGuard } from '../../test/servers/strict-guard';

/** When a rotation function is interrupted. */
export interface Interruption {
  /** Which call of Secrets Manager from now on, the first being 1. */
  readonly nth: number;
  /** Before Secrets Manager gets the call, or after it has done it. */
  readonly when: 'before' | 'after';
}

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

  /** Does something before or after a call of a rotation function, which gets no answer. */
  interruptRotations({ nth, when }: Interruption, callback: () => Promise<void>): void {
    this.forRotations.fault({ nth, when, effect: { kind: 'interrupt', callback } });
  }

  /** How many calls rotation functions have made since this was asked last; interruptions that are to come are forgotten. */
  callsOfRotations(): number {
    const calls = this.forRotations.count();
    this.forRotations.reset();
    return calls;
  }

  async stop(): Promise<void> {
    await this.forApplication.stop();
    await this.forRotations.stop();
    await this.server.stop();
  }
}
