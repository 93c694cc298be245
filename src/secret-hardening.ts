import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnResourcePolicy, CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SecretContent } from './content/secret-content';
import { ConflictError } from './core/errors';
import { refuseNestedCircle } from './core/nested-circles';
import { requireSecret } from './core/require-secret';
import { keyFactsOf } from './encryption/private/key-reference';
import type { RotationAlarm } from './monitoring/private/rotation-alarm';
import { RotationTopics } from './monitoring/private/rotation-topics';
import type { SecretMonitoring } from './monitoring/secret-monitoring';
import { bindGuardRails, type GuardRail } from './resource-policy/guard-rail';
import { actionScope } from './rotated-action/private/action-scope';
import { addRotatedAction } from './rotated-action/private/add-rotated-action';
import { sendToTarget } from './rotated-action/private/rotated-rules';
import type { RotatedAction } from './rotated-action/rotated-action';
import { RotationSchedule } from './rotation/private/rotation-schedule';
import type { Rotation } from './rotation/rotation';
import { RotationTiming } from './rotation/rotation-timing';
import { type RotationFacts, RotationRequest } from './rotation-function/private/rotation-request';
import { AttachedSecret } from './secret/private/attached-secret';
import { requireOnlyConfiguration } from './secret/private/only-configuration';
import { warnOfReadersWithoutDecrypt } from './secret/private/reader-without-decrypt';
import { refuseTooManyTags } from './secret/private/secret-tags';
import { SecretsPlatform } from './secrets-platform';

/**
 * Facts about a secret that another construct made.
 */
export interface SecretHardeningOptions {
  /**
   * The platform whose functions rotate the secret.
   *
   * @default - that of the secret's stack
   */
  readonly platform?: SecretsPlatform;

  /**
   * What the secret holds. Rotations need to know the user and the database, or which field is generated; the value is left as it
   * is.
   *
   * @default - not known
   */
  readonly content?: SecretContent;
}

/**
 * Adds guard rails, rotation and monitoring to a secret that exists already, in place: nothing is replaced.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html
 *
 * @example
 * const hardening = SecretHardening.fromSecret(existing);
 * hardening.addGuardRails([GuardRail.tlsOnly()]);
 * hardening.addMonitoring(SecretMonitoring.rotationFailure({ topic }));
 */
export class SecretHardening {
  /**
   * The hardening of a secret: always the same for one secret.
   *
   * @param secret a secret of the app, or an imported one. A `HardenedSecret` is passed as `x.secret`.
   * @param options facts about it.
   * @throws where the secret is hardened already, and other options are given.
   */
  static fromSecret(secret: ISecret, options: SecretHardeningOptions = {}): SecretHardening {
    const owner = AttachedSecret.ownerOf(requireSecret('SecretHardening.fromSecret(secret)', secret));
    const known = RotationRequest.find(owner);
    if (!(known instanceof HardenedRecord)) {
      return SecretHardening._of(factsOf(owner, options), options);
    }
    known.hardening.refuseOthers(options);
    return known.hardening;
  }

  /** @internal */
  static _of(facts: RotationFacts, options: SecretHardeningOptions = {}): SecretHardening {
    return new SecretHardening(facts, options);
  }

  private readonly request: RotationRequest;
  private readonly rotation: RotationSchedule;
  private readonly topics: RotationTopics;
  private readonly actionAlarms = new Set<RotationAlarm>();
  private readonly actionTopics = new Set<ITopic>();

  private constructor(facts: RotationFacts, private readonly options: SecretHardeningOptions) {
    this.request = new HardenedRecord(facts, this);
    requireOnlyConfiguration(this.request);
    refuseNestedCircle(this.request.scope);
    const resource = this.request.secret.node.defaultChild;
    if (resource instanceof CfnSecret) {
      refuseTooManyTags(resource);
    }
    warnOfReadersWithoutDecrypt(this.request);
    this.rotation = new RotationSchedule(this.request, RotationTiming._DEFAULT);
    this.topics = new RotationTopics(this.request);
  }

  /**
   * Forbids things in the secret's resource policy, and public policies altogether.
   *
   * @param rails what to forbid.
   * @throws where the secret is imported: its resource policy cannot be changed here.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
   */
  addGuardRails(rails: GuardRail[]): void {
    const statements = bindGuardRails(this.request.scope, rails, { rotationRoles: () => this.rotation.roles });
    for (const statement of statements) {
      const { statementAdded, policyDependable: policy } = this.request.secret.addToResourcePolicy(statement);
      if (!statementAdded) {
        throw new ConflictError(
          this.request.scope,
          'the guard rails would have no effect: the resource policy of an imported secret cannot be changed',
          'add them where the secret is defined',
        );
      }
      const resource = Construct.isConstruct(policy) ? policy.node.defaultChild : undefined;
      if (resource instanceof CfnResourcePolicy) {
        resource.blockPublicPolicy = true;
      }
    }
  }

  /**
   * Rotates the secret.
   *
   * @param rotation how.
   * @throws where the secret rotates already, or cannot rotate so.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
   */
  addRotation(rotation: Rotation): void {
    this.rotation.add(rotation);
    if (this.rotation.isThere) {
      this.topics.watch(this.rotation);
    }
  }

  /**
   * Does something once the secret has a new value: it was rotated, or somebody gave it another one.
   *
   * One function acts for all secrets of a platform on consumers of one stack. Its failures go to a queue with an alarm, and
   * another alarm tells where events no longer reach it; both notify the topics of `SecretMonitoring.rotationFailure({ topic })`.
   *
   * @param id unique among the secret's actions.
   * @param action what is done, and to which consumer.
   * @throws for an id that another action has, and where the consumer is in another stage, account or Region, or cannot be acted
   *   on.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html
   */
  onRotated(id: string, action: RotatedAction): void {
    const scope = actionScope(this.request.scope, id);
    const choice = action._rotated;
    this.request.actOn();
    if ('target' in choice) {
      sendToTarget(scope, this.request, choice.target);
      return;
    }
    for (const alarm of addRotatedAction(scope, this.request, choice.action, (beside) => this.request.functionsFor(beside))) {
      this.actionAlarms.add(alarm);
      this.actionTopics.forEach((topic) => alarm.addTopic(topic, this.request.scope));
    }
  }

  /**
   * Monitors the rotation, also one added later, and notifies a topic.
   *
   * @param monitoring what is watched.
   * @throws where the topic's stack would depend on itself; at synthesis, where there is a topic and no rotation of this library.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring.html
   */
  addMonitoring(monitoring: SecretMonitoring): void {
    this._watch(monitoring);
    const { topic } = monitoring._choice;
    if (topic) {
      this.request.scope.node.addValidation({
        validate: () => this.rotation.isThere || this.actionAlarms.size > 0 ? [] : [
          `the topic '${topic.node.path}' would never be notified, for no rotation of this library rotates the secret; `
            + 'add one, or leave the topic out',
        ],
      });
    }
  }

  /**
   * Monitors the rotation if one is ever added, as the default of a platform does for all its secrets.
   *
   * @internal
   */
  _watch(monitoring: SecretMonitoring): void {
    monitoring._validate(this.request.scope);
    const { kind, topic } = monitoring._choice;
    if (kind === 'none') {
      this.request.monitor(false);
    } else if (topic) {
      this.topics.add(topic);
      this.actionTopics.add(topic);
      this.actionAlarms.forEach((alarm) => alarm.addTopic(topic, this.request.scope));
    }
  }

  /** @internal */
  get _alarms(): IAlarm[] {
    return [...this.rotation.alarm ? [this.rotation.alarm] : [], ...this.actionAlarms].map(({ alarm }) => alarm);
  }

  private refuseOthers(options: SecretHardeningOptions): void {
    const other = (['platform', 'content'] as const).find(
      (name) => options[name] !== undefined && options[name] !== this.options[name],
    );
    if (other) {
      throw new ConflictError(this.request.scope, `the secret is hardened already, and \`${other}\` would be ignored`,
        'give the options to the first SecretHardening.fromSecret() of the secret; those of a HardenedSecret are its properties');
    }
  }
}

/** The record of a secret that is hardened: how its hardening is found again. */
class HardenedRecord extends RotationRequest {
  constructor(facts: RotationFacts, readonly hardening: SecretHardening) {
    super(facts);
  }
}

function factsOf(secret: ISecret, options: SecretHardeningOptions): RotationFacts {
  const scope = secret as unknown as Construct;
  const platform = options.platform ?? SecretsPlatform._ofStack(scope);
  const { generate: _, ...content } = options.content?._bind(scope, {}) ?? {};
  const key = secret.encryptionKey;
  const resource = secret.node.defaultChild;
  const name = resource instanceof CfnSecret && !Token.isUnresolved(resource.name) ? resource.name : undefined;
  return {
    scope,
    secret,
    fixedName: name,
    content,
    key: key && keyFactsOf(key),
    functions: platform._functions,
    functionsBeside: options.platform ? undefined : (construct) => SecretsPlatform._ofStack(construct)._functions,
  };
}
