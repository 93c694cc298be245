import type { Construct } from 'constructs';
import { bindCacheUserRotation, type CacheUserOptions } from './cache-user-rotation';
import { bindCustomRotation, type CustomOptions } from './custom-rotation';
import { bindDatabaseRotation, type DatabaseRotation } from './database-rotation';
import type {
  AlternatingUsersOptions, DualPasswordOptions, SingleUserOptions, SingleUserWithSuperuserOptions,
} from './database-rotation-options';
import { bindExternalRotation, type ManagedExternalOptions } from './external-rotation';
import { bindIamAccessKeyRotation, type IamAccessKeyOptions } from './iam-access-key-rotation';
import { bindLdapRotation, type LdapUserOptions } from './ldap-rotation';
import type { ManagedExternalSecretType } from './managed-external-secret-type';
import { bindNoRotation, type NoneOptions } from './no-rotation';
import type { RotationBindOptions, RotationConfig } from './rotation-config';
import { requireSecretOfService } from './service-rotation';
import { bindStepsRotation, type StepsOptions } from './steps-rotation';
import { bindValueRotation, type RegenerateOptions } from './value-rotation';
import { RotationRequest } from '../rotation-function/private/rotation-request';

/**
 * How the value of a secret is replaced by a new one.
 *
 * The factories make the rotations of this library; extend the class where none of them fits.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
 */
export abstract class Rotation {
  /**
   * The user changes its own password. For the database's admin secret, and for users whose password the database knows already.
   * Between the change and the moment when an application reads the new value, new connections of that application fail; where
   * this matters choose `alternatingUsers()`. With Redis and Valkey the former password works until the next rotation.
   *
   * @param options database and timing.
   * @throws when bound to a secret without credentials or database, or to a generated password that no database can know yet.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html
   */
  static singleUser(options: SingleUserOptions = {}): Rotation {
    return ofDatabase({ ...options, strategy: 'single', mode: 'prove' });
  }

  /**
   * A superuser changes the user's password: for users that may not change it themselves, or that do not exist yet.
   *
   * @param options database, superuser and timing.
   * @throws when bound to a secret without credentials or database, or where no superuser is known.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html
   */
  static singleUserWithSuperuser(options: SingleUserWithSuperuserOptions = {}): Rotation {
    return ofDatabase({ ...options, strategy: 'single', mode: 'superuser' });
  }

  /**
   * Two users take turns: a rotation gives the idle one a new password and makes it current, while the other's still works.
   * The second user is named `<username>_clone`, is made by the superuser, and may do what the first may.
   *
   * @param options database, superuser and timing.
   * @throws when bound to a secret without credentials or database, where no superuser is known, or the name leaves no room for
   *   its clone's.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html
   */
  static alternatingUsers(options: AlternatingUsersOptions = {}): Rotation {
    return ofDatabase({ ...options, strategy: 'alternating', mode: 'superuser' });
  }

  /**
   * The user has two passwords for a while: a superuser sets the new one, and the former one works until the next rotation.
   * For MySQL 8.0.14 and newer, Amazon Aurora MySQL 3, Redis and Valkey. Unlike `alternatingUsers()` it needs no second user, so
   * whatever applications know about their user, such as the definer of views, stays as it is.
   *
   * @param options database, superuser and timing.
   * @throws when bound to a secret without credentials or database, where no superuser is known, or users of the engine have one
   *   password.
   * @see https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
   */
  static dualPassword(options: DualPasswordOptions = {}): Rotation {
    return ofDatabase({ ...options, strategy: 'dualPassword', mode: 'superuser' });
  }

  /**
   * A user of Amazon ElastiCache or Amazon MemoryDB has two passwords: the service is given the new one beside the one that
   * clients hold, which works until the next rotation.
   * The function changes the user by the service's API and needs no password for it. How the user gets its first one, and what an
   * update of the user's resource does, is in `docs/rotation/elasticache-and-memorydb.md`.
   *
   * @param options user and timing.
   * @throws when bound to a secret without a cache user, to a user that has a secret already, or where the function would not
   *   reach the service.
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/User-Secrets-Manager.html
   */
  static cacheUser(options: CacheUserOptions = {}): Rotation {
    return new BuiltInRotation((scope, request) => bindCacheUserRotation(scope, request, options));
  }

  /**
   * An IAM user has two access keys: each rotation makes a new one beside the one that clients hold, which is deactivated after a
   * while and deleted before the next. The secret holds `accessKeyId` and `secretAccessKey`: a key of the user, which is taken
   * over, or a `SecretContent.placeholder()` until the first rotation. `docs/rotation/iam-access-keys.md` says more.
   *
   * @param options user and timing.
   * @throws where the content, the user, how long the former key works, or the network cannot be right.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
   */
  static iamAccessKey(options: IamAccessKeyOptions): Rotation {
    return new BuiltInRotation((scope, request) => bindIamAccessKeyRotation(scope, request, options));
  }

  /**
   * A user in an LDAP directory gets a new password: by itself, by a superuser, or as one of two that take turns.
   *
   * @param options directory, superuser and timing.
   * @throws when bound to a secret without credentials or directory, to a generated password that the directory cannot know
   *   yet, or where two users would need a superuser.
   * @see https://www.rfc-editor.org/rfc/rfc3062
   */
  static ldapUser(options: LdapUserOptions = {}): Rotation {
    return new BuiltInRotation((scope, request) => bindLdapRotation(scope, request, options));
  }

  /**
   * A new value, for secrets that only their readers have to agree on: signing keys, shared tokens, key pairs.
   * It is made in the rotation function and goes where the content generates its first value, which is a random string. Other
   * fields of a JSON document stay as they are. `docs/rotation/generated-values.md` says how a reader can tell the first value
   * from a rotated one.
   *
   * @param options what is made, and timing.
   * @throws when bound to content that was not generated, or to one that has no place for what the generator makes.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
   */
  static regenerate(options: RegenerateOptions = {}): Rotation {
    return new BuiltInRotation((scope, request) => bindValueRotation(scope, request, options));
  }

  /**
   * A function of yours, defined in the app or imported, that carries out the four steps of a rotation.
   * It is granted access to this secret and, through Secrets Manager, to its key. It gets an alarm on its errors, about 0.10 USD
   * a month. The daily audit for rotations that did not happen does not cover it. `docs/rotation/custom-and-managed.md` says what
   * it has to do.
   *
   * @param options the function, what else it may do, and timing.
   * @throws when bound to a version or an alias, to a function of another account, Region or stage, or to one that cannot be
   * given its permissions or cannot be named in the secret's stack.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
   */
  static custom(options: CustomOptions): Rotation {
    return new BuiltInRotation((scope, request) => bindCustomRotation(scope, request, options));
  }

  /**
   * A function of yours that brings only what differs: how a value is made valid in another system, and how it is tried out.
   * Its code calls `rotationHandler()` of `cdk-secretsmanager-patterns/rotation-runtime` with these steps, and this library does
   * the rest: the labels, steps that may be repeated, the log, the daily audit. It is granted access to this secret and its key,
   * learns which secrets it rotates, and gets an alarm on its errors, about 0.10 USD a month. `docs/rotation/steps.md` says more.
   *
   * @param options the function and timing.
   * @throws when bound to a function of another account, Region or stage, to one that times out early, that cannot be given its
   * permissions, or cannot be named in the secret's stack.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
   */
  static steps(options: StepsOptions): Rotation {
    return new BuiltInRotation((scope, request) => bindStepsRotation(scope, request, options));
  }

  /**
   * The service that made the secret rotates it: the master passwords of Amazon Aurora, Amazon RDS, Amazon Redshift and Amazon
   * DocumentDB that the service manages, certificates of Amazon ECS Service Connect.
   * For such a secret, imported by its ARN, as `SecretHardening.fromSecret(secret).addRotation(Rotation.managedByService())`.
   * Nothing is made: when the secret rotates is set at the service. Another rotation is refused from then on, and
   * `SecretMonitoring.rotationFailure({ topic })` sends what Secrets Manager reports of failed rotations. There is no function,
   * and so no alarm.
   *
   * @throws when bound to a secret that is defined in the app, a `HardenedSecret` among them: no service rotates that one.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
   */
  static managedByService(): Rotation {
    return new ServiceRotation();
  }

  /**
   * Secrets Manager rotates a secret that a partner of AWS holds, such as a client secret of Salesforce or a key pair of
   * Snowflake: without a function.
   * The secret gets the partner's type, and a role that Secrets Manager assumes. Its content is what the partner says, given by
   * `SecretContent.fromSecretValue()`. There is no function, and so no alarm: give `SecretMonitoring.rotationFailure({ topic })`.
   *
   * @param type which partner's credentials.
   * @param options timing.
   * @throws when bound to generated content, or to a secret that is not defined in the app.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/managed-external-secrets.html
   */
  static managedExternal(type: ManagedExternalSecretType, options: ManagedExternalOptions = {}): Rotation {
    return new BuiltInRotation((scope, request) => bindExternalRotation(scope, request, type, options));
  }

  /**
   * The secret does not rotate, and somebody has a reason for it.
   *
   * @param reason why not, and how the secret is renewed instead; for those who read the code.
   * @param options the day on which the decision is to be looked at again.
   * @throws when bound with an empty reason, or to a day that is none.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
   */
  static none(reason: string, options: NoneOptions = {}): Rotation {
    return new BuiltInRotation((scope, request) => bindNoRotation(scope, request, reason, options));
  }

  /** @internal */
  readonly _isOfService: boolean = false;

  /**
   * Makes what the rotation needs and says what the schedule starts.
   *
   * @param scope where constructs of the rotation belong.
   * @param options the secret.
   */
  abstract bind(scope: Construct, options: RotationBindOptions): RotationConfig;

  /**
   * Binds with all that is known about the secret, which only the rotations of this library use.
   *
   * @internal
   */
  _bindTo(scope: Construct, request: RotationRequest): RotationConfig {
    return this.bind(scope, { secret: request.secret });
  }
}

function ofDatabase(rotation: DatabaseRotation): Rotation {
  return new BuiltInRotation((scope, request) => bindDatabaseRotation(scope, request, rotation));
}

class BuiltInRotation extends Rotation {
  constructor(private readonly binder: (scope: Construct, request: RotationRequest) => RotationConfig) {
    super();
  }

  override _bindTo(scope: Construct, request: RotationRequest): RotationConfig {
    return this.binder(scope, request);
  }

  bind(scope: Construct, options: RotationBindOptions): RotationConfig {
    return this._bindTo(scope, RotationRequest.require(scope, options.secret));
  }
}

class ServiceRotation extends Rotation {
  readonly _isOfService = true;

  bind(scope: Construct, { secret }: RotationBindOptions): RotationConfig {
    requireSecretOfService(scope, secret);
    return {};
  }
}
