import { createHash, randomBytes } from 'node:crypto';
import type { RedisNode } from './redis-node';
import { checkNodes } from './redis-nodes';
import { REDIS_RULE } from '../../src/contract/administrator-roles';
import { RotationError } from '../core/rotation-error';
import { asSuperuser, noSuchUser } from '../database/as-superuser';
import type {
  AlternateChange, Credentials, CredentialSession, Identity, NewPassword, UserChange,
} from '../database/credential-target';

const RIGHTS = 'the rights +acl|getuser, +acl|list, +acl|setuser, +acl|save, +config|rewrite, +info and +cluster|info';
const NOT_ITSELF = `the server does not let the user change its own password: it needs ${RIGHTS}, with which it may do anything; `
  + 'better is a rotation with a superuser';
const UNKNOWN_PASSWORD_BYTES = 32;

/** A signed-in user of Redis or Valkey, at every server that the deployment names. */
export class RedisSession implements CredentialSession {
  constructor(private readonly nodes: readonly RedisNode[], private readonly own: Credentials) {}

  /** The rights of the alternate user are copies of its base's. */
  get identity(): Identity {
    return { username: this.own.username };
  }

  /** The password that has let the user in goes on working, until the next rotation. */
  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    const { username, password: retain } = this.own;
    try {
      await this.change(async (node) => {
        checkFlags(await node.flagsOf(username));
        return async () => node.setUser(username, 'resetpass', ...hashesOf(password, retain));
      });
    } catch (thrown) {
      const error = RotationError.from(thrown);
      throw error.errorClass === 'permission' ? new RotationError('permission', NOT_ITSELF, error.code) : error;
    }
  }

  async changeUser(change: UserChange): Promise<void> {
    const { username, password, retain } = change;
    await this.asSuperuser([username], async (node) => {
      const flags = await node.flagsOf(username);
      if (flags) {
        checkFlags(flags);
        return async () => node.setUser(username, 'resetpass', ...hashesOf(password, retain));
      }
      const rules = rulesOfNew(change);
      return async () => node.setUser(username, 'reset', 'on', ...hashesOf(password), ...rules);
    });
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    const { username, base, password } = change;
    await this.asSuperuser([base, username], async (node) => {
      const [flags, rules, found] = [await node.flagsOf(base), await node.rulesOf(base), await node.rulesOf(username)];
      if (flags) {
        checkFlags(flags);
      }
      const wanted = rules ?? rulesOfNew(change);
      if (found && rules && found.join(' ') !== rules.join(' ')) {
        throw new RotationError('conflict', 'the alternate user has other rules than its base: give it the same with ACL '
          + 'SETUSER, or run ACL DELUSER for it while clients use the base');
      }
      return async () => {
        if (!rules) {
          await node.setUser(base, 'reset', 'on', ...hashesOf(randomBytes(UNKNOWN_PASSWORD_BYTES).toString('hex')), ...wanted);
        }
        await node.setUser(username, 'reset', 'on', ...hashesOf(password), ...wanted);
      };
    });
  }

  async close(): Promise<void> {
    this.nodes.forEach((node) => node.close());
    return Promise.resolve();
  }

  private async asSuperuser(
    users: readonly string[],
    prepare: (node: RedisNode) => Promise<() => Promise<void>>,
  ): Promise<void> {
    await asSuperuser({ superuser: this.own.username, users, needs: RIGHTS }, async () => this.change(prepare));
  }

  /** Changes a user at every server, once it is known that each of them can be changed and keeps what it is told. */
  private async change(prepare: (node: RedisNode) => Promise<() => Promise<void>>): Promise<void> {
    await checkNodes(this.nodes);
    const changes: (() => Promise<void>)[] = [];
    for (const node of this.nodes) {
      changes.push(await prepare(node));
      await node.saveUsers();
    }
    for (const [index, node] of this.nodes.entries()) {
      await changes[index]();
      await node.saveUsers();
    }
  }
}

/** Passwords as the server stores them, so that they are not in the command. */
function hashesOf(...passwords: (string | undefined)[]): string[] {
  return passwords.filter((password) => password !== undefined)
    .map((password) => `#${createHash('sha256').update(password).digest('hex')}`);
}

function rulesOfNew({ createWithRoles }: UserChange): readonly string[] {
  if (!createWithRoles) {
    throw noSuchUser();
  }
  if (!createWithRoles.every((rule) => REDIS_RULE.test(rule))) {
    throw new RotationError('configuration', 'the new user may have rules for commands, keys and channels, and no others');
  }
  return createWithRoles;
}

/** A new password would let nobody in, or nobody needs one. */
function checkFlags(flags: readonly string[] | undefined): void {
  if (flags && !flags.includes('on')) {
    throw new RotationError('configuration', 'the user may not sign in: run ACL SETUSER with the rule "on" for it');
  }
  if (flags?.includes('nopass')) {
    throw new RotationError('configuration', 'the user signs in with any password: run ACL SETUSER with the rules "resetpass" '
      + 'and a password for it');
  }
}
