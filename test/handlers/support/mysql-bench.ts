import { type Credentials, RotationBench } from './rotation-bench';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import type { Certificates } from '../../servers/certificates';
import { letsIn } from '../../servers/lets-in';
import { MariadbServer } from '../../servers/mariadb-server';
import { isMysqlRefusal, logInToMysql } from '../../servers/mysql-log-in';
import { MysqlPeer } from '../../servers/mysql-peer';
import type { EngineBench, NewRoles, Turn } from '../engines/engine-under-test';

export type Row = Record<string, unknown>;

/** What rotations need of a server of either kind. */
export interface MysqlServer {
  readonly host: string;
  readonly port: number;
  readonly superuser: Credentials;
  createUser(credentials: Credentials): Promise<void>;
  /** Every statement that it was sent. */
  statements(): string;
  /** How many logins it has let in, or refused. */
  logins(outcome: 'accepted' | 'refused'): number;
  stop(): Promise<void>;
}

/** Everything that a rotation needs, running: Secrets Manager behind its guard, and a MySQL or MariaDB server. */
export class MysqlBench<Server extends MysqlServer = MysqlServer> {
  static async start<T extends MysqlServer>(
    engine: 'mysql' | 'mariadb',
    start: (certificates: Certificates) => Promise<T>,
  ): Promise<MysqlBench<T>> {
    const rotations = await RotationBench.start();
    return new MysqlBench(engine, rotations, await start(rotations.certificates));
  }

  protected constructor(
    readonly engine: string,
    readonly rotations: RotationBench,
    readonly database: Server,
  ) {}

  /** What the deployment knows about the database. */
  get facts(): DatabaseFacts {
    const { host, port } = this.database;
    return { engine: this.engine, host, port, certificateAuthorities: this.rotations.certificates.authority.certificate };
  }

  /** The fields of a database secret. */
  content(credentials: Credentials, more: Row = {}): Row {
    const { host, port } = this.database;
    return { engine: this.engine, host, port, ...credentials, ...more };
  }

  get superuser(): Credentials {
    return this.database.superuser;
  }

  async createUser(credentials: Credentials): Promise<void> {
    await this.database.createUser(credentials);
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return this.database.logins(outcome);
  }

  statements(): string {
    return this.database.statements();
  }

  async createSuperuserSecret(): Promise<string> {
    return this.rotations.createSecret(this.database.superuser);
  }

  /** Whether the credentials work, over verified TLS. */
  async worksFor(credentials: Credentials): Promise<boolean> {
    return letsIn(async () => this.as(credentials), isMysqlRefusal);
  }

  /** Signs in as somebody over verified TLS and runs a statement, where there is one. */
  async as({ username, password }: Credentials, sql?: string): Promise<Row[]> {
    const { host, port } = this.database;
    const ssl = { ca: this.rotations.certificates.authority.certificate, verifyIdentity: true };
    return logInToMysql({ host, port, user: username, password, ssl }, sql);
  }

  async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.database.stop()]);
  }
}

/** With a MariaDB server. */
export class MariadbBench extends MysqlBench<MariadbServer> implements EngineBench {
  static async open(): Promise<MariadbBench> {
    const rotations = await RotationBench.start();
    return new MariadbBench('mariadb', rotations, await MariadbServer.start({ certificate: rotations.certificates.good }));
  }

  private serial = 0;

  async exists(username: string): Promise<boolean> {
    return (await this.database.query('SELECT User FROM mysql.global_priv WHERE User = ?', [username])).length > 0;
  }

  async newRoles(): Promise<NewRoles> {
    const role = `reader "${this.serial++}"`;
    await this.database.query(`CREATE ROLE \`${role}\``);
    await this.database.query(`GRANT \`${role}\` TO ?@'%' WITH ADMIN OPTION`, [this.superuser.username]);
    return {
      names: [role],
      heldBy: async (username) =>
        (await this.database.query('SELECT User FROM mysql.roles_mapping WHERE User = ? AND Role = ?', [username, role])).length >
        0,
    };
  }

  /** A table that both write. */
  async share({ username }: Credentials): Promise<(turn: Turn) => Promise<void>> {
    const schema = `shared${this.serial++}`;
    await this.database.query(`CREATE DATABASE ${schema}`);
    await this.database.query(`CREATE TABLE ${schema}.rows (id int)`);
    await this.database.query(`GRANT SELECT, INSERT ON ${schema}.* TO ?@'%'`, [username]);
    return async ({ before, after }) => {
      for (const credentials of [before, after]) {
        await this.as(credentials, `INSERT INTO ${schema}.rows VALUES (1)`);
      }
    };
  }
}

/** With a peer of ours in place of a MySQL server. */
export class MysqlPeerBench extends MysqlBench<MysqlPeer> implements EngineBench {
  static async open(): Promise<MysqlPeerBench> {
    const rotations = await RotationBench.start();
    return new MysqlPeerBench('mysql', rotations, await MysqlPeer.start(rotations.certificates.good));
  }

  private serial = 0;

  exists(username: string): boolean {
    return this.database.accounts.entryOf(username) !== undefined;
  }

  newRoles(): NewRoles {
    const role = `reader${this.serial++}`;
    this.database.accounts.add(role, 'nobody signs in with it');
    return { names: [role], heldBy: (username) => this.holds(username, role) };
  }

  /** A role that both have. */
  share({ username }: Credentials): (turn: Turn) => void {
    const roles = this.newRoles();
    this.database.accounts.entryOf(username)!.roles.add(quoted(roles.names[0]));
    return ({ before, after }) => expect([roles.heldBy(before.username), roles.heldBy(after.username)]).toEqual([true, true]);
  }

  /** Itself, or by a role that it has: an alternate user has its base as a role. */
  private holds(username: string, role: string): boolean {
    const { accounts } = this.database;
    const { roles } = accounts.entryOf(username)!;
    return (
      roles.has(quoted(role))
      || [...accounts.accounts.values()].some(({ name }) => roles.has(quoted(name)) && this.holds(name, role))
    );
  }
}

/** As the peer names an account. */
function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\`@\`%\``;
}
