import type { FunctionOptions } from './rotation-environment';
import type { FunctionInProcess } from './rotation-function';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import type { Fault } from '../../servers/call-faults';

export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type StepName = (typeof STEPS)[number];

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface BenchRotation {
  readonly arn: string;
  readonly token: string;
}

/** Functions that a bench can run. */
export type BenchFunction = 'regenerate' | 'rotate-postgresql';

/** Secrets and what happens to them: in memory, or on a server. The same scenarios run on both. */
export interface SecretsBench {
  /** A secret with the marker tag; an object is stored as JSON, a buffer as it is. */
  createSecret(value: unknown, name?: string, tags?: string[]): Promise<string>;
  value(arn: string, label?: string, versionId?: string): Promise<string>;
  credentials(arn: string, label?: string): Promise<Credentials & Record<string, unknown>>;
  /** Stores a value under the token, as somebody with the right to write the secret can. */
  put(arn: string, value: unknown, labels: string[], token?: string): Promise<string>;
  /** Replaces the current value, as an update of the stack or a person can. */
  replace(arn: string, value: unknown): Promise<void>;
  /** Moves AWSCURRENT, as a person can. */
  promote(rotation: BenchRotation): Promise<void>;
  /** Takes AWSPENDING away, as cancelling a rotation does. */
  abandon(rotation: BenchRotation): Promise<void>;
  /** Asks a rotation to bring back a version, or AWSPREVIOUS, as the runbook does. */
  askBack(rotation: BenchRotation, versionId?: string): Promise<void>;
  untag(arn: string, tag: string): Promise<void>;
  switchOff(arn: string): Promise<void>;
  scheduleDeletion(arn: string): Promise<void>;
  /** Version ids by label. */
  labels(arn: string): Promise<Record<string, string>>;
  /** What Secrets Manager does before it invokes the function. */
  begin(arn: string, functionName?: string): Promise<BenchRotation>;
  /** The rotation that is in progress. */
  pendingOf(arn: string): Promise<BenchRotation>;
  /** A new process of a function. */
  inProcess(handler: BenchFunction, options: FunctionOptions, milliseconds?: number): FunctionInProcess;
  event(rotation: BenchRotation, step: StepName): Record<string, unknown>;
  step(rotating: FunctionInProcess, rotation: BenchRotation, step: StepName): Promise<void>;
  /** A whole rotation, as Secrets Manager drives it. */
  rotate(rotating: FunctionInProcess, arn: string): Promise<BenchRotation>;
  /** The calls of Secrets Manager by functions since the last `reset()`. */
  actions(): string[];
  count(action?: string): number;
  fault(fault: Fault): void;
  /** From now on functions may do this with these secrets and nothing else. */
  permit(actions: string[], secrets: string[]): void;
  /** Forgets calls, faults and permissions. */
  reset(): void;
  /** Does something while a function works, when so much of its time has passed. */
  after(milliseconds: number, work: () => Promise<void>): Promise<void>;
  /** Does something while a function works, as soon as it was refused a login. */
  afterRefusal(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** The same with a database. */
export interface DatabaseBench extends SecretsBench {
  /** What the deployment knows about the database. */
  readonly facts: DatabaseFacts;
  readonly superuser: Credentials;
  /** The fields of a database secret. */
  content(credentials: Credentials, more?: Record<string, unknown>): Record<string, unknown>;
  createSuperuserSecret(): Promise<string>;
  createUser(credentials: Credentials): Promise<void>;
  setPassword(username: string, password: string): Promise<void>;
  makeSuperuser(username: string, superuser: boolean): Promise<void>;
  exists(username: string): Promise<boolean>;
  /** Whether the credentials work. */
  worksFor(credentials: Credentials): Promise<boolean>;
  /** What the server stores for a user. */
  verifierOf(username: string): Promise<string>;
  /** How many logins with a password the server has let in. */
  logins(): number;
  /** How many logins the server has refused. */
  refusals(): number;
  /** The users of refused logins. */
  refusedUsers(): string[];
  /** How many connections the server has seen. */
  connections(): number;
  stopDatabase(): Promise<void>;
  startDatabase(options?: { standby: boolean }): Promise<void>;
}
