import type { DatabaseFacts, UserBinding } from '../../../src/contract/database-facts';
import type { PasswordRules } from '../../../src/contract/password-rules';
import type { ServerName } from '../../servers/installation';
import type { Credentials, RotationBench } from '../support/rotation-bench';
import type { FunctionOptions } from '../support/rotation-environment';
import type { FunctionInProcess, HandlerName } from '../support/rotation-function';
import type { Passage } from '../support/server-passage';

type Awaitable<T> = T | Promise<T>;

/** How a function changes a password. */
export type Way = 'prove' | Exclude<UserBinding['strategy'], 'dualPassword'>;
export const WAYS: readonly Way[] = ['prove', 'single', 'alternating'];

/** How many logins a server has let in, and refused. */
export interface Logins {
  readonly accepted: number;
  readonly refused: number;
}

/** A rotation that is over. */
export interface Turn {
  readonly before: Credentials;
  readonly after: Credentials;
  /** Logins that the server has let in, and refused. Absent where the server does not count them. */
  readonly logins?: Logins;
  /** Calls of Secrets Manager. */
  readonly calls: readonly string[];
}

/** Roles for a user who is created. */
export interface NewRoles {
  readonly names: string[];
  /** Database that they are in, where roles are in one. */
  readonly databaseName?: string;
  heldBy(username: string): Awaitable<boolean>;
}

/**
 * Everything that rotations need, running: Secrets Manager, and a server with its administrator.
 *
 * Whether the server is a real one, a peer of ours or one that was there before is known to `start()` alone. One that was there
 * before may keep to itself what it was sent: then the suite does without.
 */
export interface EngineBench {
  readonly rotations: RotationBench;
  /** What the deployment knows about the database. */
  readonly facts: DatabaseFacts;
  /** May change users. */
  readonly superuser: Credentials;
  /** @default a socket on the way to the server */
  readonly passage?: Passage;
  /** The fields of a secret. */
  content(credentials: Credentials, more?: Record<string, unknown>): Record<string, unknown>;
  createUser(credentials: Credentials): Awaitable<void>;
  /** A user that may not even change itself. @default one like all others */
  createReader?(credentials: Credentials): Awaitable<void>;
  exists(username: string): Awaitable<boolean>;
  /** Whether the credentials work for any client, over verified TLS. */
  worksFor(credentials: Credentials, databaseName?: string): Promise<boolean>;
  /** How many logins the server has let in, or refused. @default it does not count them */
  logins?(outcome: keyof Logins): Awaitable<number>;
  /** Every statement that the server was sent, as it keeps them. @default it keeps none that can be read */
  statements?(): Awaitable<string>;
  newRoles(): Awaitable<NewRoles>;
  /** Gives a user what it is to share with its alternate user; gives what has to hold after each turn. */
  share(app: Credentials): Awaitable<(turn: Turn, rotation: number) => Awaitable<void>>;
  /** @default the handler as it is deployed */
  inProcess?(options: FunctionOptions): FunctionInProcess;
  stop(): Promise<void>;
}

/** An engine, as the suite sees it that all of them pass. */
export interface EngineUnderTest<Bench extends EngineBench = EngineBench> {
  readonly name: string;
  readonly handler: HandlerName;
  /** What has to be installed besides Secrets Manager. */
  readonly servers: readonly ServerName[];
  /** Characters that a name can have on the server that is started. */
  readonly longestName: number;
  /** Characters of a name that the handler refuses, and what it says. */
  readonly tooLong: { readonly characters: number; readonly says: string };
  readonly reservedUsers: readonly string[];
  /** What an administrator hears that may not change users, and the server's code. */
  readonly lacking: { readonly says: string; readonly code: string };
  /** Where a statement shows the new password to the server. */
  readonly showsPassword: { readonly prove: boolean; readonly superuser: boolean };
  /** Whether the password with which a user changes itself works until the next rotation. @default false */
  readonly keepsOwnFormer?: boolean;
  /** What the server says of a password that a user has had before. @default it takes it */
  readonly refusesFormer?: string;
  /** What is said where a user is to have two passwords. Absent where it can. */
  readonly onePassword?: string;
  /** @default those that the constructs have */
  readonly passwordRules?: PasswordRules;
  /** The longest, of every character that the engine takes. */
  readonly worstPassword: PasswordRules;
  /** Whether users are made by others alone. @default false */
  readonly createsNone?: boolean;
  start(): Promise<Bench>;
  /** What secrets call a user. @default by its name */
  username?(name: string): string;
  /** The second of two users, by what secrets call the first. @default with `_clone` behind it */
  alternateOf?(username: string): string;
  /** With everything that has a meaning in statements, in settings or in the protocol; another one for each way. */
  hostileName(way: Way): string;
  /** A password that the server takes; by its number. @default one with quotation marks and spaces */
  firstPassword?(serial: number): string;
}
