import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Names, type RemovalPolicy, Stack, Token } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { ConflictError } from './core/errors';
import { requireSameIn } from './core/names-elsewhere';
import { claimOnce } from './core/once';
import { requireArguments } from './core/require-shape';
import { requireDuration, requireInteger, requireText } from './core/validate';
import { EncryptionKey, type KeyFacts } from './encryption/private/encryption-key';
import { requireKeyItself } from './encryption/private/usable-key';
import { PlatformGrants } from './platform-grants';
import { RotationFunctions } from './rotation-function/private/function-pool';
import { deployAfterPlatform, requireSameEnvironment } from './rotation-function/private/platform-dependency';
import { SecretsOfPlatform } from './secret/private/secrets-of-platform';
import type { SecretDefaults } from './secret-defaults';
import type { SecretsPlatformProps } from './secrets-platform-props';

const IMPLICIT_ID = 'SecretsPlatform';
const MAXIMUM_NAME_LENGTH = 32;
const TAG_NAME = { minimum: 1, maximum: 128, pattern: /^(?!aws:)/i, allowed: 'names of 1 to 128 characters, not with `aws:`' };
const TAG_VALUE = { maximum: 256, allowed: 'at most 256 characters' };
const PLATFORM_NAMES = '1 to 32 letters, digits and inner hyphens, beginning with a letter and not with `aws`';

/**
 * What the secrets of an application or a team share: rotation functions, their endpoint and alarms, a key, defaults.
 *
 * Dependencies point one way: readers depend on secrets, secrets on their platform, the platform on databases and networks.
 * Secrets of other stacks of the same stage may use it; it exports nothing.
 *
 * Secrets that name no platform share one for each stack, made when the first of them needs it.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html
 *
 * @example
 * const shared = new SecretsPlatform(this, 'Secrets', {
 *   platformName: 'orders',
 *   defaults: { network: RotationNetwork.of({ vpc }), replicas: [SecretReplica.inRegion('eu-west-1')] },
 * });
 * new HardenedSecret(teamStack, 'OrdersDb', { platform: shared, secretName: 'orders/database' });
 */
export class SecretsPlatform extends Construct {
  /**
   * The platform of secrets that name none: one for each stack.
   *
   * @internal
   */
  static _ofStack(scope: IConstruct): SecretsPlatform {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(IMPLICIT_ID);
    if (existing && !(existing instanceof SecretsPlatform)) {
      throw new ConflictError(scope, `the platform of the stack cannot be made: '${existing.node.path}' exists `
        + 'and is not a SecretsPlatform', 'give the secret a `platform`, or that construct another id');
    }
    return existing ?? new SecretsPlatform(stack, IMPLICIT_ID);
  }

  /**
   * Name of the platform: what its functions and the alias of its key begin with.
   */
  readonly platformName: string;

  /**
   * What the names of all secrets of the platform begin with, before a slash: nothing where it is not given.
   */
  readonly secretNamePrefix?: string;

  /** Grants of access to all secrets of the platform: it needs a `secretNamePrefix`. */
  readonly grants: PlatformGrants;

  /** @internal */
  readonly _defaults: SecretDefaults;
  /** @internal */
  readonly _functions: RotationFunctions;
  private readonly secrets: SecretsOfPlatform;
  private sharedKey?: EncryptionKey;

  constructor(scope: Construct, id: string, props: SecretsPlatformProps = {}) {
    super(freeScope(scope, id), id);
    requireArguments(this, 'SecretsPlatform', [scope, id, props]);
    const given = props.rotationFunctions ?? {};
    const settings = { ...given, encryptionKey: given.encryptionKey && this.keyOfFunctions(given.encryptionKey) };
    requireText(
      {
        scope: this,
        property: 'platformName',
        remedy: 'choose a short name that no other platform of the account and Region has',
      },
      props.platformName,
      { minimum: 1, maximum: MAXIMUM_NAME_LENGTH, pattern: /^(?!aws)[A-Z]([A-Z0-9-]*[A-Z0-9])?$/i, allowed: PLATFORM_NAMES },
    );
    requireInteger(
      { scope: this, property: 'rotationFunctions.memorySize', remedy: 'choose another size' },
      settings.memorySize,
      128,
      10240,
      'MiB',
    );
    requireDuration(
      { scope: this, property: 'rotationFunctions.timeout', remedy: 'choose another timeout' },
      settings.timeout,
      30,
      900,
    );
    requireInteger(
      { scope: this, property: 'rotationFunctions.reservedConcurrentExecutions', remedy: 'reserve as many as rotate at once' },
      settings.reservedConcurrentExecutions,
      1,
      1000,
    );
    requireTags(this, settings.tags);
    this.platformName = props.platformName ?? Names.uniqueResourceName(this, { maxLength: MAXIMUM_NAME_LENGTH, separator: '-' });
    if (!Token.isUnresolved(this.platformName)) {
      claimOnce(this, {
        what: `platform of the name '${this.platformName}'`,
        extent: 'account and Region',
        remedy: 'give it another `platformName`, or use that one',
      });
    }
    this.secretNamePrefix = props.secretNamePrefix;
    this.secrets = new SecretsOfPlatform(this, props.secretNamePrefix);
    this.grants = PlatformGrants._of(this, this.secrets);
    this._defaults = props.defaults ?? {};
    this._functions = new RotationFunctions(this, 'Rotation', {
      platformName: this.platformName,
      settings,
      network: props.defaults?.network?._facts,
    });
  }

  /**
   * The functions that rotate secrets of the platform so far: a function appears with the first secret that needs it.
   */
  get rotationFunctions(): IFunction[] {
    return this._functions.all.map((made) => made.rotationFunction);
  }

  /**
   * The key that secrets of the platform share: made when it is first asked for. It costs about 1 USD a month.
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#customer-cmk
   */
  get encryptionKey(): IKey {
    this.key.keepWith(this._defaults.removalPolicy);
    return this.key.key;
  }

  /**
   * The shared key as a secret of any stack refers to it: by its alias from another stack, so that nothing is exported.
   *
   * @internal
   */
  _keyFor(secret: IConstruct, removalPolicy: RemovalPolicy): KeyFacts {
    this.key.keepWith(removalPolicy);
    const { facts } = this.key;
    if (Stack.of(secret) === Stack.of(this)) {
      return facts;
    }
    deployAfterPlatform(secret, this);
    requireSameIn(secret, { scope: this, property: 'platformName', name: this.platformName });
    return { ...facts, kmsKeyId: this.key.aliasName, afterPlatform: true };
  }

  /**
   * Takes a secret in, or refuses its name.
   *
   * @internal
   */
  _add(secret: IConstruct, secretName?: string, key?: KeyFacts): void {
    if (this.secretNamePrefix !== undefined) {
      requireSameEnvironment(secret, this);
      this.secrets.add(secret, secretName, key);
    }
  }

  private keyOfFunctions(given: IKey): IKey {
    return requireKeyItself({
      scope: this,
      property: 'rotationFunctions.encryptionKey',
      services: 'CloudWatch Logs and AWS Lambda',
      whose: 'the platform\'s',
      elsewhere: '',
    }, given);
  }

  private get key(): EncryptionKey {
    return this.sharedKey ??= new EncryptionKey(this, 'Key', {
      aliasName: `alias/${this.platformName}`,
      description: `Encrypts the secrets of ${this.platformName}`,
    });
  }
}

/** The scope, unless a secret that names no platform came first and has made the one of this id. */
function freeScope(scope: Construct, id: string): Construct {
  const existing = scope.node.tryFindChild(id);
  if (existing instanceof SecretsPlatform) {
    throw new ConflictError(existing, 'the platform exists already: the first secret of the stack that names none has made it',
      'make it before the secrets, or under another id');
  }
  return scope;
}

/** AWS refuses other tags, resource by resource, when they are deployed. */
function requireTags(scope: IConstruct, tags: { [name: string]: string } = {}): void {
  const remedy = 'name the tag otherwise';
  for (const [name, value] of Object.entries(tags)) {
    requireText({ scope, property: 'rotationFunctions.tags', remedy }, name, TAG_NAME);
    requireText({ scope, property: `rotationFunctions.tags['${name}']`, remedy: 'shorten it' }, value, TAG_VALUE);
  }
}
