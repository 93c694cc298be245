import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Database to connect to, where it is not the deployment's. */
  readonly databaseName?: string;
}

/** A new password, and the token of the version that holds it: what makes setting it twice the same as setting it once. */
export interface NewPassword {
  readonly password: string;
  readonly token: string;
}

/** A user that is changed by a superuser. */
export interface UserChange extends NewPassword {
  readonly username: string;
  /** The database that the user signs in to, where it is not the deployment's. */
  readonly databaseName?: string;
  /** Present where the user may be created: the roles it becomes a member of. */
  readonly createWithRoles?: readonly string[];
  /** Present where a user has two passwords: the one that clients hold, which has to go on working beside the new one. */
  readonly retain?: string;
  /** Present where no other password of the user may go on working. */
  readonly discardOthers?: boolean;
}

/** The second of two users that take turns. */
export interface AlternateChange extends UserChange {
  /** The user whose rights it has. */
  readonly base: string;
}

/** The user that has signed in, as the database reports it. */
export interface Identity {
  readonly username: string;
  /** Whose rights the session uses; absent where they are the user's own, copied from the base. */
  readonly actingAs?: string;
}

/** A session of a user whose login worked. */
export interface CredentialSession {
  readonly identity: Identity;
  changeOwnPassword(change: NewPassword): Promise<void>;
  /** As superuser: changes the password of a user, or creates the user where that is allowed. */
  changeUser(change: UserChange): Promise<void>;
  /** As superuser: the same for an alternate user, whose rights are those of the base. */
  changeAlternate(change: AlternateChange): Promise<void>;
  close(): Promise<void>;
}

/**
 * Port to the place where credentials work: one for each engine. Every failure is a `RotationError`.
 *
 * A target knows host, port and certificate authorities from the deployment; credentials never choose them.
 */
export interface CredentialTarget {
  /** The engine's names in secrets. */
  readonly engines: readonly string[];
  /** Connects, verifies the server, signs in and does a read. Throws {@link SignInRefused} where the credentials are wrong. */
  signIn(credentials: Credentials, deadline: Deadline): Promise<CredentialSession>;
  /** Throws for a user that cannot or must not be rotated, by any strategy. */
  checkUsername(username: string): void;
  /** Throws where users of the server cannot have a second password. */
  checkTwoPasswords(): void;
  /** Throws for a password that cannot be set. */
  checkPassword(password: string): void;
}

/** The database does not accept the credentials. */
export class SignInRefused extends RotationError {
  /** Not an own property, so that printing the error does not show the user name. */
  readonly #wasSetFor?: (token: string) => boolean;

  constructor(code: string | undefined, wasSetFor?: (token: string) => boolean, text = 'the database refused the login') {
    super('authentication', text, code);
    this.#wasSetFor = wasSetFor;
  }

  /** Whether the password that the database holds was set for the version with this token, where the target can tell. */
  get wasSetFor(): ((token: string) => boolean) | undefined {
    return this.#wasSetFor;
  }
}

/** The password is right, and works only once it has been replaced: nobody tries another one, and a superuser's new one helps. */
export class PasswordOver extends SignInRefused {}
