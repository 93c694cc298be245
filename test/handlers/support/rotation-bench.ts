import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelRotateSecretCommand, CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand,
  UntagResourceCommand, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { type BenchRotation, type Credentials, type DatabaseBench, STEPS, type StepName } from './bench';
import { FunctionInLambda } from './function-in-lambda';
import { ACCESS_KEY_ID, type FunctionOptions, rotationEnvironment } from './rotation-environment';
import { FunctionInProcess, type HandlerName, type RotationFunction } from './rotation-function';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { ROTATION_MARKER_TAG } from '../../../src/contract/environment';
import type { Fault } from '../../servers/call-faults';
import { type Certificates, createCertificates } from '../../servers/certificates';
import { letsIn } from '../../servers/lets-in';
import { isPostgresqlRefusal, logIn } from '../../servers/log-in';
import { PostgreSqlServer, type PostgreSqlServerOptions } from '../../servers/postgresql-server';
import { SecretsManagerServer } from '../../servers/secrets-manager-server';
import { StrictGuard } from '../../servers/strict-guard';

export { type BenchRotation, type Credentials, STEPS, type StepName } from './bench';

/** Everything that a rotation needs, running: Secrets Manager behind its guard and, where a version is given, PostgreSQL. */
export class RotationBench implements DatabaseBench {
  public static async start(options?: Pick<PostgreSqlServerOptions, 'version' | 'settings'>): Promise<RotationBench> {
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
    public readonly certificates: Certificates,
    public readonly secrets: SecretsManagerServer,
    public readonly guard: StrictGuard,
    private readonly server?: PostgreSqlServer,
  ) {}

  public get database(): PostgreSqlServer {
    if (!this.server) {
      throw new Error('this bench has no database');
    }
    return this.server;
  }

  /** What the deployment knows about the database. */
  public get facts(): DatabaseFacts {
    return { engine: 'postgres', host: this.database.host, port: this.database.port, certificateAuthorities: this.certificates.authority.certificate };
  }

  /** The fields of a database secret. */
  public content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    return { engine: 'postgres', host: this.database.host, port: this.database.port, dbname: 'postgres', ...credentials, ...more };
  }

  public get superuser(): Credentials {
    return this.database.superuser;
  }

  /** A secret with the marker tag; an object is stored as JSON, a buffer as it is. */
  public async createSecret(value: unknown, name = `secret-${this.serial++}`, tags: string[] = [ROTATION_MARKER_TAG]): Promise<string> {
    const created = await this.secrets.client().send(new CreateSecretCommand({
      Name: name,
      ...contentOf(value),
      Tags: tags.map((Key) => ({ Key, Value: 'true' })),
    }));
    return created.ARN!;
  }

  /** The superuser's credentials in a secret, as Amazon RDS writes it. */
  public async createSuperuserSecret(): Promise<string> {
    return this.createSecret(this.database.superuser);
  }

  public async createUser({ username, password }: Credentials, options = ''): Promise<void> {
    const quoted = [username.replaceAll('"', '""'), password.replaceAll("'", "''")];
    await this.database.query(`CREATE ROLE "${quoted[0]}" LOGIN PASSWORD '${quoted[1]}' ${options}`);
  }

  public async setPassword(username: string, password: string): Promise<void> {
    await this.database.query(`ALTER ROLE "${username}" PASSWORD '${password}'`);
  }

  public async makeSuperuser(username: string, superuser: boolean): Promise<void> {
    await this.database.query(`ALTER ROLE "${username}" ${superuser ? '' : 'NO'}SUPERUSER`);
  }

  public async exists(username: string): Promise<boolean> {
    return (await this.database.query('SELECT FROM pg_roles WHERE rolname = $1', [username])).length > 0;
  }

  public async stopDatabase(): Promise<void> {
    await this.database.query('CHECKPOINT');
    await this.database.kill();
  }

  public async startDatabase(options?: { standby: boolean }): Promise<void> {
    await this.database.restart(options);
  }

  /** Whether the credentials work, over verified TLS: at the database, or at what is in front of it. */
  public async worksFor({ username, password }: Credentials, { host, port }: { host: string; port: number } = this.database): Promise<boolean> {
    const ssl = { ca: this.certificates.authority.certificate };
    return letsIn(async () => logIn({ host, port, user: username, password, ssl }), isPostgresqlRefusal);
  }

  /** Runs a statement as somebody, over verified TLS. */
  public async as({ username, password }: Credentials, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
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
  public logins(): number {
    return this.database.log().split('connection authenticated: identity').length - 1;
  }

  /** How many logins the server has refused; needs nothing but the log. */
  public refusals(): number {
    return this.database.log().split(/FATAL: {2}(?:password authentication failed|no pg_hba)/).length - 1;
  }

  /** The users that the log of refused logins and connections names. */
  public refusedUsers(): string[] {
    return [...this.database.log().matchAll(/user "([^"]*)"/g)].map(([, username]) => username);
  }

  /** How many connections the server has seen; needs the setting `log_connections`. */
  public connections(): number {
    return this.database.log().split('connection received: host=127.0.0.1').length - 1;
  }

  /** What the server stores for a user. */
  public async verifierOf(username: string): Promise<string> {
    const [row] = await this.database.query<{ rolpassword: string }>('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [username]);
    return row.rolpassword;
  }

  /** The rotation that is in progress. */
  public async pendingOf(arn: string): Promise<BenchRotation> {
    return { arn, token: (await this.labels(arn)).AWSPENDING };
  }

  public async value(arn: string, label = 'AWSCURRENT', versionId?: string): Promise<string> {
    const version = versionId === undefined ? { VersionStage: label } : { VersionId: versionId };
    return (await this.secrets.client().send(new GetSecretValueCommand({ SecretId: arn, ...version }))).SecretString!;
  }

  public async credentials(arn: string, label = 'AWSCURRENT'): Promise<Credentials & Record<string, unknown>> {
    return JSON.parse(await this.value(arn, label)) as Credentials & Record<string, unknown>;
  }

  /** Stores a value under the token, as somebody with the right to write the secret can. */
  public async put(arn: string, value: unknown, labels: string[], token?: string): Promise<string> {
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
  public async replace(arn: string, value: unknown): Promise<void> {
    const former = (await this.labels(arn)).AWSCURRENT;
    const versionId = await this.put(arn, value, ['REPLACEMENT']);
    const move = async (input: object): Promise<unknown> => this.secrets.client().send(new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage: 'AWSCURRENT', ...input }));
    await move({ MoveToVersionId: versionId, RemoveFromVersionId: former });
    await move({ VersionStage: 'REPLACEMENT', RemoveFromVersionId: versionId });
  }

  /** Moves AWSCURRENT, as a person can. */
  public async promote({ arn, token }: BenchRotation): Promise<void> {
    const { AWSCURRENT } = await this.labels(arn);
    const move = { SecretId: arn, VersionStage: 'AWSCURRENT', MoveToVersionId: token, RemoveFromVersionId: AWSCURRENT };
    await this.secrets.client().send(new UpdateSecretVersionStageCommand(move));
  }

  public async untag(arn: string, tag: string): Promise<void> {
    await this.secrets.client().send(new UntagResourceCommand({ SecretId: arn, TagKeys: [tag] }));
  }

  public async switchOff(arn: string): Promise<void> {
    await this.secrets.client().send(new CancelRotateSecretCommand({ SecretId: arn }));
  }

  public async scheduleDeletion(arn: string): Promise<void> {
    await this.secrets.client().send(new DeleteSecretCommand({ SecretId: arn }));
  }

  /** Takes AWSPENDING away, as cancelling a rotation does. */
  public async abandon({ arn, token }: BenchRotation): Promise<void> {
    await this.secrets.client().send(new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage: 'AWSPENDING', RemoveFromVersionId: token }));
  }

  /** Version ids by label. */
  public async labels(arn: string): Promise<Record<string, string>> {
    const { VersionIdsToStages = {} } = await this.secrets.client().send(new DescribeSecretCommand({ SecretId: arn }));
    return Object.fromEntries(Object.entries(VersionIdsToStages).flatMap(([versionId, labels]) => labels.map((label) => [label, versionId])));
  }

  /** What Secrets Manager does before it invokes the function. */
  public async begin(arn: string, functionName = 'rotation'): Promise<BenchRotation> {
    return { arn, token: (await this.secrets.startRotation(arn, { functionName })).token };
  }

  public inProcess(handler: HandlerName, options: FunctionOptions, milliseconds?: number): FunctionInProcess {
    return new FunctionInProcess(handler, rotationEnvironment(this.guard, options), milliseconds);
  }

  public async inLambda(handler: HandlerName, options: FunctionOptions, functionTimeout?: number): Promise<FunctionInLambda> {
    const created = await FunctionInLambda.start(handler, rotationEnvironment(this.guard, options), functionTimeout);
    this.functions.push(created);
    return created;
  }

  public actions(): string[] {
    return this.guard.calls.map(({ action }) => action);
  }

  public count(action?: string): number {
    return this.guard.count(action);
  }

  public fault(fault: Fault): void {
    this.guard.fault(fault);
  }

  public permit(actions: string[], secrets: string[]): void {
    this.guard.enforce([{ accessKeyId: ACCESS_KEY_ID, actions, secrets }]);
  }

  public reset(): void {
    this.guard.reset();
  }

  public async after(milliseconds: number, work: () => Promise<void>): Promise<void> {
    await sleep(milliseconds);
    await work();
  }

  public event({ arn, token }: BenchRotation, step: StepName): Record<string, unknown> {
    return { Step: step, SecretId: arn, ClientRequestToken: token };
  }

  public async step(rotating: RotationFunction, rotation: BenchRotation, step: StepName): Promise<void> {
    await rotating.invoke(this.event(rotation, step));
  }

  /** A whole rotation, as Secrets Manager drives it. */
  public async rotate(rotating: RotationFunction, arn: string): Promise<BenchRotation> {
    const rotation = await this.begin(arn);
    await this.drive(rotating, rotation);
    return rotation;
  }

  /** The steps of a rotation that has begun, until one fails. */
  public async drive(rotating: RotationFunction, rotation: BenchRotation): Promise<void> {
    for (const step of STEPS) {
      await this.step(rotating, rotation, step);
    }
  }

  public async stop(): Promise<void> {
    await Promise.all(this.functions.map(async (running) => running.stop()));
    await this.guard.stop();
    await Promise.all([this.secrets.stop(), this.server?.stop()]);
  }
}

function contentOf(value: unknown): { SecretString: string } | { SecretBinary: Buffer } {
  return Buffer.isBuffer(value) ? { SecretBinary: value } : { SecretString: typeof value === 'string' ? value : JSON.stringify(value) };
}
