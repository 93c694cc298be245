import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnSecret, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { SecretContent } from './content/secret-content';
import { type CreationRecorder, recordCreationOnce } from './core/creation-stack';
import { ValidationError } from './core/errors';
import { KEPT } from './core/keep-with';
import { requireArguments } from './core/require-shape';
import { requireText } from './core/validate';
import { SecretDelivery } from './delivery/secret-delivery';
import { bindEncryption, SecretEncryption } from './encryption/secret-encryption';
import type { HardenedSecretProps } from './hardened-secret-props';
import { SecretMetrics } from './monitoring/secret-metrics';
import { SecretMonitoring } from './monitoring/secret-monitoring';
import { bindReplicas, type ReplicaConfig, replicaSecret } from './replication/secret-replica';
import { GuardRail } from './resource-policy/guard-rail';
import type { RotatedAction } from './rotated-action/rotated-action';
import type { Rotation } from './rotation/rotation';
import { OwnedSecret } from './secret/private/owned-secret';
import { refuseSecretMembers } from './secret/private/secret-members';
import { claimSecretName, validateSecretName } from './secret/private/secret-name';
import { SecretRecord } from './secret/private/secret-record';
import { SecretGrants } from './secret/secret-grants';
import { SecretHardening } from './secret-hardening';
import { SecretsPlatform } from './secrets-platform';

/** Stable: users acknowledge the warnings by these names. */
const NO_ROTATION = 'cdk-secretsmanager-patterns:noRotation';
const ADDRESS_IN_TEMPLATE = 'cdk-secretsmanager-patterns:addressInTemplate';

/**
 * A secret that is encrypted with a key of yours, guarded by a resource policy, rotated, replicated and monitored.
 *
 * Each part can be replaced; `secret` is the ordinary AWS CDK secret behind it.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html
 *
 * @example
 * const credentials = new HardenedSecret(this, 'MyCustomAppCreds', {
 *   content: SecretContent.databaseCredentials({
 *     username: 'my_custom_app',
 *     database: DatabaseTarget.fromRdsInstance(personnelInstance),
 *   }),
 *   rotation: Rotation.alternatingUsers(),
 * });
 * credentials.delivery.toLambda(myCustomApp);
 */
export class HardenedSecret extends Construct {
  /** The customer managed key that encrypts the secret: none for the AWS managed key, and where only the key's alias is known. */
  readonly encryptionKey?: IKey;

  private readonly recordCreation: CreationRecorder;
  private readonly owned: OwnedSecret;
  private readonly hardening: SecretHardening;
  private readonly replicas: ReplicaConfig[];
  private readonly replicaSecrets = new Map<string, ISecret>();

  constructor(scope: Construct, id: string, props: HardenedSecretProps = {}) {
    super(scope, id);
    this.recordCreation = recordCreationOnce(this);
    requireArguments(this, 'HardenedSecret', [scope, id, props]);
    validateSecretName(this, props.secretName);
    requireText({ scope: this, property: 'description', remedy: 'shorten it' }, props.description, {
      maximum: 2048,
      allowed: 'at most 2,048 characters',
    });

    const platform = props.platform ?? SecretsPlatform._ofStack(this);
    const defaults = platform._defaults;
    const encryption =
      props.encryption ?? defaults.encryption ?? (props.platform ? SecretEncryption.sharedKey() : SecretEncryption.ownKey());
    const content = (props.content ?? SecretContent.generated())._bind(this, this);
    const removalPolicy = props.removalPolicy ?? defaults.removalPolicy ?? KEPT;
    const key = bindEncryption(this, encryption, platform, removalPolicy);
    this.encryptionKey = key?.key;
    platform._add(this, props.secretName, key);
    const { platformName } = platform;
    this.replicas = bindReplicas(this, props.replicas ?? defaults.replicas ?? [], { platformName, platform, removalPolicy });
    claimSecretName(this, props.secretName, this.replicas.map(({ region }) => region));

    this.owned = new OwnedSecret(this, 'Default', {
      secretName: props.secretName,
      description: props.description,
      generate: content.generate,
      value: content.value,
      key,
      removalPolicy,
      replicas: this.replicas.map(({ region, kmsKeyId }) => ({ region, kmsKeyId })),
    });
    if (content.adopted && !content.generate) {
      // The AWS CDK generates a value where nobody gives one.
      this.cfnSecret.generateSecretString = undefined;
    }
    const attachment = content.credentials?.database?.attachment;
    if (attachment) {
      this.owned.attach(attachment);
    }

    const monitoring = props.monitoring ?? defaults.monitoring ?? SecretMonitoring.rotationFailure();
    this.hardening = SecretHardening._of({
      scope: this,
      secret: this.owned,
      fixedName: this.owned.fixedName,
      removalPolicy,
      key,
      content,
      network: props.network?._facts,
      replicaRegions: this.replicas.map(({ region }) => region),
      functions: platform._functions,
      functionsBeside: props.platform ? undefined : (construct) => SecretsPlatform._ofStack(construct)._functions,
    });
    this.hardening.addGuardRails(props.guardRails ?? defaults.guardRails ?? [GuardRail.tlsOnly()]);
    if (props.rotation) {
      this.hardening.addRotation(props.rotation);
    } else {
      Annotations.of(this)
        .addWarningV2(NO_ROTATION, 'nothing rotates the secret; give it a `rotation`, or say with Rotation.none(reason) why not');
    }
    if (content.credentials?.database && !content.adopted && !attachment && !this.rotationFunction) {
      Annotations.of(this).addWarningV2(ADDRESS_IN_TEMPLATE, 'host and port of the database are in the template beside the '
        + 'generated password: another host or port, or a rotation that is added after the first deployment, generates '
        + 'a new password, which the database does not know; rotate the secret from the start');
    }
    if (props.monitoring) {
      this.hardening.addMonitoring(monitoring);
    } else {
      this.hardening._watch(monitoring);
    }
    this.recordCreation(new.target);
  }

  /**
   * The secret, as an ordinary AWS CDK secret: with the database's host in it, where CloudFormation attaches it to one.
   *
   * Grants that other constructs make on it include the key.
   */
  get secret(): ISecret {
    return this.owned.consumable;
  }

  /**
   * The resource of the secret, for what the AWS CDK and this library do not offer. `x.secret.node.defaultChild` may be its
   * attachment to a database instead.
   *
   * A change of its `GenerateSecretString` generates a new value.
   *
   * @see https://docs.aws.amazon.com/cdk/v2/guide/cfn-layer.html
   */
  get cfnSecret(): CfnSecret {
    return this.owned.node.defaultChild as CfnSecret;
  }

  /** Grants of access to the secret. */
  get grants(): SecretGrants {
    return SecretGrants.fromSecret(this.secret);
  }

  /** Ways for applications and services to get the value, each with everything that it needs. */
  get delivery(): SecretDelivery {
    return SecretDelivery.fromSecret(this.secret);
  }

  /** ARN of the secret, with the six random characters at its end. */
  get secretArn(): string {
    return this.secret.secretArn;
  }

  /** Official metrics of the secret's rotation. */
  get metrics(): SecretMetrics {
    return SecretMetrics.fromSecret(this.owned);
  }

  /** The function that rotates the secret: none where nothing rotates it, or Secrets Manager itself. */
  get rotationFunction(): IFunction | undefined {
    return SecretRecord.of(this.owned).rotationFunction;
  }

  /**
   * The alarms that tell when a rotation fails or did not happen, where a function rotates the secret, and when a consumer could
   * not be acted on after it, where `onRotated()` asks for that.
   */
  get alarms(): IAlarm[] {
    return this.hardening._alarms;
  }

  /**
   * Rotates the secret. Use it where the rotation needs a resource that is created after the secret, such as the database of an
   * admin secret.
   *
   * @param rotation how.
   * @throws where the secret rotates already, or cannot rotate so.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
   */
  addRotation(rotation: Rotation): void {
    this.hardening.addRotation(rotation);
    this.recordCreation(this.addRotation);
    Annotations.of(this).acknowledgeWarning(NO_ROTATION);
    Annotations.of(this).acknowledgeWarning(ADDRESS_IN_TEMPLATE);
  }

  /**
   * Does something once the secret has a new value: it was rotated, or somebody gave it another one.
   *
   * @param id unique among the secret's actions.
   * @param action what is done, and to which consumer.
   * @throws for an id that another action has, and where the consumer is in another stage, account or Region, or cannot be acted
   *   on.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html
   */
  onRotated(id: string, action: RotatedAction): void {
    this.hardening.onRotated(id, action);
    this.recordCreation(this.onRotated);
  }

  /**
   * The copy of the secret in another Region, for readers there: it needs a fixed `secretName`.
   *
   * @param region one of the Regions given in `replicas`.
   * @throws where the secret is not replicated there, or has no fixed name.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/create-manage-multi-region-secrets.html
   */
  replica(region: string): ISecret {
    const replica = this.replicas.find((candidate) => candidate.region === region);
    if (!replica) {
      throw new ValidationError({
        scope: this,
        property: 'replica(region)',
        got: region,
        allowed: this.replicas.map((candidate) => candidate.region).join(', ') || 'none: the secret has no replicas',
        remedy: 'add SecretReplica.inRegion(region) to `replicas`',
      });
    }
    const known = this.replicaSecrets.get(region) ?? replicaSecret(this, replica, this.owned.fixedName, this.owned);
    this.replicaSecrets.set(region, known);
    return known;
  }
}

refuseSecretMembers(HardenedSecret.prototype);
