import { rootCertificates, type SecureContext } from 'node:tls';
import { RedisNode } from './redis-node';
import { RedisSession } from './redis-session';
import { REDIS_NAMES } from '../../src/contract/name-rules';
import { RESERVED_REDIS_USERS } from '../../src/contract/reserved-users';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { Credentials, CredentialSession, CredentialTarget } from '../database/credential-target';
import type { TargetFacts } from '../database/database-strategy';
import { checkEngine, checkText, type TextRule } from '../database/target-checks';
import { openSocket } from '../tls/open-socket';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { trustOnce } from '../tls/trusted-authorities';
import { verifiedTls } from '../tls/verified-tls';

const USER_NAMES: TextRule = { ...REDIS_NAMES.user, server: 'a rotation' };
const HALF_A_CHARACTER = /\p{Cs}/u;

/** {@link CredentialTarget} for Redis and Valkey servers of one's own. */
export class RedisTarget implements CredentialTarget {
  readonly engines = ['redis', 'valkey'];
  private readonly trusted: () => SecureContext;

  constructor(private readonly facts: TargetFacts) {
    checkEngine(facts.database, this.engines, 'Redis and Valkey');
    this.trusted = trustOnce(facts.database.certificateAuthorities, () => rootCertificates.join('\n'));
  }

  /** At every server that the deployment names: credentials work where all of them accept them. */
  async signIn({ username, password }: Credentials, deadline: Deadline): Promise<CredentialSession> {
    const { database } = this.facts;
    checkText(username, 'user name', USER_NAMES);
    const nodes: RedisNode[] = [];
    try {
      for (const host of [database.host, ...database.furtherHosts ?? []]) {
        const identity = { serverName: tlsServerNameOf({ ...database, host }), secureContext: this.trusted() };
        const server = await verifiedTls(await openSocket({ host, port: database.port }, deadline), identity);
        nodes.push(await RedisNode.signIn(server, { username, password }));
      }
    } catch (thrown) {
      nodes.forEach((node) => node.close());
      throw thrown;
    }
    return new RedisSession(nodes, { username, password });
  }

  checkUsername(username: string): void {
    checkText(username, 'user name', USER_NAMES);
    if (RESERVED_REDIS_USERS.test(username)) {
      throw new RotationError(
        'configuration',
        'the user is reserved for clients, replicas and sentinels that name none: it is not rotated',
      );
    }
  }

  checkTwoPasswords(): void {
    // Users may have as many as anybody likes.
  }

  checkPassword(password: string): void {
    if (HALF_A_CHARACTER.test(password)) {
      throw new RotationError('configuration', 'the password has characters that cannot be sent to a server');
    }
  }
}
