import { type Credentials, RotationBench } from './rotation-bench';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { SqlserverTarget } from '../../../handlers/rotate-sqlserver/sqlserver-target';
import type { DatabaseFacts } from '../../../src/contract/handler-contract';
import { SqlserverPeer } from '../../servers/sqlserver-peer';

const LIMIT = 10_000;

/** Everything that a rotation needs, running: Secrets Manager behind its guard, and a server that speaks SQL Server's protocol. */
export class SqlserverBench {
  public static async start(): Promise<SqlserverBench> {
    const rotations = await RotationBench.start();
    return new SqlserverBench(rotations, await SqlserverPeer.start(rotations.certificates.good));
  }

  private constructor(public readonly rotations: RotationBench, public readonly database: SqlserverPeer) {}

  /** What the deployment knows about the database. */
  public get facts(): DatabaseFacts {
    const { host, port } = this.database;
    return { engine: 'sqlserver', host, port, certificateAuthorities: this.rotations.certificates.authority.certificate };
  }

  /** The fields of a database secret. */
  public content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    const { host, port } = this.database;
    return { engine: 'sqlserver', host, port, ...credentials, ...more };
  }

  public async createSuperuserSecret(): Promise<string> {
    return this.rotations.createSecret(this.database.superuser);
  }

  /** Whether the credentials work, over verified TLS. */
  public async worksFor({ username, password }: Credentials, databaseName?: string): Promise<boolean> {
    const database = { ...this.facts, port: this.database.port };
    const session = await new SqlserverTarget({ region: 'eu-west-1', database }).signIn({ username, password, databaseName }, new Deadline(systemClock, LIMIT)).catch(() => undefined);
    await session?.close();
    return session !== undefined;
  }

  public async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.database.stop()]);
  }
}
