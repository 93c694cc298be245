import type { EngineBench, EngineUnderTest, Logins, Turn, Way } from './engine-under-test';
import type { Clock } from '../../../handlers/core/clock';
import type { DatabaseFacts, UserBinding } from '../../../src/contract/database-facts';
import { until } from '../../servers/until';
import type { Credentials, RotationBench } from '../support/rotation-bench';
import type { FunctionOptions } from '../support/rotation-environment';
import type { FunctionInProcess, RotationFunction } from '../support/rotation-function';
import { type Passage, ServerPassage } from '../support/server-passage';

/** In every password that is there before a rotation: no function may write it. */
const CANARY = 'Canary';
/** The end of a connection travels for a while. */
const CLOSING_LIMIT = 20_000;

export interface FunctionDetails {
  readonly createWithRoles?: string[];
  readonly formerWorksForHours?: number;
  readonly clock?: Clock;
  readonly databaseName?: string;
  readonly superuser?: Credentials;
  readonly password?: FunctionOptions['password'];
}

/** Rotations of an engine's users, with what holds for every one. */
export class EngineRotations<Bench extends EngineBench = EngineBench> {
  static async start<B extends EngineBench>(engine: EngineUnderTest<B>): Promise<EngineRotations<B>> {
    const bench = await engine.start();
    return new EngineRotations(engine, bench, bench.passage ?? (await ServerPassage.start(bench.facts.port as number)));
  }

  private serial = 0;
  private readonly superusers = new Map<string, string>();

  private constructor(
    readonly engine: EngineUnderTest<Bench>,
    readonly bench: Bench,
    readonly passage: Passage,
  ) {}

  get rotations(): RotationBench {
    return this.bench.rotations;
  }

  /** With the way to the server that can be cut. */
  get facts(): DatabaseFacts {
    return { ...this.bench.facts, ...(this.passage instanceof ServerPassage && { port: this.passage.port }) };
  }

  /** Credentials that nobody has had. */
  credentials(name = `user${this.serial}`): Credentials {
    const serial = this.serial++;
    return {
      username: this.engine.username?.(name) ?? name,
      password: this.engine.firstPassword?.(serial) ?? `${CANARY} 1st 'password" ${serial}`,
    };
  }

  async createUser(name?: string): Promise<Credentials> {
    const credentials = this.credentials(name);
    await this.bench.createUser(credentials);
    return credentials;
  }

  async createSecret(credentials: Credentials, more: Record<string, unknown> = {}): Promise<string> {
    return this.rotations.createSecret(this.bench.content(credentials, { port: this.facts.port, ...more }));
  }

  async proving(details: FunctionDetails = {}): Promise<FunctionInProcess> {
    return this.functionWith({ mode: 'prove' }, details);
  }

  async bySuperuser(
    secret: string,
    username: string,
    strategy: UserBinding['strategy'],
    details: FunctionDetails = {},
  ): Promise<FunctionInProcess> {
    const { createWithRoles, formerWorksForHours, superuser = this.bench.superuser } = details;
    const superuserSecret = await this.secretOf(superuser);
    const alternateUsername = this.engine.alternateOf?.(username);
    const binding = { secret, username, alternateUsername, strategy, createWithRoles, formerWorksForHours };
    return this.functionWith({ mode: 'superuser', superuserSecret, bindings: [binding] }, details);
  }

  async functionFor(
    way: Way,
    secret: string,
    username: string,
    details: FunctionDetails = {},
  ): Promise<FunctionInProcess> {
    return way === 'prove' ? this.proving(details) : this.bySuperuser(secret, username, way, details);
  }

  /** A whole rotation. */
  async rotate(rotating: RotationFunction, arn: string): Promise<Turn> {
    const { guard } = this.rotations;
    const before = await this.rotations.credentials(arn);
    const logins = await this.logins();
    guard.reset();
    const { token } = await this.rotations.rotate(rotating, arn);
    const calls = guard.calls.map(({ action }) => action);
    const loginsNow = await this.logins();
    const after = await this.rotations.credentials(arn);
    expect(after.password).not.toBe(before.password);
    expect({ ...after, password: '', username: '' }).toEqual({ ...before, password: '', username: '' });
    const labels = await this.rotations.labels(arn);
    expect(labels).toMatchObject({ AWSCURRENT: token });
    expect(labels).not.toHaveProperty('AWSPENDING');
    expect([CANARY, before.password, after.password].filter((text) => rotating.output().includes(text))).toEqual([]);
    const { prove, superuser } = this.engine.showsPassword;
    if (!prove && !superuser) {
      await this.expectShown(after.password, false);
    }
    expect(await until(() => this.passage.open === 0, CLOSING_LIMIT)).toBe(true);
    expect(await this.bench.worksFor(after)).toBe(true);
    return {
      before,
      after,
      calls,
      ...(logins && loginsNow && {
        logins: { accepted: loginsNow.accepted - logins.accepted, refused: loginsNow.refused - logins.refused },
      }),
    };
  }

  /** So many logins, where the server counts them. */
  expectLogins({ logins }: Turn, expected: Logins): void {
    expect(logins).toEqual(this.bench.logins && expected);
  }

  /** Whether a password is in what the server keeps of statements, where it can be read. */
  async expectShown(password: string, isShown: boolean): Promise<void> {
    if (this.bench.statements) {
      expect((await this.bench.statements()).includes(password)).toBe(isShown);
    }
  }

  /** Absent where the server does not count them. */
  async logins(): Promise<Logins | undefined> {
    const { bench } = this;
    return bench.logins && { accepted: await bench.logins('accepted'), refused: await bench.logins('refused') };
  }

  /** The second of two users that take turns. */
  alternateOf(username: string): string {
    return this.engine.alternateOf?.(username) ?? `${username}_clone`;
  }

  /** What is said of a rotation that fails; none is in progress afterwards. */
  async refusal(rotating: RotationFunction, arn: string): Promise<Error> {
    const rotation = await this.rotations.begin(arn);
    const refusal = await this.rotations.drive(rotating, rotation).then(
      () => undefined,
      (error: Error) => error,
    );
    if (!refusal) {
      throw new Error('the rotation was not refused');
    }
    await this.rotations.abandon(rotation);
    return refusal;
  }

  async stop(): Promise<void> {
    await (this.passage as Partial<ServerPassage>).stop?.();
    await this.bench.stop();
  }

  /** The secret of an administrator, the same for all functions. */
  private async secretOf(superuser: Credentials): Promise<string> {
    const key = JSON.stringify(superuser);
    const secret = this.superusers.get(key) ?? (await this.rotations.createSecret(superuser));
    this.superusers.set(key, secret);
    return secret;
  }

  private functionWith(
    options: FunctionOptions,
    { databaseName, clock, password = this.engine.passwordRules }: FunctionDetails,
  ): FunctionInProcess {
    const all: FunctionOptions = {
      ...options,
      password,
      clock,
      database: { ...this.facts, ...(databaseName !== undefined && { databaseName }) },
    };
    return this.bench.inProcess?.(all) ?? this.rotations.inProcess(this.engine.handler, all);
  }
}
