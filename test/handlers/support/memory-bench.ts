import { type BenchFunction, type BenchRotation, type Credentials, type DatabaseBench, type StepName, STEPS } from './bench';
import { FakeDatabase, FakeTarget } from './fake-target';
import { MemorySecret, type MemoryVersion, refused } from './memory-secret';
import { type Gate, MemoryStore } from './memory-store';
import { type FunctionOptions, REGION, rotationEnvironment } from './rotation-environment';
import { FUNCTION_ARN, FunctionInProcess } from './rotation-function';
import { VirtualClock } from './virtual-clock';
import type { CallLimits } from '../../../handlers/aws/signed-requests';
import { RotationError } from '../../../handlers/core/rotation-error';
import { withBackoff } from '../../../handlers/core/with-backoff';
import { databaseRotation } from '../../../handlers/database/database-strategy';
import type { HandlerOptions } from '../../../handlers/make-handler';
import { RegenerateStrategy } from '../../../handlers/regenerate/regenerate-strategy';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { ROTATION_MARKER_TAG } from '../../../src/contract/environment';
import { ROLL_BACK } from '../../../src/contract/roll-back';
import { CallFaults, type Fault } from '../../servers/call-faults';

const ACCOUNT = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:';
/** For how long the client tries a call again. */
const PATIENCE = 20_000;

/** Everything that a rotation needs, in memory and on a clock whose pauses take no time. */
export class MemoryBench implements DatabaseBench {
  readonly database = new FakeDatabase();
  readonly superuser: Credentials = { username: 'postgres', password: 'superuser' };
  private readonly clock = new VirtualClock();
  private readonly secrets = new Map<string, MemorySecret>();
  private readonly faults = new CallFaults();
  private calls: string[] = [];
  private permitted?: { actions: string[]; secrets: string[] };
  private serial = 0;

  get facts(): DatabaseFacts {
    return { engine: 'postgres', host: this.database.host, port: this.database.port };
  }

  content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      engine: 'postgres',
      host: this.database.host,
      port: this.database.port,
      dbname: 'postgres',
      ...credentials,
      ...more,
    };
  }

  async createSecret(value: unknown, name = `secret-${this.serial++}`, tags: string[] = [ROTATION_MARKER_TAG]): Promise<string> {
    const arn = `${ACCOUNT}${name}-${String(this.serial++).padStart(6, '0')}`;
    const secret = new MemorySecret({}, { arn, name, tagKeys: tags, createdAt: this.clock.now() });
    secret.put(this.newToken(), contentOf(value), ['AWSCURRENT'], this.clock.now());
    this.secrets.set(arn, secret);
    return arn;
  }

  async createSuperuserSecret(): Promise<string> {
    return this.createSecret(this.superuser);
  }

  async createUser({ username, password }: Credentials): Promise<void> {
    this.database.users.set(username, { passwords: [password] });
  }

  async setPassword(username: string, password: string): Promise<void> {
    this.database.users.set(username, { ...this.database.users.get(username), passwords: [password], setFor: undefined });
  }

  async makeSuperuser(username: string, superuser: boolean): Promise<void> {
    this.database.users.set(username, { ...this.database.users.get(username)!, superuser });
  }

  async exists(username: string): Promise<boolean> {
    return this.database.users.has(username);
  }

  async worksFor(credentials: Credentials): Promise<boolean> {
    return this.database.accepts(credentials);
  }

  async verifierOf(username: string): Promise<string> {
    return this.database.verifierOf(username);
  }

  logins(): number {
    return this.database.logins;
  }

  refusals(): number {
    return this.database.refused.length;
  }

  refusedUsers(): string[] {
    return this.database.refused;
  }

  connections(): number {
    return this.database.connections;
  }

  async stopDatabase(): Promise<void> {
    this.database.running = false;
  }

  async startDatabase({ standby }: { standby: boolean } = { standby: this.database.readOnly }): Promise<void> {
    this.database.running = true;
    this.database.readOnly = standby;
  }

  async value(arn: string, label = 'AWSCURRENT', versionId?: string): Promise<string> {
    const found = await new MemoryStore((name) => this.find(name)).read(arn, versionId === undefined ? { label } : { versionId });
    if (found?.text === undefined) {
      throw refused('GetSecretValue', 'ResourceNotFoundException');
    }
    return found.text;
  }

  async credentials(arn: string, label?: string): Promise<Credentials & Record<string, unknown>> {
    return JSON.parse(await this.value(arn, label)) as Credentials & Record<string, unknown>;
  }

  async put(arn: string, value: unknown, labels: string[], token = this.newToken()): Promise<string> {
    this.of(arn).put(token, contentOf(value), labels, this.clock.now());
    return token;
  }

  async replace(arn: string, value: unknown): Promise<void> {
    await this.put(arn, value, ['AWSCURRENT']);
  }

  async promote({ arn, token }: BenchRotation): Promise<void> {
    this.of(arn).move('AWSCURRENT', { to: token, from: this.of(arn).holderOf('AWSCURRENT') });
  }

  async abandon({ arn, token }: BenchRotation): Promise<void> {
    this.of(arn).move('AWSPENDING', { from: token });
  }

  async askBack({ arn, token }: BenchRotation, versionId = this.of(arn).holderOf('AWSPREVIOUS')!): Promise<void> {
    this.of(arn).move(`${ROLL_BACK}${token}`, { to: versionId });
  }

  async untag(arn: string, tag: string): Promise<void> {
    const secret = this.of(arn);
    secret.about = { ...secret.about, tagKeys: secret.description.tagKeys.filter((key) => key !== tag) };
  }

  async switchOff(arn: string): Promise<void> {
    this.of(arn).about = { ...this.of(arn).about, rotationEnabled: false };
  }

  async scheduleDeletion(arn: string): Promise<void> {
    this.of(arn).about = { ...this.of(arn).about, deletedAt: this.clock.now() };
  }

  async labels(arn: string): Promise<Record<string, string>> {
    return Object.fromEntries(
      [...this.of(arn).description.versions].flatMap(([versionId, labels]) => labels.map((label) => [label, versionId])),
    );
  }

  async begin(arn: string, functionName = 'rotation'): Promise<BenchRotation> {
    const [secret, token] = [this.of(arn), this.newToken()];
    secret.begin(token, this.clock.now());
    secret.about = { ...secret.about, rotationEnabled: true, rotationFunctionArn: FUNCTION_ARN.replace(/[^:]*$/, functionName) };
    return { arn, token };
  }

  async pendingOf(arn: string): Promise<BenchRotation> {
    return { arn, token: (await this.labels(arn)).AWSPENDING };
  }

  inProcess(handler: BenchFunction, options: FunctionOptions, milliseconds?: number): FunctionInProcess {
    const { clock } = this;
    const strategies: Record<BenchFunction, HandlerOptions['strategy']> = {
      'regenerate': (facts) => new RegenerateStrategy(facts.valueBindings),
      'rotate-postgresql': databaseRotation(({ database }) => new FakeTarget(this.database, database)),
    };
    const store = (limits: CallLimits): MemoryStore => new MemoryStore((name) => this.find(name), this.client(limits));
    const variables = rotationEnvironment({ url: `http://${REGION}.example` }, options);
    return new FunctionInProcess({ strategy: strategies[handler], variables, clock, store }, milliseconds);
  }

  event({ arn, token }: BenchRotation, step: StepName): Record<string, unknown> {
    return { Step: step, SecretId: arn, ClientRequestToken: token };
  }

  async step(rotating: FunctionInProcess, rotation: BenchRotation, step: StepName): Promise<void> {
    await rotating.invoke(this.event(rotation, step));
  }

  async rotate(rotating: FunctionInProcess, arn: string): Promise<BenchRotation> {
    const rotation = await this.begin(arn);
    for (const step of STEPS) {
      await this.step(rotating, rotation, step);
    }
    return rotation;
  }

  actions(): string[] {
    return this.calls;
  }

  count(action?: string): number {
    return this.calls.filter((call) => action === undefined || call === action).length;
  }

  fault(fault: Fault): void {
    this.faults.add(fault);
  }

  permit(actions: string[], secrets: string[]): void {
    this.permitted = { actions, secrets };
  }

  reset(): void {
    this.calls = [];
    this.faults.clear();
    this.permitted = undefined;
  }

  /** Nothing waits here before a login was refused. */
  async afterRefusal(work: () => Promise<void>): Promise<void> {
    await this.after(0, work);
  }

  async after(milliseconds: number, work: () => Promise<void>): Promise<void> {
    await this.clock.at(this.clock.now() + milliseconds, work);
  }

  /** Nobody does anything for some time. */
  pass(milliseconds: number): void {
    this.clock.pass(milliseconds);
  }

  async stop(): Promise<void> {
    // Nothing to end.
  }

  /**
   * A client like the functions' own, which tries calls again whose failure may pass; with the faults and permissions of the
   * test.
   */
  private client({ deadline, patient }: CallLimits): Gate {
    const patience = ({ errorClass }: RotationError): number =>
      ['network', 'unavailable', 'throttling'].includes(errorClass) || (errorClass === 'permission' && patient) ? PATIENCE : 0;
    return async (action, work, about = '') => withBackoff(async () => {
      this.calls.push(action);
      const faults = this.faults.strike(action);
      await strike(faults, action, 'before');
      this.checkPermission(action, about);
      const result = work();
      await strike(faults, action, 'after');
      return result;
    }, { clock: this.clock, deadline, patience });
  }

  private checkPermission(action: string, secret: string): void {
    const names = [secret, this.find(secret)?.description.name];
    if (
      this.permitted
      && !(this.permitted.actions.includes(action) && this.permitted.secrets.some((name) => names.includes(name)))
    ) {
      throw refused(action, 'AccessDeniedException');
    }
  }

  private find(name: string): MemorySecret | undefined {
    return [...this.secrets.values()].find(
      ({ about }) => about.arn === name || about.name === name || about.arn?.slice(0, -7) === name,
    );
  }

  private of(arn: string): MemorySecret {
    const secret = this.find(arn);
    if (!secret) {
      throw new Error('no such secret');
    }
    return secret;
  }

  private newToken(): string {
    return `00000000-0000-4000-8000-${String(this.serial++).padStart(12, '0')}`;
  }
}

async function strike(faults: Fault[], action: string, when: Fault['when']): Promise<void> {
  for (const { effect } of faults.filter((fault) => (fault.when ?? 'before') === when)) {
    if (effect.kind === 'error') {
      throw refused(action, effect.name);
    }
    if (effect.kind === 'interrupt' || effect.kind === 'meanwhile') {
      await effect.callback();
    }
    if (effect.kind === 'drop' || effect.kind === 'interrupt') {
      throw new RotationError('network', `${action}: the answer was lost`);
    }
  }
}

function contentOf(value: unknown): Pick<MemoryVersion, 'text' | 'binary'> {
  return Buffer.isBuffer(value) ? { binary: true } : { text: typeof value === 'string' ? value : JSON.stringify(value) };
}
