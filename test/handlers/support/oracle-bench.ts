import { OracleCatalogue } from './oracle-catalogue';
import { type Credentials, RotationBench } from './rotation-bench';
import { type FunctionOptions, rotationEnvironment } from './rotation-environment';
import { FunctionInProcess } from './rotation-function';
import { databaseRotation } from '../../../handlers/database/database-strategy';
import { OracleTarget } from '../../../handlers/rotate-oracle/oracle-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import type { EngineBench, NewRoles, Turn } from '../engines/engine-under-test';

const MILLISECONDS = 20_000;

/** Behind the driver's seam: the database is a catalogue of our own, whose profiles forbid former passwords. */
export class OracleBench implements EngineBench {
  static async start(): Promise<OracleBench> {
    return new OracleBench(await RotationBench.start());
  }

  readonly facts: DatabaseFacts = {
    engine: 'oracle',
    host: 'db.example',
    port: 1521,
    tlsPort: 2484,
    databaseName: 'ORCL',
  };
  readonly catalogue = new OracleCatalogue(true);
  readonly superuser = { username: 'admin', password: 'of the administrator' };

  private constructor(readonly rotations: RotationBench) {
    this.catalogue.add('ADMIN', this.superuser.password, { administrator: true });
  }

  get passage(): OracleCatalogue {
    return this.catalogue;
  }

  content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    return { engine: 'oracle', host: 'db.example', port: 1521, dbname: 'ORCL', ...credentials, ...more };
  }

  createUser({ username, password }: Credentials): void {
    this.catalogue.add(nameOf(username), password);
  }

  exists(username: string): boolean {
    return this.catalogue.users.has(nameOf(username));
  }

  async worksFor({ username, password }: Credentials): Promise<boolean> {
    return this.catalogue.users.get(nameOf(username))?.password === password;
  }

  logins(outcome: 'accepted' | 'refused'): number {
    return outcome === 'refused' ? this.catalogue.refused : this.catalogue.logins.length - this.catalogue.refused;
  }

  statements(): string {
    return this.catalogue.statements.join('\n');
  }

  newRoles(): NewRoles {
    return {
      names: ['reader', '"Mixed"'],
      heldBy: (username) =>
        ['READER', 'Mixed'].every((name) => this.catalogue.users.get(nameOf(username))!.rights.some(({ role }) => role === name)),
    };
  }

  /** Rights, more of them after each turn. */
  share({ username }: Credentials): (turn: Turn, rotation: number) => void {
    const base = this.catalogue.users.get(nameOf(username))!;
    base.rights.push({ privilege: 'SELECT', owner: 'SHOP', name: 'ORDERS', option: true }, { role: 'READER' });
    return ({ after }, rotation) => {
      if (after.username !== username) {
        const rights = this.catalogue.users
          .get(nameOf(after.username))!
          .rights.map(({ privilege, role, name, option = false }) => [privilege ?? role, name, option]);
        expect(rights).toEqual([
          ['CREATE SESSION', undefined, false],
          ['READER', undefined, false],
          ['SELECT', 'ORDERS', true],
          ...Array.from({ length: rotation }, (_, since) => ['INSERT', `SINCE_${since}`, false]),
        ]);
      }
      base.rights.push({ privilege: 'INSERT', owner: 'SHOP', name: `SINCE_${rotation}` });
    };
  }

  inProcess(options: FunctionOptions): FunctionInProcess {
    return new FunctionInProcess({
      strategy: databaseRotation((facts) => new OracleTarget(facts, this.catalogue.logInto)),
      variables: rotationEnvironment(this.rotations.guard, options),
      clock: options.clock,
    }, MILLISECONDS);
  }

  async stop(): Promise<void> {
    await this.rotations.stop();
  }
}

/** As the dictionary has it. */
function nameOf(username: string): string {
  return username.startsWith('"') ? username.slice(1, -1) : username.toUpperCase();
}
