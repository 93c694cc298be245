import { type Credentials, RotationBench } from './rotation-bench';
import type { FunctionInProcess } from './rotation-function';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { RedshiftTarget } from '../../../handlers/rotate-redshift/redshift-target';
import type { DatabaseFacts, UserBinding } from '../../../src/contract/handler-contract';
import { RedshiftPeer } from '../../servers/redshift-peer';

/** Everything that a rotation needs, running: Secrets Manager behind its guard, and what stands in for Amazon Redshift. */
export class RedshiftBench {
  public static async start(): Promise<RedshiftBench> {
    const rotations = await RotationBench.start();
    return new RedshiftBench(rotations, await RedshiftPeer.start(rotations.certificates.good));
  }

  private constructor(public readonly rotations: RotationBench, public readonly database: RedshiftPeer) {}

  /** What the deployment knows about the database. */
  public get facts(): DatabaseFacts {
    const { host, port } = this.database;
    return { engine: 'redshift', host, port, certificateAuthorities: this.rotations.certificates.authority.certificate };
  }

  public get target(): RedshiftTarget {
    return new RedshiftTarget({ region: 'eu-west-1', database: { ...this.facts, port: this.database.port } });
  }

  /** The fields that Secrets Manager documents for Amazon Redshift. */
  public content(credentials: Credentials): Record<string, unknown> {
    const { host, port } = this.database;
    return { engine: 'redshift', host, port, dbname: 'dev', ...credentials };
  }

  public async createSecret(credentials: Credentials, more: Record<string, unknown> = {}): Promise<string> {
    return this.rotations.createSecret({ ...this.content(credentials), ...more });
  }

  public proving(): FunctionInProcess {
    return this.rotations.inProcess('rotate-redshift', { mode: 'prove', database: this.facts });
  }

  public async bySuperuser(binding: UserBinding, superuser: Credentials = this.database.superuser): Promise<FunctionInProcess> {
    return this.rotations.inProcess('rotate-redshift', {
      mode: 'superuser', database: this.facts, superuserSecret: await this.rotations.createSecret(superuser), bindings: [binding],
    });
  }

  /** Whether the credentials work. */
  public async worksFor({ username, password }: Credentials): Promise<boolean> {
    const session = await this.target.signIn({ username, password }, new Deadline(systemClock, 10_000)).catch(() => undefined);
    await session?.close();
    return session !== undefined;
  }

  /** Runs statements as a user at the server behind. */
  public async as(username: string, sql: string): Promise<void> {
    await this.database.database.query(`SET SESSION AUTHORIZATION "${username}"; ${sql}`);
  }

  public async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.database.stop()]);
  }
}
