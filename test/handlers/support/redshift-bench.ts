import { type Credentials, RotationBench } from './rotation-bench';
import type { FunctionInProcess } from './rotation-function';
import { RedshiftTarget } from '../../../handlers/rotate-redshift/redshift-target';
import type { DatabaseFacts, UserBinding } from '../../../src/contract/database-facts';
import { letsIn } from '../../servers/lets-in';
import { isPostgresqlRefusal, logIn } from '../../servers/log-in';
import { RedshiftPeer } from '../../servers/redshift-peer';
import type { EngineBench, NewRoles, Turn } from '../engines/engine-under-test';

/** Everything that a rotation needs, running: Secrets Manager behind its guard, and what stands in for Amazon Redshift. */
export class RedshiftBench implements EngineBench {
  static async start(): Promise<RedshiftBench> {
    const rotations = await RotationBench.start();
    return new RedshiftBench(rotations, await RedshiftPeer.start(rotations.certificates.good));
  }

  private serial = 0;

  private constructor(
    readonly rotations: RotationBench,
    readonly database: RedshiftPeer,
  ) {}

  /** What the deployment knows about the database. */
  get facts(): DatabaseFacts {
    const { host, port } = this.database;
    return { engine: 'redshift', host, port, certificateAuthorities: this.rotations.certificates.authority.certificate };
  }

  get target(): RedshiftTarget {
    return new RedshiftTarget({ region: 'eu-west-1', database: { ...this.facts, port: this.database.port } });
  }

  /** The fields that Secrets Manager documents for Amazon Redshift. */
  content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    const { host, port } = this.database;
    return { engine: 'redshift', host, port, dbname: 'dev', ...credentials, ...more };
  }

  get superuser(): Credentials {
    return this.database.superuser;
  }

  async createUser(credentials: Credentials): Promise<void> {
    await this.database.createUser(credentials);
  }

  async exists(username: string): Promise<boolean> {
    return (await this.database.database.query('SELECT FROM pg_roles WHERE rolname = $1', [username])).length > 0;
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return this.database.logins(outcome);
  }

  statements(): string {
    return this.database.statements.join('\n');
  }

  async newRoles(): Promise<NewRoles> {
    const role = `readers ${this.serial++}`;
    await this.database.database.query(`CREATE ROLE "${role}"`);
    await this.database.database.query('INSERT INTO redshift.roles VALUES ($1)', [role]);
    return {
      names: [role],
      heldBy: async (username) => {
        const [row] = await this.database.database.query<{ member: boolean }>(
          "SELECT pg_has_role($1::name, $2::name, 'MEMBER') AS member",
          [username, role],
        );
        return row.member;
      },
    };
  }

  /** A schema with a table that was there before, in which each makes tables that both write. */
  async share({ username }: Credentials): Promise<(turn: Turn, rotation: number) => Promise<void>> {
    const schema = `work${this.serial++}`;
    await this.database.database.query(`CREATE SCHEMA ${schema} AUTHORIZATION "${username}"`);
    await this.as(username, `CREATE TABLE ${schema}.old (id int)`);
    return async ({ after }, rotation) => {
      await this.as(
        after.username,
        `INSERT INTO ${schema}.old VALUES (${rotation}); CREATE TABLE ${schema}.table${rotation} (id int)`,
      );
      for (const user of [username, `${username}_clone`]) {
        await this.as(user, `INSERT INTO ${schema}.table${rotation} VALUES (1)`);
        await this.as(user, `UPDATE ${schema}.table${rotation} SET id = id + 1`);
      }
    };
  }

  async createSecret(credentials: Credentials, more: Record<string, unknown> = {}): Promise<string> {
    return this.rotations.createSecret(this.content(credentials, more));
  }

  proving(): FunctionInProcess {
    return this.rotations.inProcess('rotate-redshift', { mode: 'prove', database: this.facts });
  }

  async bySuperuser(binding: UserBinding, superuser: Credentials = this.database.superuser): Promise<FunctionInProcess> {
    return this.rotations.inProcess('rotate-redshift', {
      mode: 'superuser',
      database: this.facts,
      superuserSecret: await this.rotations.createSecret(superuser),
      bindings: [binding],
    });
  }

  /** Whether the credentials work for any client of PostgreSQL, over verified TLS: not where a password is stored as SHA-256. */
  async worksFor({ username, password }: Credentials): Promise<boolean> {
    const { host, port } = this.database;
    const ssl = { ca: this.rotations.certificates.authority.certificate };
    return letsIn(async () => logIn({ host, port, user: username, password, database: 'dev', ssl }), isPostgresqlRefusal);
  }

  /** Runs statements as a user at the server behind. */
  async as(username: string, sql: string): Promise<void> {
    await this.database.database.query(`SET SESSION AUTHORIZATION "${username}"; ${sql}`);
  }

  async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.database.stop()]);
  }
}
