import type { LdapConnection } from './ldap-connection';
import { checkResult } from './ldap-error';
import { modifyRequest, readRequest } from './ldap-requests';
import type { PasswordChange } from './password-change';
import { entryKey } from '../../src/contract/distinguished-name';
import { RotationError } from '../core/rotation-error';
import { asSuperuser } from '../database/as-superuser';
import type {
  AlternateChange, Credentials, CredentialSession, Identity, NewPassword, UserChange,
} from '../database/credential-target';
import { setPassword } from '../database/set-password';
import { STATEMENT } from '../tls/server-socket';

const RIGHTS = "write access to the user's userPassword, or in Active Directory the right Reset Password; and read access to "
  + 'memberOf where two users take turns';
const NOT_ITSELF = 'the directory does not let the user change its own password: it needs write access to its own userPassword, '
  + 'or in Active Directory the right Change Password; else rotate it with a superuser';
/** What an administrator puts in place of a time. */
const LOCKED_FOR_EVER = { attribute: 'pwdAccountLockedTime', value: '000001010000Z' };
const TO_BE_CHANGED = { attribute: 'pwdReset', value: 'TRUE' };
const NO_ATTRIBUTES = '1.1';
/** Busy and unavailable: a lock that cannot be read for this moment may be there. */
const PASSING: readonly number[] = [51, 52];

export interface LdapSessionOptions {
  readonly own: Credentials;
  readonly passwordChange: PasswordChange;
  /** Signs in over a connection of its own. */
  readonly signIn: (credentials: Credentials) => Promise<CredentialSession>;
}

/** A signed-in user of an LDAP directory. */
export class LdapSession implements CredentialSession {
  constructor(private readonly connection: LdapConnection, private readonly options: LdapSessionOptions) {}

  /** The memberships of the alternate user are its own. */
  get identity(): Identity {
    return { username: this.options.own.username };
  }

  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    const { own, passwordChange } = this.options;
    try {
      await this.set({ ...own, password }, passwordChange.own(own.username, own.password, password));
    } catch (thrown) {
      const error = RotationError.from(thrown);
      throw error.errorClass === 'permission' ? new RotationError('permission', NOT_ITSELF, error.code) : error;
    }
  }

  async changeUser({ username, password }: UserChange): Promise<void> {
    await this.asSuperuser([username], async () => this.reset(username, password));
  }

  async changeAlternate({ username, base, password }: AlternateChange): Promise<void> {
    await this.asSuperuser([base, username], async () => {
      const [groups, others] = [await this.groupsOf(base), await this.groupsOf(username)];
      if (groups.join('\n') !== others.join('\n')) {
        throw new RotationError('conflict', 'the alternate user is in other groups than its base: make both members of the same');
      }
      await this.reset(username, password);
    });
  }

  async close(): Promise<void> {
    this.connection.close();
    return Promise.resolve();
  }

  private async reset(username: string, password: string): Promise<void> {
    const { passwordChange } = this.options;
    if (passwordChange.showsPolicy) {
      await this.checkLock(username);
    }
    await this.set({ username, password }, passwordChange.reset(username, password));
    if (passwordChange.showsPolicy) {
      await this.letWork(username);
    }
  }

  private async set(credentials: Credentials, request: Parameters<LdapConnection['ask']>[0]): Promise<void> {
    await setPassword(
      async () => checkResult('password', await this.connection.ask(request, STATEMENT)),
      async () => this.options.signIn(credentials),
    );
  }

  /** A new password would take away a lock that somebody has put there on purpose. Where locks cannot be read, none is seen. */
  private async checkLock(username: string): Promise<void> {
    if (await this.holds(username, LOCKED_FOR_EVER)) {
      throw new RotationError('configuration', 'an administrator has locked the user, and a new password would unlock it: take '
        + 'its attribute pwdAccountLockedTime away if it is to sign in');
    }
  }

  /** A policy may want users to change what an administrator has set before they do anything else, which no client does. */
  private async letWork(username: string): Promise<void> {
    if (await this.holds(username, TO_BE_CHANGED)) {
      const request = modifyRequest(username, [{ change: 'replace', attribute: TO_BE_CHANGED.attribute }]);
      checkResult('statement', await this.connection.ask(request, STATEMENT));
    }
  }

  private async holds(username: string, fact: { attribute: string; value: string }): Promise<boolean> {
    const outcome = await this.connection.ask(readRequest(username, NO_ATTRIBUTES, fact), STATEMENT);
    if (PASSING.includes(outcome.code)) {
      checkResult('statement', outcome);
    }
    return outcome.found !== undefined;
  }

  /** The groups that an entry says it is in: servers keep that in a place of their own, or not at all. */
  private async groupsOf(username: string): Promise<string[]> {
    const outcome = await this.connection.ask(readRequest(username, 'memberOf'), STATEMENT);
    checkResult('statement', outcome);
    return (outcome.found ?? []).map(entryKey).sort();
  }

  private async asSuperuser(users: readonly string[], work: () => Promise<void>): Promise<void> {
    const superuser = entryKey(this.options.own.username);
    await asSuperuser({ superuser, users: users.map(entryKey), needs: RIGHTS }, work);
  }
}
