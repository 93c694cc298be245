import { type Credentials, RotationBench } from './rotation-bench';
import type { DatabaseFacts } from '../../../src/contract/handler-contract';
import type { Certificates } from '../../servers/certificates';
import { logInToMysql } from '../../servers/mysql-log-in';

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
  public static async start<T extends MysqlServer>(engine: 'mysql' | 'mariadb', start: (certificates: Certificates) => Promise<T>): Promise<MysqlBench<T>> {
    const rotations = await RotationBench.start();
    return new MysqlBench(engine, rotations, await start(rotations.certificates));
  }

  private constructor(public readonly engine: string, public readonly rotations: RotationBench, public readonly database: Server) {}

  /** What the deployment knows about the database. */
  public get facts(): DatabaseFacts {
    const { host, port } = this.database;
    return { engine: this.engine, host, port, certificateAuthorities: this.rotations.certificates.authority.certificate };
  }

  /** The fields of a database secret. */
  public content(credentials: Credentials, more: Row = {}): Row {
    const { host, port } = this.database;
    return { engine: this.engine, host, port, ...credentials, ...more };
  }

  public async createSuperuserSecret(): Promise<string> {
    return this.rotations.createSecret(this.database.superuser);
  }

  /** Whether the credentials work, over verified TLS. */
  public async worksFor(credentials: Credentials): Promise<boolean> {
    return this.as(credentials).then(() => true, () => false);
  }

  /** Signs in as somebody over verified TLS and runs a statement, where there is one. */
  public async as({ username, password }: Credentials, sql?: string): Promise<Row[]> {
    const { host, port } = this.database;
    const ssl = { ca: this.rotations.certificates.authority.certificate, verifyIdentity: true };
    return logInToMysql({ host, port, user: username, password, ssl }, sql);
  }

  public async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.database.stop()]);
  }
}
