import { type Credentials, RotationBench } from './rotation-bench';
import type { DatabaseFacts, UserBinding } from '../../../src/contract/handler-contract';
import type { Product } from '../../servers/mongodb-accounts';
import { logInToMongodb } from '../../servers/mongodb-log-in';
import { MongodbPeer } from '../../servers/mongodb-peer';

/** Everything that a rotation needs, running: Secrets Manager behind its guard, and a server of one of the two products. */
export class MongodbBench {
  public static async start(product: Product): Promise<MongodbBench> {
    const rotations = await RotationBench.start();
    return new MongodbBench(rotations, await MongodbPeer.start(rotations.certificates.good, product));
  }

  private constructor(public readonly rotations: RotationBench, public readonly database: MongodbPeer) {}

  /** What the deployment knows about the database. */
  public get facts(): DatabaseFacts {
    const { host, port } = this.database;
    return { engine: 'mongo', host, port, certificateAuthorities: this.rotations.certificates.authority.certificate };
  }

  /** The fields of a secret, as Amazon DocumentDB's attachment writes it. */
  public content(credentials: Credentials, more: object = {}): Record<string, unknown> {
    const { host, port } = this.database;
    return { engine: 'mongo', host, port, ssl: true, ...credentials, ...more };
  }

  /** What the function of a superuser is deployed with. */
  public async superuserOptions(secret: string, username: string, strategy: UserBinding['strategy'], createWithRoles?: string[]) {
    return {
      mode: 'superuser' as const,
      database: this.facts,
      superuserSecret: await this.rotations.createSecret(this.database.superuser),
      bindings: [{ secret, username, strategy, createWithRoles }],
    };
  }

  /** Whether the credentials work for any client, over verified TLS. */
  public async worksFor({ username, password }: Credentials): Promise<boolean> {
    const { host, port } = this.database;
    return logInToMongodb({ host, port, username, password, ca: this.rotations.certificates.authority.certificate }).then(() => true, () => false);
  }

  public async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.database.stop()]);
  }
}
