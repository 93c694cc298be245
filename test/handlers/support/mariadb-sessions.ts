import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession, UserChange } from '../../../handlers/database/credential-target';
import type { CheckedDatabaseFacts } from '../../../handlers/deployment/function-facts';
import { mysqlTarget } from '../../../handlers/rotate-mysql/mysql-target';
import { createCertificates } from '../../servers/certificates';
import { MariadbServer } from '../../servers/mariadb-server';

/** A MariaDB server and sessions of the target on it. */
export class MariadbSessions {
  static async start(settings: Record<string, string> = {}): Promise<MariadbSessions> {
    const { good, authority } = createCertificates();
    return new MariadbSessions(await MariadbServer.start({ certificate: good, settings }), authority.certificate);
  }

  private constructor(readonly server: MariadbServer, private readonly certificateAuthorities: string) {}

  async signIn(
    { username, password, databaseName }: { username: string; password: string; databaseName?: string } = this.server.superuser,
    facts: Partial<CheckedDatabaseFacts> = {},
  ): Promise<CredentialSession> {
    const { certificateAuthorities } = this;
    const { host, port } = this.server;
    const database = { engine: 'mariadb', host, certificateAuthorities, port, ...facts };
    return mysqlTarget({ region: 'eu-west-1', database })
      .signIn({ username, password, databaseName }, new Deadline(systemClock, 120_000));
  }

  /** Something that a session does, which is closed afterwards. */
  async in<T>(session: CredentialSession, work: (session: CredentialSession) => Promise<T>): Promise<T> {
    return work(session).finally(async () => session.close());
  }

  /** What the superuser does to a user; no password of the server's is one of these. */
  async change(username: string, more: Partial<UserChange> & { facts?: Partial<CheckedDatabaseFacts> } = {}): Promise<void> {
    const { facts, ...change } = more;
    await this.in(await this.signIn(this.server.superuser, facts), async (session) =>
      session.changeUser({ username, password: 'second', token: 't', ...change }));
  }

  async changeAlternate(base: string, password = 'second'): Promise<void> {
    await this.in(await this.signIn(), async (session) =>
      session.changeAlternate({ base, username: `${base}_clone`, password, token: 't' }));
  }

  async works(username: string, password: string): Promise<boolean> {
    return this.signIn({ username, password }).then(
      async (session) => {
        await session.close();
        return true;
      },
      () => false,
    );
  }

  /** What the server stores of users of a name, method and time of the change included. */
  async stored(username: string): Promise<string> {
    const rows = await this.server.query('SELECT Host, Priv FROM mysql.global_priv WHERE User = ? ORDER BY Host', [username]);
    return JSON.stringify(rows);
  }

  async run(...statements: string[]): Promise<void> {
    for (const sql of statements) {
      await this.server.query(sql);
    }
  }
}
