import { type Credentials, RotationBench } from './rotation-bench';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import type { EngineBench, NewRoles, Turn } from '../engines/engine-under-test';

/** A PostgreSQL server, whose log has every statement and every login. */
export class PostgresqlBench implements EngineBench {
  static async start(version: 15 | 18): Promise<PostgresqlBench> {
    return new PostgresqlBench(await RotationBench.start({ version, settings: { log_statement: 'all', log_connections: 'on' } }));
  }

  private serial = 0;

  private constructor(readonly rotations: RotationBench) {}

  get facts(): DatabaseFacts {
    return this.rotations.facts;
  }

  get superuser(): Credentials {
    return this.rotations.database.superuser;
  }

  content(credentials: Credentials, more?: Record<string, unknown>): Record<string, unknown> {
    return this.rotations.content(credentials, more);
  }

  async createUser(credentials: Credentials, options?: string): Promise<void> {
    await this.rotations.createUser(credentials, options);
  }

  async exists(username: string): Promise<boolean> {
    return (await this.rotations.database.query('SELECT FROM pg_roles WHERE rolname = $1', [username])).length > 0;
  }

  async worksFor(credentials: Credentials): Promise<boolean> {
    return this.rotations.worksFor(credentials);
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return outcome === 'accepted' ? this.rotations.logins() : this.rotations.refusals();
  }

  statements(): string {
    return this.rotations.database.log();
  }

  async newRoles(): Promise<NewRoles> {
    const role = `readers "${this.serial++}"`;
    await this.rotations.database.query(`CREATE ROLE "${role.replaceAll('"', '""')}"`);
    return {
      names: [role],
      heldBy: async (username) => {
        const [row] = await this.rotations.database.query<{ member: boolean }>(
          "SELECT pg_has_role($1::name, $2::name, 'MEMBER') AS member",
          [username, role],
        );
        return row.member;
      },
    };
  }

  /** A schema, in which each makes tables that both write. */
  async share({ username }: Credentials): Promise<(turn: Turn, rotation: number) => Promise<void>> {
    const schema = `work${this.serial++}`;
    await this.rotations.database.query(`CREATE SCHEMA ${schema} AUTHORIZATION "${username}"`);
    return async ({ before, after }, rotation) => {
      await this.rotations.as(after, `CREATE TABLE ${schema}.table${rotation} (id int)`);
      for (const credentials of [before, after]) {
        await this.rotations.as(credentials, `INSERT INTO ${schema}.table${rotation} VALUES (1)`);
      }
      expect(
        await this.rotations.database.query('SELECT DISTINCT tableowner::text AS owner FROM pg_tables WHERE schemaname = $1', [
          schema,
        ]),
      ).toEqual([{ owner: username }]);
    };
  }

  async stop(): Promise<void> {
    await this.rotations.stop();
  }
}
