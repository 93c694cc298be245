import type { SecureContext } from 'node:tls';
import { DocumentdbConnection } from './documentdb-connection';
import { DocumentdbSession } from './documentdb-session';
import { preparePassword } from './prepare-password';
import { RESERVED_DOCUMENTDB_USERS } from '../../src/contract/handler-contract';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { TargetFacts } from '../database/database-strategy';
import type { CredentialSession, Credentials, CredentialTarget } from '../database/database-target';
import { certificateAuthoritiesOf } from '../tls/certificate-authorities/certificate-authorities-of';
import { openSocket } from '../tls/open-socket';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { trustOnce } from '../tls/trusted-authorities';
import { verifiedTls } from '../tls/verified-tls';

const DEFAULT_DATABASE = 'admin';
const MAX_NAME_BYTES = 63;
/** NUL would end the text in the protocol, half a surrogate pair has no UTF-8. */
const UNFIT = /[\0\p{Cs}]/u;
/** What no database is named, and what would end its name in `saslSupportedMechs`. */
const UNFIT_DATABASE = /[\0\p{Cs}. "$*<>:|?/\\]/u;

/** {@link CredentialTarget} for Amazon DocumentDB and MongoDB. */
export class DocumentdbTarget implements CredentialTarget {
  public readonly engines = ['mongo'];
  private readonly trusted: () => SecureContext;

  constructor(private readonly facts: TargetFacts) {
    if (!this.engines.includes(facts.database.engine)) {
      throw new RotationError('configuration', 'this function is for Amazon DocumentDB and MongoDB, the deployment says another engine');
    }
    this.trusted = trustOnce(facts.database.certificateAuthorities, () => certificateAuthoritiesOf(facts.region));
  }

  public async signIn({ username, password }: Credentials, deadline: Deadline): Promise<CredentialSession> {
    // The database in the secret is where the application's data is. Users belong to one that the deployment knows, superusers too.
    const { host, port, databaseName: database = DEFAULT_DATABASE } = this.facts.database;
    checkText(username, 'user name', UNFIT);
    checkText(database, 'database name', UNFIT_DATABASE);
    const identity = { serverName: tlsServerNameOf(this.facts.database), secureContext: this.trusted() };
    const socket = await verifiedTls(await openSocket({ host, port }, deadline), identity, deadline);
    const connection = await DocumentdbConnection.signIn(socket, { credentials: { username, password }, database }, deadline);
    try {
      return await DocumentdbSession.begin(connection, database);
    } catch (thrown) {
      await connection.close();
      throw thrown;
    }
  }

  public checkUsername(username: string): void {
    checkText(username, 'user name', UNFIT);
    if (RESERVED_DOCUMENTDB_USERS.test(username)) {
      throw new RotationError('configuration', 'the user is reserved by Amazon DocumentDB or MongoDB: it is not rotated');
    }
  }

  public checkPassword(password: string): void {
    preparePassword(password);
  }
}

function checkText(text: string, what: string, unfit: RegExp): void {
  if (unfit.test(text) || Buffer.byteLength(text) > MAX_NAME_BYTES) {
    throw new RotationError('configuration', `the ${what} is longer than ${MAX_NAME_BYTES} bytes, or has characters that the server cannot have`);
  }
}
