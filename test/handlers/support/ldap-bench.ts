import { randomBytes } from 'node:crypto';
import { type Credentials, RotationBench } from './rotation-bench';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { LdapServer, type LdapServerOptions, SUFFIX } from '../../servers/ldap-server';
import type { EngineBench, NewRoles, Turn } from '../engines/engine-under-test';

/** Everything that a rotation needs, running: Secrets Manager behind its guard, and OpenLDAP's server. */
export class LdapBench implements EngineBench {
  static async start(options: Omit<LdapServerOptions, 'certificate' | 'authority'> = {}): Promise<LdapBench> {
    const rotations = await RotationBench.start();
    const { good: certificate, authority: { certificate: authority } } = rotations.certificates;
    return new LdapBench(rotations, await LdapServer.start({ certificate, authority, ...options }));
  }

  /** The second of two people. */
  static alternateOf(username: string): string {
    return username.replace(/(?=,ou=people,)/, '_clone');
  }

  readonly superuser: Credentials;
  private serial = 0;

  private constructor(
    readonly rotations: RotationBench,
    readonly directory: LdapServer,
  ) {
    this.superuser = { ...directory.administrator };
  }

  /** What the deployment knows about the server. */
  get facts(): DatabaseFacts {
    const { host, port } = this.directory;
    return { engine: 'ldap', host, port, certificateAuthorities: this.rotations.certificates.authority.certificate };
  }

  /** The fields of a secret. */
  content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    const { host, port } = this.directory;
    return { engine: 'ldap', host, port, ...credentials, ...more };
  }

  /** A person, and the one that may take turns with it, of whose password nobody knows. */
  async createUser(credentials: Credentials): Promise<void> {
    await this.directory.createUser(credentials);
    const alternate = LdapBench.alternateOf(credentials.username);
    await this.directory.createUser({ username: alternate, password: randomBytes(18).toString('hex') });
  }

  async exists(username: string): Promise<boolean> {
    return this.directory.exists(username);
  }

  async worksFor(credentials: Credentials): Promise<boolean> {
    return this.directory.worksFor(credentials);
  }

  async logins(outcome: 'accepted' | 'refused'): Promise<number> {
    return this.directory.loginsOfOthers(outcome);
  }

  statements(): string {
    return this.directory.log();
  }

  newRoles(): NewRoles {
    throw new Error('users of a directory are made in the directory');
  }

  /** A group that both are in. */
  async share({ username }: Credentials): Promise<(turn: Turn) => Promise<void>> {
    const group = `cn=group${this.serial++},ou=groups,${SUFFIX}`;
    const members = [username, LdapBench.alternateOf(username)].map((name) => `member: ${name}`);
    await this.directory.add(group, ['objectClass: groupOfNames', ...members]);
    return async ({ before, after }) => {
      for (const { username: name } of [before, after]) {
        expect(await this.directory.read(name, 'memberOf')).toContain(`memberOf: ${group}`);
      }
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), this.directory.stop()]);
  }
}
