import { currentIs, HANDS, pendingIs } from './hands';
import { ARN } from './laboratory';
import type { Hand, ProcessStrategy, System } from './system';
import type { RotationStrategy } from '../../../handlers/core/rotation-strategy';
import { CURRENT } from '../../../handlers/core/secret-store';
import type { Credentials, CredentialSession } from '../../../handlers/database/credential-target';
import { OwnLoginStrategy } from '../../../handlers/database/own-login-strategy';
import { SuperuserStrategy } from '../../../handlers/database/superuser-strategy';
import type { UserBinding } from '../../../src/contract/database-facts';
import { FakeDatabase, FakeTarget, type FakeUser } from '../support/fake-target';
import { MemorySecret } from '../support/memory-secret';
import type { Gate } from '../support/memory-store';

const RULES = { length: 17, excludeCharacters: '' };
const FACTS = { engine: 'postgres', host: 'localhost', port: 5432 };
const FIRST: Credentials = { username: 'app', password: 'the-first-password' };
const FORMER = 'the-former-password';

export type DatabaseStrategy = 'own login' | UserBinding['strategy'];

interface Options {
  readonly strategy: DatabaseStrategy;
  /** Whether the server tells which version its password was set for. */
  readonly tells: boolean;
  readonly creates?: boolean;
  /** Whether rotations bring the former value back. */
  readonly back?: boolean;
}

/** A target that notes which passwords were tried. */
class NotingTarget extends FakeTarget {
  constructor(database: FakeDatabase, tells: boolean, gate: Gate, private readonly tried: string[]) {
    super(database, { ...FACTS, plainPasswordStatement: !tells }, gate);
  }

  override async signIn(credentials: Credentials): Promise<CredentialSession> {
    this.tried.push(credentials.password);
    return super.signIn(credentials);
  }
}

/** The rotation of a user of a database. */
export class DatabaseSystem implements System {
  readonly name: string;
  readonly first = text(FIRST);
  readonly former?: string;
  readonly keepsCurrent: boolean;
  readonly keepsFormer: boolean;
  readonly putsBack: boolean;
  readonly refusals: number;
  readonly hands: readonly Hand[];
  readonly others = {
    superuser: new MemorySecret({ x: { text: text({ username: 'postgres', password: 'superuser' }), labels: [CURRENT] } }),
  };
  private readonly database = new FakeDatabase();
  private readonly tried: string[] = [];

  constructor(private readonly options: Options) {
    const { strategy, tells, creates = false, back = false } = options;
    const own = strategy === 'own login';
    this.name = [strategy, own && !tells ? 'the server tells nothing' : '', creates ? 'creates the user' : '',
      back ? 'back to the former value' : '']
      .filter(Boolean)
      .join(', ');
    this.keepsCurrent = strategy === 'alternating' || strategy === 'dualPassword';
    this.keepsFormer = this.keepsCurrent;
    this.putsBack = strategy === 'single';
    this.refusals = own ? 3 : this.putsBack ? 2 : 1;
    if (!creates) {
      const kept = back && strategy === 'dualPassword' ? [FORMER] : [];
      this.database.users.set('app', { passwords: [FIRST.password, ...kept] });
    }
    if (back) {
      this.former = text({ username: strategy === 'alternating' ? 'app_clone' : 'app', password: FORMER });
    }
    this.hands = handsOf(own);
  }

  process(gate: Gate): ProcessStrategy {
    const target = new NotingTarget(this.database, this.options.tells, gate, this.tried);
    return { strategy: this.strategyOn(target), save: () => '', restore: () => undefined };
  }

  save(): { state: unknown; key: string } {
    const state = new Map(this.database.users);
    let key = '';
    for (const [name, { passwords, setFor }] of state) {
      key += `${name}=${passwords.join()}@${setFor};`;
    }
    return { state, key };
  }

  restore(state: unknown): void {
    this.database.users = new Map(state as Map<string, FakeUser>);
  }

  works(value: string): boolean {
    return value.startsWith('{') && this.database.accepts(JSON.parse(value) as Credentials);
  }

  inUse(): boolean {
    return [...this.database.users.values()].some(({ superuser, passwords }) => !superuser && passwords.length > 0);
  }

  /**
   * Where nothing tells whose password the server has, only the newest abandoned version is tried, and none that is older than
   * AWSCURRENT.
   */
  recovers(abandoned: number, handed: boolean): boolean {
    return this.options.strategy !== 'own login' || this.options.tells || (abandoned <= 1 && !handed);
  }

  takeLogins(): { refused: number; passwords: string[] } {
    return { refused: this.database.refused.splice(0).length, passwords: this.tried.splice(0) };
  }

  private strategyOn(target: FakeTarget): RotationStrategy {
    const { strategy, creates } = this.options;
    const ports = { target, facts: FACTS, password: RULES };
    if (strategy === 'own login') {
      return new OwnLoginStrategy(ports);
    }
    const binding = { secret: ARN, username: FIRST.username, strategy, ...creates && { createWithRoles: [] } };
    return new SuperuserStrategy({ ...ports, bindings: [binding], superuserSecret: 'superuser' });
  }
}

function text(credentials: Partial<Credentials>, located = true): string {
  return JSON.stringify({ ...located ? FACTS : {}, ...credentials });
}

function handsOf(own: boolean): Hand[] {
  return [
    currentIs('replaced by a value that does not work', text({ ...FIRST, password: 'not-the-one' })),
    ...own ? [currentIs('made anew, without the database', text({ ...FIRST, password: 'made-anew' }, false))] : [],
    pendingIs('filled with a password of somebody', text({ ...FIRST, password: 'of-somebody' })),
    pendingIs('filled with another user', text({ username: 'other', password: 'x' })),
    ...HANDS,
  ];
}
