import { currentIs, HANDS, pendingIs } from './hands';
import { ARN } from './laboratory';
import type { ProcessStrategy, System } from './system';
import { RotationError } from '../../../handlers/core/rotation-error';
import type { CacheLogin } from '../../../handlers/rotate-cache-user/cache-login';
import { CacheUserStrategy } from '../../../handlers/rotate-cache-user/cache-user-strategy';
import type { CacheUsers } from '../../../handlers/rotate-cache-user/cache-users';
import type { Gate } from '../support/memory-store';

const PREFIX = 'arn:aws:elasticache:eu-west-1:123456789012:user:';
const USER = { user_arn: `${PREFIX}app`, username: 'app' };
const RULES = { length: 17, excludeCharacters: '' };

/** A user of a cache: the service takes two passwords, and tells only how many there are. */
export class CacheSystem implements System {
  readonly name: string;
  readonly first = JSON.stringify({ ...USER, password: 'the-first-password' });
  readonly former?: string;
  readonly keepsCurrent = true;
  readonly keepsFormer = true;
  readonly refusals = 1;
  readonly hands = [
    currentIs('replaced by a value that does not work', JSON.stringify({ ...USER, password: 'not-the-password' })),
    pendingIs('filled with a password of somebody', JSON.stringify({ ...USER, password: 'password-of-somebody' })),
    pendingIs('filled with another user', JSON.stringify({ ...USER, username: 'other', password: 'password-of-another' })),
    ...HANDS,
  ];
  readonly others = {};
  private passwords: readonly string[] = ['the-first-password'];
  private refused = 0;

  /** @param proves whether new passwords are proved at a cluster */
  constructor(private readonly proves: boolean, back = false) {
    this.name = `cache user${proves ? '' : ', without a cluster to sign in to'}${back ? ', back to the former value' : ''}`;
    this.former = back ? JSON.stringify({ ...USER, password: 'the-former-password' }) : undefined;
  }

  process(gate: Gate): ProcessStrategy {
    const strategy = new CacheUserStrategy({
      bindings: [{ secret: ARN, userId: 'app', username: 'app', password: RULES }],
      userArnPrefix: PREFIX,
      users: this.users(gate),
      // Only its method is used.
      login: this.proves ? this.login(gate) as CacheLogin : undefined,
    });
    const state = strategy as unknown as { applied?: string };
    return {
      strategy,
      save: () => state.applied ?? '',
      restore: (saved) => {
        state.applied = saved === '' ? undefined : saved;
      },
    };
  }

  save(): { state: unknown; key: string } {
    return { state: this.passwords, key: this.passwords.join() };
  }

  restore(state: unknown): void {
    this.passwords = state as readonly string[];
  }

  works(text: string): boolean {
    return text.startsWith('{') && this.passwords.includes((JSON.parse(text) as { password: string }).password);
  }

  takeLogins(): { refused: number; passwords: string[] } {
    const { refused } = this;
    this.refused = 0;
    return { refused, passwords: [] };
  }

  private users(gate: Gate): CacheUsers {
    return {
      describe: async () => gate('DescribeUsers', () => ({
        arn: USER.user_arn, username: 'app', status: 'active', authentication: 'password', passwordCount: this.passwords.length,
      })),
      setPasswords: async (_, passwords) => gate('setPasswords', () => {
        this.passwords = passwords;
      }),
    };
  }

  private login(gate: Gate): Pick<CacheLogin, 'signIn'> {
    return {
      signIn: async ({ password }) => gate('signIn', () => {
        if (!this.passwords.includes(password)) {
          this.refused++;
          throw new RotationError('authentication', 'the cluster refused the login', 'WRONGPASS');
        }
      }),
    };
  }
}
