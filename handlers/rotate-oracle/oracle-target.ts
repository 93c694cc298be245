import type { SecureContext } from 'node:tls';
import { checkServiceName } from './connect-descriptor';
import { OracleConnection } from './oracle-connection';
import { canBeQuoted, catalogueName } from './oracle-name';
import { OracleSession } from './oracle-session';
import type { OracleLogInto } from './oracle-statements';
import { RESERVED_ORACLE_USERS } from '../../src/contract/reserved-users';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { Credentials, CredentialSession, CredentialTarget } from '../database/credential-target';
import type { TargetFacts } from '../database/database-strategy';
import { beginOrClose, checkEngine, onePassword } from '../database/target-checks';
import { certificateAuthoritiesOf } from '../tls/certificate-authorities/certificate-authorities-of';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { trustOnce } from '../tls/trusted-authorities';

/** {@link CredentialTarget} for Oracle Database, on Amazon RDS and elsewhere, by TCPS and nothing else. */
export class OracleTarget implements CredentialTarget {
  readonly engines = ['oracle'];
  private readonly trusted: () => SecureContext;

  constructor(private readonly facts: TargetFacts, private readonly logInto: OracleLogInto = OracleConnection.signIn) {
    checkEngine(facts.database, this.engines, 'Oracle');
    this.trusted = trustOnce(facts.database.certificateAuthorities, () => certificateAuthoritiesOf(facts.region));
  }

  async signIn({ username, password }: Credentials, deadline: Deadline): Promise<CredentialSession> {
    // The service is the deployment's and not the secret's: each pluggable database has users of its own.
    const { host, port, tlsPort = port, databaseName: serviceName = '' } = this.facts.database;
    checkServiceName(serviceName);
    const login = {
      username: catalogueName(username),
      password,
      host,
      port: Number(tlsPort),
      serviceName,
      serverName: tlsServerNameOf(this.facts.database),
      secureContext: this.trusted(),
    };
    const statements = await this.logInto(login, deadline);
    return beginOrClose(statements, async () =>
      OracleSession.begin(statements, { username, password }, async (other) => this.signIn(other, deadline)));
  }

  checkUsername(username: string): void {
    catalogueName(username);
    if (RESERVED_ORACLE_USERS.test(username)) {
      throw new RotationError('configuration', 'the user is reserved by Oracle or by Amazon RDS: it is not rotated');
    }
  }

  checkTwoPasswords(): void {
    throw onePassword('Oracle');
  }

  checkPassword(password: string): void {
    if (!canBeQuoted(password)) {
      throw new RotationError('configuration',
        'the password has a quotation mark or a character that Oracle does not allow in one');
    }
  }
}
