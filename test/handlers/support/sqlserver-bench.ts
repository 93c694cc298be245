import { type Credentials, RotationBench } from './rotation-bench';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { letsIn } from '../../servers/lets-in';
import { isSqlserverRefusal, logInToSqlserver } from '../../servers/sqlserver-log-in';
import { SqlserverPeer } from '../../servers/sqlserver-peer';
import type { EngineBench, NewRoles, Turn } from '../engines/engine-under-test';

/**
 * Everything that a rotation needs, running: Secrets Manager behind its guard, and a server that speaks SQL Server's protocol.
 */
export class SqlserverBench implements EngineBench {
  static async start(): Promise<SqlserverBench> {
    const rotations = await RotationBench.start();
    return new SqlserverBench(rotations, await SqlserverPeer.start(rotations.certificates.good));
  }

  private serial = 0;

  private constructor(
    readonly rotations: RotationBench,
    readonly database: SqlserverPeer,
  ) {}

  /** What the deployment knows about the database. */
  get facts(): DatabaseFacts {
    const { host, port } = this.database;
    return { engine: 'sqlserver', host, port, certificateAuthorities: this.rotations.certificates.authority.certificate };
  }

  /** The fields of a database secret. */
  content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    const { host, port } = this.database;
    return { engine: 'sqlserver', host, port, ...credentials, ...more };
  }

  get superuser(): Credentials {
    return this.database.superuser;
  }

  async createUser(credentials: Credentials): Promise<void> {
    await this.database.createUser(credentials);
  }

  exists(username: string): boolean {
    return this.database.accounts.logins.some(({ name }) => name === username);
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return this.database.logins(outcome);
  }

  statements(): string {
    return this.database.statements();
  }

  /** Roles are in a database. */
  newRoles(): NewRoles {
    const databaseName = this.newDatabase();
    const names = ['db_datareader'];
    return {
      names,
      databaseName,
      heldBy: (username) => this.database.accounts.user(databaseName, username).roles.join() === names.join(),
    };
  }

  /** A database in which the login is a user of another name, with a role and a schema. */
  share({ username }: Credentials): (turn: Turn) => Promise<void> {
    const databaseName = this.newDatabase();
    const { accounts } = this.database;
    accounts.addUser(databaseName, 'mapped name', {
      sid: accounts.login(username).sid,
      roles: ['db_datareader'],
      defaultSchema: 'app',
    });
    return async ({ before, after }) => {
      expect(await this.worksFor(before, databaseName)).toBe(true);
      expect(await this.worksFor(after, databaseName)).toBe(true);
      expect(accounts.user(databaseName, `${username}_clone`)).toMatchObject({ roles: ['db_datareader'], defaultSchema: 'app' });
    };
  }

  /** With users of its own, if it is contained. */
  newDatabase(options: { contained?: boolean } = {}): string {
    const name = `database${this.serial++}`;
    this.database.accounts.addDatabase(name, options);
    return name;
  }

  async createSuperuserSecret(): Promise<string> {
    return this.rotations.createSecret(this.database.superuser);
  }

  /** Whether the credentials work, over verified TLS. */
  async worksFor({ username, password }: Credentials, databaseName?: string): Promise<boolean> {
    const { host, port } = this.database;
    const ca = this.rotations.certificates.authority.certificate;
    return letsIn(async () => logInToSqlserver({ host, port, username, password, databaseName, ca }), isSqlserverRefusal);
  }

  async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.database.stop()]);
  }
}
