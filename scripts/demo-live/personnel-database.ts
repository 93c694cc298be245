import { CertificateAuthority } from '../../test/servers/certificates';
import { PostgreSqlServer } from '../../test/servers/postgresql-server';
import { createPostgresqlMaster } from '../local-deployment/master-user';
import type { DatabaseDeclaration } from '../local-deployment/template-applier';

/** What the server's log says of a login that it refuses. */
const REFUSALS = [
  'password authentication failed for user',
  'no pg_hba.conf entry',
  'pg_hba.conf rejects connection',
  'is not permitted to log in',
];

/**
 * A PostgreSQL server of our own in place of the one that Amazon RDS would make: with TLS, SCRAM and a master user that is no
 * superuser.
 */
export class PersonnelDatabase {
  static async start(): Promise<PersonnelDatabase> {
    const authority = new CertificateAuthority('Certificate authority of the demonstration');
    const certificate = authority.issue({ names: ['localhost'] });
    const server = await PostgreSqlServer.start({ version: 18, certificate, settings: { log_connections: 'on' } });
    return new PersonnelDatabase(server, authority.certificate);
  }

  /** What there is, and what the template asked for. */
  description = '';

  private constructor(private readonly server: PostgreSqlServer, readonly certificateAuthority: string) {}

  /** Creates the master user as Amazon RDS does, and says where the server is. */
  async provide({ engine, version, username, password }: DatabaseDeclaration): Promise<{ host: string; port: number }> {
    if (engine !== 'postgres') {
      throw new Error(`there is PostgreSQL here, not ${engine}`);
    }
    await createPostgresqlMaster(this.server, { username, password });
    const [{ server_version: ours }] = await this.server.query<{ server_version: string }>('SHOW server_version');
    this.description = `PostgreSQL ${ours} on this machine, in place of version ${version} on Amazon RDS`;
    const { host, port } = this.server;
    return { host, port };
  }

  /** How many logins of the users the server has let in since it started, by its own log. */
  loginsOf(usernames: string[]): number {
    return usernames.reduce((sum, username) => sum + this.occurrences(`connection authenticated: identity="${username}"`), 0);
  }

  /** How many logins the server has refused, whoever tried. */
  refusals(): number {
    return REFUSALS.reduce((sum, text) => sum + this.occurrences(text), 0);
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  private occurrences(text: string): number {
    return this.server.log().split(text).length - 1;
  }
}
