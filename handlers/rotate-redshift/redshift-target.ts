import type { SecureContext } from 'node:tls';
import { AMAZON_TRUST_SERVICES } from './amazon-trust-services';
import { RedshiftConnection } from './redshift-connection';
import { RedshiftSession } from './redshift-session';
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
/** NUL would end the text in the protocol, half a surrogate pair has no UTF-8. */
const UNFIT = /[\0\p{Cs}]/u;
const NAMES: TextRule = { unfit: UNFIT, maximum: 127, inBytes: true, server: 'Amazon Redshift' };
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
    const socket = await openVerifiedSocket(address, deadline);
    const connection = await RedshiftConnection.signIn(
      socket,
      { credentials: { username, password, databaseName }, host, port },
      deadline,
    );
    return beginOrClose(connection, RedshiftSession.begin);
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
