import { type Credentials, RotationBench } from './rotation-bench';
import type { DatabaseFacts, UserBinding } from '../../../src/contract/database-facts';
import { letsIn } from '../../servers/lets-in';
import type { PeerRole, Product } from '../../servers/mongodb-accounts';
import { isMongodbRefusal, logInToMongodb } from '../../servers/mongodb-log-in';
import { MongodbPeer } from '../../servers/mongodb-peer';
import type { EngineBench, NewRoles, Turn } from '../engines/engine-under-test';

/** Everything that a rotation needs, running: Secrets Manager behind its guard, and a server of one of the two products. */
export class MongodbBench implements EngineBench {
  static async start(product: Product): Promise<MongodbBench> {
    const rotations = await RotationBench.start();
    return new MongodbBench(rotations, await MongodbPeer.start(rotations.certificates.good, product));
  }

  private constructor(
    readonly rotations: RotationBench,
    readonly database: MongodbPeer,
  ) {}

  /** What the deployment knows about the database. */
  get facts(): DatabaseFacts {
    const { host, port } = this.database;
    return { engine: 'mongo', host, port, certificateAuthorities: this.rotations.certificates.authority.certificate };
  }

  /** The fields of a secret, as Amazon DocumentDB's attachment writes it. */
  content(credentials: Credentials, more: object = {}): Record<string, unknown> {
    const { host, port } = this.database;
    return { engine: 'mongo', host, port, ssl: true, ...credentials, ...more };
  }

  get superuser(): Credentials {
    return this.database.superuser;
  }

  /** A user with a role in a database, and the right to change its own password, which MongoDB gives to nobody by itself. */
  createUser({ username, password }: Credentials): void {
    this.database.accounts.add(username, password, {
      roles: [
        { role: 'readWrite', db: 'orders' },
        { role: 'rotates_itself', db: 'admin' },
      ],
    });
  }

  exists(username: string): boolean {
    return this.database.accounts.find(username, 'admin') !== undefined;
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return this.database.logins(outcome);
  }

  statements(): string {
    return this.database.commands.map((command) => JSON.stringify(command)).join('\n');
  }

  newRoles(): NewRoles {
    const roles = [{ role: 'readWrite', db: 'orders' }];
    return {
      names: ['readWrite@orders'],
      heldBy: (username) => JSON.stringify(this.rolesOf(username)) === JSON.stringify(roles),
    };
  }

  /** The roles of the first. */
  share({ username }: Credentials): (turn: Turn) => void {
    return () => expect(this.rolesOf(`${username}_clone`)).toEqual(this.rolesOf(username));
  }

  /** What the function of a superuser is deployed with. */
  async superuserOptions(secret: string, username: string, strategy: UserBinding['strategy'], createWithRoles?: string[]) {
    return {
      mode: 'superuser' as const,
      database: this.facts,
      superuserSecret: await this.rotations.createSecret(this.database.superuser),
      bindings: [{ secret, username, strategy, createWithRoles }],
    };
  }

  /** Whether the credentials work for any client, over verified TLS. */
  async worksFor({ username, password }: Credentials): Promise<boolean> {
    const { host, port } = this.database;
    const ca = this.rotations.certificates.authority.certificate;
    return letsIn(async () => logInToMongodb({ host, port, username, password, ca }), isMongodbRefusal);
  }

  async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.database.stop()]);
  }

  private rolesOf(username: string): readonly PeerRole[] {
    return this.database.accounts.find(username, 'admin')!.roles;
  }
}
