import type { ExternalServer } from './external-server';
import type { DatabaseFacts } from '../../src/contract/database-facts';
import type { Credentials, RotationBench } from '../handlers/support/rotation-bench';

/** What benches of servers that were there before have in common. */
export abstract class ExternalBench {
  readonly superuser: Credentials;
  /** Behind each name: nothing of an earlier run is in the way. */
  private readonly run = Date.now().toString(36);
  private serial = 0;

  protected constructor(
    readonly rotations: RotationBench,
    readonly server: ExternalServer,
    /** As deployments and secrets name it. */
    private readonly engine: string,
  ) {
    this.superuser = { ...server.administrator };
  }

  /** What the deployment knows about the database. */
  get facts(): DatabaseFacts {
    const { host, port, certificateAuthority } = this.server;
    return { engine: this.engine, host, port, certificateAuthorities: certificateAuthority };
  }

  /** The fields of a secret. */
  content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    const { host, port } = this.server;
    return { engine: this.engine, host, port, ...credentials, ...more };
  }

  async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.disconnect()]);
  }

  protected abstract disconnect(): Promise<void>;

  /** A name that nothing has. */
  protected fresh(kind: string): string {
    return `${kind}_${this.run}_${this.serial++}`;
  }
}
