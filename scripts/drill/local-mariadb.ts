import type { LocalCredentials, LocalDatabase } from './local-database';
import type { CertificateAuthority } from '../../test/servers/certificates';
import { MariadbServer } from '../../test/servers/mariadb-server';
import { isMysqlRefusal, logInToMysql } from '../../test/servers/mysql-log-in';
import { createMariadbMaster } from '../local-deployment/master-user';

/** MariaDB, with TLS. */
export class LocalMariadb implements LocalDatabase {
  static async start(authority: CertificateAuthority): Promise<LocalMariadb> {
    const certificate = authority.issue({ names: ['localhost'] });
    return new LocalMariadb(await MariadbServer.start({ certificate }), authority.certificate);
  }

  readonly host: string;
  readonly port: number;

  private constructor(private readonly server: MariadbServer, readonly certificateAuthority: string) {
    ({ host: this.host, port: this.port } = server);
  }

  async createMaster(credentials: LocalCredentials): Promise<void> {
    await createMariadbMaster(this.server, credentials);
  }

  async ensureUser({ username, password }: LocalCredentials): Promise<void> {
    await this.server.query("CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ?", [username, password]);
  }

  async ensureRoles(roles: readonly string[], master: string): Promise<void> {
    for (const role of roles) {
      await this.server.query('CREATE ROLE IF NOT EXISTS ?', [role]);
      await this.server.query("GRANT ? TO ?@'%' WITH ADMIN OPTION", [role, master]);
    }
  }

  async ensureDatabase(name: string): Promise<void> {
    await this.server.query(`CREATE DATABASE IF NOT EXISTS \`${name.replaceAll('`', '``')}\``);
  }

  async logIn({ username, password }: LocalCredentials): Promise<void> {
    const { host, port, certificateAuthority: ca } = this;
    await logInToMysql({ host, port, user: username, password, ssl: { ca } });
  }

  isRefusal(thrown: unknown): boolean {
    return isMysqlRefusal(thrown);
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}
