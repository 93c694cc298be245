import { escapeIdentifier, escapeLiteral } from 'pg';
import type { LocalCredentials, LocalDatabase } from './local-database';
import type { CertificateAuthority } from '../../test/servers/certificates';
import { isPostgresqlRefusal, logIn } from '../../test/servers/log-in';
import { PostgreSqlServer } from '../../test/servers/postgresql-server';
import { createPostgresqlMaster } from '../local-deployment/master-user';

const DEFAULT_DATABASE = 'postgres';

/** PostgreSQL, with TLS and SCRAM. */
export class LocalPostgresql implements LocalDatabase {
  static async start(authority: CertificateAuthority): Promise<LocalPostgresql> {
    const certificate = authority.issue({ names: ['localhost'] });
    return new LocalPostgresql(await PostgreSqlServer.start({ version: 18, certificate }), authority.certificate);
  }

  readonly host: string;
  readonly port: number;

  private constructor(private readonly server: PostgreSqlServer, readonly certificateAuthority: string) {
    ({ host: this.host, port: this.port } = server);
  }

  async createMaster(credentials: LocalCredentials): Promise<void> {
    await createPostgresqlMaster(this.server, credentials);
  }

  async ensureUser({ username, password }: LocalCredentials, master?: string): Promise<void> {
    if (!await this.exists(username)) {
      await this.server.query(`CREATE ROLE ${escapeIdentifier(username)} LOGIN PASSWORD ${escapeLiteral(password)}`);
      await this.ensureRoles(master === undefined ? [] : [username], master!);
    }
  }

  async ensureRoles(roles: readonly string[], master: string): Promise<void> {
    for (const role of roles) {
      if (!await this.exists(role)) {
        await this.server.query(`CREATE ROLE ${escapeIdentifier(role)}`);
      }
      await this.server.query(`GRANT ${escapeIdentifier(role)} TO ${escapeIdentifier(master)} WITH ADMIN OPTION`);
    }
  }

  async ensureDatabase(name: string): Promise<void> {
    const found = await this.server.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.length === 0) {
      await this.server.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
    }
  }

  async logIn({ username, password, dbname = DEFAULT_DATABASE }: LocalCredentials): Promise<void> {
    const { host, port, certificateAuthority: ca } = this;
    await logIn({ host, port, user: username, password, database: dbname, ssl: { ca } });
  }

  isRefusal(thrown: unknown): boolean {
    return isPostgresqlRefusal(thrown);
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  private async exists(role: string): Promise<boolean> {
    return (await this.server.query('SELECT FROM pg_roles WHERE rolname = $1', [role])).length > 0;
  }
}
