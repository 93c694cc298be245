import type { SecureContext } from 'node:tls';
import { AMAZON_TRUST_SERVICES } from './amazon-trust-services';
import { RedshiftConnection } from './redshift-connection';
import { RedshiftSession } from './redshift-session';
import { REDSHIFT_NAMES } from '../../src/contract/name-rules';
import { RESERVED_REDSHIFT_USERS } from '../../src/contract/reserved-users';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { Credentials, CredentialSession, CredentialTarget } from '../database/credential-target';
import type { TargetFacts } from '../database/database-strategy';
import { beginOrClose, checkEngine, checkText, onePassword, type TextRule } from '../database/target-checks';
import { openVerifiedSocket } from '../postgresql-protocol/verified-socket';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { trustOnce } from '../tls/trusted-authorities';

const DEFAULT_DATABASE = 'dev';
const NAMES: TextRule = { ...REDSHIFT_NAMES.user, server: 'Amazon Redshift' };
/** Printable ASCII without what Amazon Redshift refuses, in the length that it accepts, as for a password sent in plain text. */
const FIT_PASSWORD = /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[!#-&(-.0-?A-[\]-~]{8,64}$/;

/** {@link CredentialTarget} for Amazon Redshift and Redshift Serverless. */
export class RedshiftTarget implements CredentialTarget {
  readonly engines = ['redshift'];
  private readonly trusted: () => SecureContext;

  constructor(private readonly facts: TargetFacts) {
    checkEngine(facts.database, this.engines, 'Amazon Redshift');
    this.trusted = trustOnce(facts.database.certificateAuthorities, () => AMAZON_TRUST_SERVICES);
  }

  async signIn(credentials: Credentials, deadline: Deadline): Promise<CredentialSession> {
    const { host, port } = this.facts.database;
    const databaseName = credentials.databaseName ?? this.facts.database.databaseName ?? DEFAULT_DATABASE;
    const { username, password } = credentials;
    checkText(username, 'user name', NAMES);
    checkText(databaseName, 'database name', NAMES);
    const address = { host, port, serverName: tlsServerNameOf(this.facts.database), secureContext: this.trusted() };
    const server = await openVerifiedSocket(address, deadline);
    const connection = await RedshiftConnection.signIn(server, { credentials: { username, password, databaseName }, host, port });
    const origin = { databaseName, signIn: async (other: Credentials) => this.signIn(other, deadline) };
    return beginOrClose(connection, async () => RedshiftSession.begin(connection, origin));
  }

  checkUsername(username: string): void {
    checkText(username, 'user name', NAMES);
    if (RESERVED_REDSHIFT_USERS.test(username)) {
      throw new RotationError('configuration', 'the user is reserved by Amazon Redshift, or comes from IAM: it is not rotated');
    }
  }

  checkTwoPasswords(): void {
    throw onePassword('Amazon Redshift');
  }

  checkPassword(password: string): void {
    if (!FIT_PASSWORD.test(password)) {
      throw new RotationError('configuration', 'the password is not one that Amazon Redshift accepts: 8 to 64 characters, '
        + 'a capital, a small letter and a digit among them, no space, quotation marks, slash, backslash or at sign');
    }
  }
}
