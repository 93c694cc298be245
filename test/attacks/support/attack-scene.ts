import { type AttackedDatabase, attackedPostgresql } from './attacked-database';
import { Attacker } from './attacker';
import { changedBetween, type Damage, type State } from './damage';
import { functionRole } from './function-role';
import type { UserBinding } from '../../../src/contract/database-facts';
import type { PasswordRules } from '../../../src/contract/password-rules';
import { type BenchRotation, type Credentials, RotationBench, type StepName, STEPS } from '../../handlers/support/rotation-bench';
import type { FunctionOptions } from '../../handlers/support/rotation-environment';
import { FUNCTION_ARN, type FunctionInProcess, type RotationFunction } from '../../handlers/support/rotation-function';
import type { Permission } from '../../servers/permission-list';
import type { PostgreSqlServerOptions } from '../../servers/postgresql-server';

/** What attackers know, and choose where they can. */
export const CHOSEN_PASSWORD = 'chosen by the attacker';

/** The functions of a platform, the one with a superuser once for each strategy. */
export const FUNCTION_KINDS = ['prove', 'single', 'alternating', 'values'] as const;
/** The last is for MySQL alone. */
export type FunctionKind = (typeof FUNCTION_KINDS)[number] | 'dualPassword';

const VALUE_RULES: PasswordRules = { length: 40, excludeCharacters: '"\\' };

/** Somebody whose user and secret a function is there for. */
export interface Victim extends Credentials {
  readonly arn: string;
}

/** The damage, and the errors that the function answered. */
export type Aftermath = Damage & { readonly errors: Error[] };

/** An account with a database, users whose secrets rotate, the functions with their roles, and an attacker. */
export class AttackScene {
  static async start(options: Pick<PostgreSqlServerOptions, 'version'> = { version: 18 }): Promise<AttackScene> {
    const scene = new AttackScene();
    await scene.beginOnPostgresql(options);
    return scene;
  }

  /** Whoever has started the database stops it. */
  static async of(bench: RotationBench, database: AttackedDatabase): Promise<AttackScene> {
    const scene = new AttackScene();
    await scene.begin(bench, database);
    return scene;
  }

  bench!: RotationBench;
  attacker!: Attacker;
  /** The victim. */
  app!: Victim;
  /** Another user that is bound to the same functions. */
  billing!: Victim;
  /** The secret whose value a function makes. */
  key!: string;
  superuserSecret!: string;
  private database!: AttackedDatabase;
  private serial = 0;

  /** Where it is played: before anything else. */
  async begin(bench: RotationBench, database: AttackedDatabase): Promise<void> {
    await bench.secrets.createFunction('rotation');
    [this.bench, this.database, this.attacker] = [bench, database, new Attacker(bench.guard)];
  }

  async beginOnPostgresql(options: Pick<PostgreSqlServerOptions, 'version'> = { version: 18 }): Promise<void> {
    const bench = await RotationBench.start({ ...options, settings: { log_connections: 'on' } });
    await this.begin(bench, attackedPostgresql(bench));
  }

  /** New victims, and nobody has permissions but the functions. */
  async prepare(): Promise<void> {
    this.bench.guard.reset();
    this.serial += 1;
    [this.app, this.billing] = [await this.createVictim('app'), await this.createVictim('billing')];
    this.key = await this.bench.createSecret('the first value of the key', `victims/key${this.serial}`);
    this.superuserSecret = await this.bench.createSecret(this.database.superuser);
    this.permit();
  }

  /** Secrets that a function rotates, none of them just now. */
  async schedule(...secrets: string[]): Promise<void> {
    for (const arn of secrets) {
      await this.bench.abandon(await this.bench.begin(arn));
    }
  }

  /** The attacker's permissions, beside the roles of the functions. */
  permit(...permissions: Permission[]): void {
    this.bench.guard.enforce([
      ...functionRole('AKIAPROVE', FUNCTION_ARN), ...functionRole('AKIAVALUES', FUNCTION_ARN),
      ...functionRole('AKIASUPERUSER', FUNCTION_ARN, this.superuserSecret), ...permissions,
    ]);
  }

  /** A function as it is deployed for the victims. */
  functionOf(kind: FunctionKind, more: Partial<FunctionOptions> = {}, milliseconds?: number): FunctionInProcess {
    return this.bench.inProcess(
      kind === 'values' ? 'regenerate' : this.database.handler,
      { ...this.optionsOf(kind), ...more },
      milliseconds,
    );
  }

  optionsOf(kind: FunctionKind): FunctionOptions {
    switch (kind) {
      case 'values':
        return { accessKeyId: 'AKIAVALUES', bindings: [{ secret: this.key, password: VALUE_RULES }] };
      case 'prove':
        return { accessKeyId: 'AKIAPROVE', mode: 'prove', database: this.database.facts };
      default: {
        const bindings: UserBinding[] = [this.app, this.billing].map(({ arn, username }) => ({
          secret: arn,
          username,
          strategy: kind,
        }));
        return {
          accessKeyId: 'AKIASUPERUSER',
          mode: 'superuser',
          database: this.database.facts,
          superuserSecret: this.superuserSecret,
          bindings,
        };
      }
    }
  }

  /** As Secrets Manager asks for the steps: until one fails. */
  async rotate(rotating: RotationFunction, rotation: BenchRotation): Promise<Error[]> {
    for (const step of STEPS) {
      const errors = await this.invoke(rotating, rotation, [step]);
      if (errors.length > 0) {
        return errors;
      }
    }
    return [];
  }

  /** As somebody asks for steps who invokes the function directly: whatever comes of it. */
  async invoke(rotating: RotationFunction, rotation: BenchRotation, steps: readonly StepName[] = STEPS): Promise<Error[]> {
    const errors: Error[] = [];
    for (const step of steps) {
      await this.bench.step(rotating, rotation, step).catch((thrown: Error) => errors.push(thrown));
    }
    return errors;
  }

  /** Runs an attack, which gives the errors that the function answered, and looks at what it has done. */
  async damageOf(rotating: RotationFunction, attack: () => Promise<Error[]>): Promise<Aftermath> {
    const [before, connections, logins] = [await this.state(), await this.database.connections(), await this.database.logins()];
    const errors = await attack();
    const after = await this.state();
    const text = [
      rotating.output(),
      ...errors.map((error) => JSON.stringify([error.message, error.stack, { ...error }, error.cause])),
    ].join('\n');
    return {
      errors,
      changed: changedBetween(before, after),
      shown: Object.entries(this.valuesIn(after)).filter(([, value]) => text.includes(value)).map(([name]) => name),
      connections: await this.database.connections() - connections,
      logins: await this.database.logins() - logins,
    };
  }

  async stop(): Promise<void> {
    await this.bench.stop();
  }

  private async createVictim(name: string): Promise<Victim> {
    const called = `${name}${this.serial}`;
    const username = this.database.username?.(called) ?? called;
    const credentials = { username, password: `the first password of ${name}` };
    await this.database.createUser(credentials);
    const arn = await this.bench.createSecret(this.database.content(credentials), `victims/${called}`);
    return { ...credentials, arn };
  }

  /** Users of the database, and what clients read of the secrets. */
  private async state(): Promise<State> {
    const secrets = [this.app.arn, this.billing.arn, this.key, this.superuserSecret];
    return new Map([
      ...(await this.database.users()),
      ...(await Promise.all(secrets.map(async (arn) => [arn, await this.bench.value(arn)] as const))),
    ]);
  }

  /** What nobody may be shown, with a name for it. */
  private valuesIn(state: State): Record<string, string> {
    const [app, billing] = [this.app.arn, this.billing.arn].map((arn) => (JSON.parse(state.get(arn)!) as Credentials).password);
    return {
      'superuser': this.database.superuser.password,
      'app': this.app.password,
      'app now': app,
      'billing': this.billing.password,
      'billing now': billing,
      'key': state.get(this.key)!,
      'attacker': CHOSEN_PASSWORD,
    };
  }
}
