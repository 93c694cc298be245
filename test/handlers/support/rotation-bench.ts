import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UntagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { type BenchRotation, type Credentials, type DatabaseBench, type StepName, STEPS } from './bench';
import { FunctionInLambda } from './function-in-lambda';
import { ACCESS_KEY_ID, type FunctionOptions, rotationEnvironment } from './rotation-environment';
import { FunctionInProcess, type HandlerName, type RotationFunction } from './rotation-function';
import { strategyOf } from './strategies';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { ROTATION_MARKER_TAG } from '../../../src/contract/environment';
import { ROLL_BACK } from '../../../src/contract/roll-back';
import type { Fault } from '../../servers/call-faults';
import { type Certificates, createCertificates } from '../../servers/certificates';
import { letsIn } from '../../servers/lets-in';
import { isPostgresqlRefusal, logIn } from '../../servers/log-in';
import { PostgreSqlServer, type PostgreSqlServerOptions } from '../../servers/postgresql-server';
import { SecretsManagerServer } from '../../servers/secrets-manager-server';
import { StrictGuard } from '../../servers/strict-guard';
import { until } from '../../servers/until';

export { type BenchRotation, type Credentials, type StepName, STEPS } from './bench';

/** Everything that a rotation needs, running: Secrets Manager behind its guard and, where a version is given, PostgreSQL. */
export class RotationBench implements DatabaseBench {
  static async start(options?: Pick<PostgreSqlServerOptions, 'version' | 'settings'>): Promise<RotationBench> {
    const certificates = createCertificates();
    const [secrets, database] = await Promise.all([
      SecretsManagerServer.start(),
      options && PostgreSqlServer.start({ certificate: certificates.good, ...options }),
    ]);
    return new RotationBench(certificates, secrets, await StrictGuard.start(secrets), database);
  }

  private readonly functions: RotationFunction[] = [];
  private serial = 0;

  private constructor(
    readonly certificates: Certificates,
    readonly secrets: SecretsManagerServer,
    readonly guard: StrictGuard,
    private readonly server?: PostgreSqlServer,
  ) {}

  get database(): PostgreSqlServer {
    if (!this.server) {
      throw new Error('this bench has no database');
    }
    return this.server;
  }

  /** What the deployment knows about the database. */
  get facts(): DatabaseFacts {
    return {
      engine: 'postgres',
      host: this.database.host,
      port: this.database.port,
      certificateAuthorities: this.certificates.authority.certificate,
    };
  }

  /** The fields of a database secret. */
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

  get superuser(): Credentials {
    return this.database.superuser;
  }

  /** A secret with the marker tag; an object is stored as JSON, a buffer as it is. */
  async createSecret(value: unknown, name = `secret-${this.serial++}`, tags: string[] = [ROTATION_MARKER_TAG]): Promise<string> {
    const created = await this.secrets.client().send(new CreateSecretCommand({
      Name: name,
      ...contentOf(value),
      Tags: tags.map((Key) => ({ Key, Value: 'true' })),
    }));
    return created.ARN!;
  }

  /** The superuser's credentials in a secret, as Amazon RDS writes it. */
  async createSuperuserSecret(): Promise<string> {
    return this.createSecret(this.database.superuser);
  }

  async createUser({ username, password }: Credentials, options = ''): Promise<void> {
    const quoted = [username.replaceAll('"', '""'), password.replaceAll("'", "''")];
    await this.database.query(`CREATE ROLE "${quoted[0]}" LOGIN PASSWORD '${quoted[1]}' ${options}`);
  }

  async setPassword(username: string, password: string): Promise<void> {
    await this.database.query(`ALTER ROLE "${username}" PASSWORD '${password}'`);
  }

  async makeSuperuser(username: string, superuser: boolean): Promise<void> {
    await this.database.query(`ALTER ROLE "${username}" ${superuser ? '' : 'NO'}SUPERUSER`);
  }

  async exists(username: string): Promise<boolean> {
    return (await this.database.query('SELECT FROM pg_roles WHERE rolname = $1', [username])).length > 0;
  }

  async stopDatabase(): Promise<void> {
    await this.database.query('CHECKPOINT');
    await this.database.kill();
  }

  async startDatabase(options?: { standby: boolean }): Promise<void> {
    await this.database.restart(options);
  }

  /** Whether the credentials work, over verified TLS: at the database, or at what is in front of it. */
  async worksFor(
    { username, password }: Credentials,
    { host, port }: { host: string; port: number } = this.database,
  ): Promise<boolean> {
    const ssl = { ca: this.certificates.authority.certificate };
    return letsIn(async () => logIn({ host, port, user: username, password, ssl }), isPostgresqlRefusal);
  }

  /** Runs a statement as somebody, over verified TLS. */
  async as({ username, password }: Credentials, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
    const { host, port } = this.database;
    const ssl = { ca: this.certificates.authority.certificate };
    const client = new Client({ host, port, user: username, password, database: 'postgres', ssl });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** How many logins with a password the server has let in; needs the setting `log_connections`. */
  logins(): number {
    return this.database.log().split('connection authenticated: identity').length - 1;
  }

  /** How many logins the server has refused; needs nothing but the log. */
  refusals(): number {
    return this.database.log().split(/FATAL: {2}(?:password authentication failed|no pg_hba)/).length - 1;
  }

  /** The users that the log of refused logins and connections names. */
  refusedUsers(): string[] {
    return [...this.database.log().matchAll(/user "([^"]*)"/g)].map(([, username]) => username);
  }

  /** How many connections the server has seen; needs the setting `log_connections`. */
  connections(): number {
    return this.database.log().split('connection received: host=127.0.0.1').length - 1;
  }

  /** What the server stores for a user. */
  async verifierOf(username: string): Promise<string> {
    const [row] = await this.database.query<{ rolpassword: string }>('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [
      username,
    ]);
    return row.rolpassword;
  }

  /** The rotation that is in progress. */
  async pendingOf(arn: string): Promise<BenchRotation> {
    return { arn, token: (await this.labels(arn)).AWSPENDING };
  }

  async value(arn: string, label = 'AWSCURRENT', versionId?: string): Promise<string> {
    const version = versionId === undefined ? { VersionStage: label } : { VersionId: versionId };
    return (await this.secrets.client().send(new GetSecretValueCommand({ SecretId: arn, ...version }))).SecretString!;
  }

  async credentials(arn: string, label = 'AWSCURRENT'): Promise<Credentials & Record<string, unknown>> {
    return JSON.parse(await this.value(arn, label)) as Credentials & Record<string, unknown>;
  }

  /** Stores a value under the token, as somebody with the right to write the secret can. */
  async put(arn: string, value: unknown, labels: string[], token?: string): Promise<string> {
    const stored = await this.secrets.client().send(new PutSecretValueCommand({
      SecretId: arn, VersionStages: labels, ClientRequestToken: token, ...contentOf(value),
    }));
    return stored.VersionId!;
  }

  /**
   * Replaces the current value, as an update of the stack or a person can.
   *
   * In two steps: moto gives a new version AWSCURRENT without taking it from the old one where a rotation was given up before.
   */
  async replace(arn: string, value: unknown): Promise<void> {
    const former = (await this.labels(arn)).AWSCURRENT;
    const versionId = await this.put(arn, value, ['REPLACEMENT']);
    const move = async (input: object): Promise<unknown> =>
      this.secrets.client().send(new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage: 'AWSCURRENT', ...input }));
    await move({ MoveToVersionId: versionId, RemoveFromVersionId: former });
    await move({ VersionStage: 'REPLACEMENT', RemoveFromVersionId: versionId });
  }

  /** Moves AWSCURRENT, as a person can. */
  async promote({ arn, token }: BenchRotation): Promise<void> {
    const { AWSCURRENT } = await this.labels(arn);
    const move = { SecretId: arn, VersionStage: 'AWSCURRENT', MoveToVersionId: token, RemoveFromVersionId: AWSCURRENT };
    await this.secrets.client().send(new UpdateSecretVersionStageCommand(move));
  }

  async untag(arn: string, tag: string): Promise<void> {
    await this.secrets.client().send(new UntagResourceCommand({ SecretId: arn, TagKeys: [tag] }));
  }

  async switchOff(arn: string): Promise<void> {
    await this.secrets.client().send(new CancelRotateSecretCommand({ SecretId: arn }));
  }

  async scheduleDeletion(arn: string): Promise<void> {
    await this.secrets.client().send(new DeleteSecretCommand({ SecretId: arn }));
  }

  /** Takes AWSPENDING away, as cancelling a rotation does. */
  async abandon({ arn, token }: BenchRotation): Promise<void> {
    await this.secrets.client()
      .send(new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage: 'AWSPENDING', RemoveFromVersionId: token }));
  }

  async askBack({ arn, token }: BenchRotation, versionId?: string): Promise<void> {
    const to = versionId ?? (await this.labels(arn)).AWSPREVIOUS;
    const mark = { SecretId: arn, VersionStage: `${ROLL_BACK}${token}`, MoveToVersionId: to };
    await this.secrets.client().send(new UpdateSecretVersionStageCommand(mark));
  }

  /** Version ids by label. */
  async labels(arn: string): Promise<Record<string, string>> {
    const { VersionIdsToStages = {} } = await this.secrets.client().send(new DescribeSecretCommand({ SecretId: arn }));
    return Object.fromEntries(
      Object.entries(VersionIdsToStages).flatMap(([versionId, labels]) => labels.map((label) => [label, versionId])),
    );
  }

  /** What Secrets Manager does before it invokes the function. */
  async begin(arn: string, functionName = 'rotation'): Promise<BenchRotation> {
    return { arn, token: (await this.secrets.startRotation(arn, { functionName })).token };
  }

  inProcess(handler: HandlerName, options: FunctionOptions, milliseconds?: number): FunctionInProcess {
    return new FunctionInProcess({
      strategy: strategyOf(handler),
      variables: rotationEnvironment(this.guard, options),
      clock: options.clock,
    }, milliseconds);
  }

  async inLambda(handler: HandlerName, options: FunctionOptions, functionTimeout?: number): Promise<FunctionInLambda> {
    const created = await FunctionInLambda.start(handler, rotationEnvironment(this.guard, options), functionTimeout);
    this.functions.push(created);
    return created;
  }

  actions(): string[] {
    return this.guard.calls.map(({ action }) => action);
  }

  count(action?: string): number {
    return this.guard.count(action);
  }

  fault(fault: Fault): void {
    this.guard.fault(fault);
  }

  permit(actions: string[], secrets: string[]): void {
    this.guard.enforce([{ accessKeyId: ACCESS_KEY_ID, actions, secrets }]);
  }

  reset(): void {
    this.guard.reset();
  }

  async after(milliseconds: number, work: () => Promise<void>): Promise<void> {
    await sleep(milliseconds);
    await work();
  }

  /** Does something as soon as another login is refused. */
  async afterRefusal(work: () => Promise<void>): Promise<void> {
    const before = this.refusals();
    await until(() => this.refusals() > before, 60_000);
    await work();
  }

  event({ arn, token }: BenchRotation, step: StepName): Record<string, unknown> {
    return { Step: step, SecretId: arn, ClientRequestToken: token };
  }

  async step(rotating: RotationFunction, rotation: BenchRotation, step: StepName): Promise<void> {
    await rotating.invoke(this.event(rotation, step));
  }

  /** A whole rotation, as Secrets Manager drives it. */
  async rotate(rotating: RotationFunction, arn: string): Promise<BenchRotation> {
    const rotation = await this.begin(arn);
    await this.drive(rotating, rotation);
    return rotation;
  }

  /** The steps of a rotation that has begun, until one fails. */
  async drive(rotating: RotationFunction, rotation: BenchRotation): Promise<void> {
    for (const step of STEPS) {
      await this.step(rotating, rotation, step);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.functions.map(async (running) => running.stop()));
    await this.guard.stop();
    await Promise.all([this.secrets.stop(), this.server?.stop()]);
  }
}

function contentOf(value: unknown): { SecretString: string } | { SecretBinary: Buffer } {
  return Buffer.isBuffer(value)
    ? { SecretBinary: value }
    : { SecretString: typeof value === 'string' ? value : JSON.stringify(value) };
}
