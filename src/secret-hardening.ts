import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResourcePolicy, CfnRotationSchedule, CfnSecret, type CfnRotationScheduleProps, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Resource, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SecretContent } from './content/secret-content';
import { ROTATION_MARKER_TAG } from './contract/handler-contract';
import { ConflictError } from './core/errors';
import { requireSecret } from './core/require-secret';
import { keyFactsOf } from './encryption/private/key-reference';
import type { RotationAlarm } from './monitoring/private/rotation-alarm';
import { RotationEvents } from './monitoring/private/rotation-events';
import type { SecretMonitoring } from './monitoring/secret-monitoring';
import { bindGuardRails, type GuardRail, type RotationRole } from './resource-policy/guard-rail';
import type { Rotation } from './rotation/rotation';
import { CustomFunction } from './rotation-function/private/custom-function';
import { AttachedSecret } from './secret/private/attached-secret';
import { isExpected } from './rotation-function/private/expect-secret';
import { OwnedSecret } from './secret/private/owned-secret';
import { setRotationContext, type RotationContext } from './rotation-function/private/rotation-request';
import { RotationFunction } from './rotation-function/private/rotation-function';
import { rotationFunctionOf, setRotationFunction } from './secret/private/rotation-registry';
import type { ExternalRotationConfig, RotationConfig } from './rotation/rotation-config';
import { RotationTiming } from './rotation/rotation-timing';
import { SecretsPlatform } from './secrets-platform';

/**
 * What is to be known of a secret that another construct made.
 */
export interface SecretHardeningOptions {
  /**
   * The platform whose functions rotate the secret.
   *
   * @default - that of the secret's stack
   */
  readonly platform?: SecretsPlatform;

  /**
   * What the secret holds. Rotations need to know the user and the database, or which field is generated; the value is left as it is.
   *
   * @default - not known
   */
  readonly content?: SecretContent;
}

/**
 * Adds guard rails, rotation and monitoring to a secret that exists already, in place: nothing is replaced.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html
 */
export class SecretHardening {
  /**
   * The hardening of a secret: always the same for one secret.
   *
   * @param secret a secret of the app, or an imported one. A `HardenedSecret` is passed as `x.secret`.
   * @param options what is to be known of it.
   * @throws where the secret is hardened already, and other options are given.
   */
  static fromSecret(secret: ISecret, options: SecretHardeningOptions = {}): SecretHardening {
    const owner = AttachedSecret.ownerOf(requireSecret('SecretHardening.fromSecret(secret)', secret));
    const known = hardenings.get(owner);
    if (!known) {
      return SecretHardening._of(owner, contextOf(owner, options), options);
    }
    known.refuseOthers(options);
    return known;
  }

  /** @internal */
  static _of(secret: ISecret, context: RotationContext, options: SecretHardeningOptions = {}): SecretHardening {
    setRotationContext(secret, context);
    const hardening = new SecretHardening(context, options);
    hardenings.set(secret, hardening);
    return hardening;
  }

  private rotation?: RotationFunction;
  private alarm?: RotationAlarm;
  private externalRole?: IRole;
  private isScheduled = false;
  /** Whether the secret's stack depends on that of its function. */
  private isDownstream = false;
  /** Topics that are to be told and are not yet: nothing rotates before the rotation is added. */
  private readonly topics: ITopic[] = [];
  private readonly told = new Set<ITopic>();

  private constructor(private context: RotationContext, private readonly options: SecretHardeningOptions) {}

  /**
   * Forbids things in the secret's resource policy, and public policies altogether.
   *
   * @param rails what to forbid.
   * @throws where the secret is imported: its resource policy cannot be changed here.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
   */
  addGuardRails(rails: GuardRail[]): void {
    const statements = bindGuardRails(this.context.scope, rails, { rotationRoles: () => this.rotationRoles() });
    for (const statement of statements) {
      const { statementAdded, policyDependable: policy } = this.context.secret.addToResourcePolicy(statement);
      if (!statementAdded) {
        throw new ConflictError(this.context.scope, 'the guard rails would have no effect: the resource policy of an imported secret cannot be changed',
          'add them where the secret is defined');
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
    const { scope } = this.context;
    if (this.isScheduled) {
      throw new ConflictError(scope, 'the secret has a rotation already, and Secrets Manager keeps one for each secret', 'add one rotation');
    }
    const config = rotation.bind(scope, { secret: this.context.secret });
    if (rotation._isOfService) {
      this.isScheduled = true;
      this.tellTopics();
    }
    if (config.externalRotation) {
      this.scheduleExternal(config, config.externalRotation);
    } else if (config.rotationFunction) {
      this.schedule(config, config.rotationFunction);
    }
  }

  /**
   * Watches the rotation, and tells a topic; of a rotation that is added later as well.
   *
   * @param monitoring what is watched.
   * @throws where the topic's stack would depend on itself, and for `SecretMonitoring.none()` after the rotation; at synthesis, where there
   *   is a topic and no rotation of this library.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring.html
   */
  addMonitoring(monitoring: SecretMonitoring): void {
    this._watch(monitoring);
    const { topic } = monitoring._choice;
    if (topic) {
      this.context.scope.node.addValidation({
        validate: () => this.isScheduled ? [] : [
          `the topic '${topic.node.path}' would never be told of anything, for no rotation of this library rotates the secret; add one, or leave the topic out`,
        ],
      });
    }
  }

  /**
   * Watches the rotation if there ever is one: as a platform has it for all its secrets.
   *
   * @internal
   */
  _watch(monitoring: SecretMonitoring): void {
    const { scope, monitored } = this.context;
    monitoring._validate(scope);
    const { kind, topic } = monitoring._choice;
    if (kind === 'none') {
      if (monitored && isExpected(this.context.secret)) {
        throw new ConflictError(scope, 'SecretMonitoring.none() comes after the rotation, which the daily audit expects already', 'add it before the rotation');
      }
      this.context = { ...this.context, monitored: false };
      setRotationContext(this.context.secret, this.context);
    } else if (topic && !this.told.has(topic) && !this.topics.includes(topic)) {
      this.topics.push(topic);
      this.tellTopics();
    }
  }

  /** Who must read the value whatever the rails say: the function that rotates it, and those that sign in with it as superuser. */
  private rotationRoles(): RotationRole[] {
    const ours = [...this.rotation ? [this.rotation] : [], ...RotationFunction.readersOf(this.context.secret)];
    const theirs = this.rotation ? undefined : rotationFunctionOf(this.context.secret)?.role;
    const others = [theirs, this.externalRole].filter((role) => role !== undefined);
    return [...ours.map(({ roleArn, vpcEndpointId }) => ({ arn: roleArn, vpcEndpointId })), ...others.map(({ roleArn }) => ({ arn: roleArn }))];
  }

  /** @internal */
  get _alarm(): RotationAlarm | undefined {
    return this.alarm;
  }

  private schedule(config: RotationConfig, rotationFunction: IFunction): void {
    const { scope, secret } = this.context;
    const subject = AttachedSecret.consumableOf(secret);
    this.isScheduled = true;
    this.mark();
    const { functionArn } = rotationFunction;
    // The ids are fixed: under another one CloudFormation would make a second schedule and then cancel the rotation with the first.
    const home = config.scheduleScope ? new Construct(config.scheduleScope, `Schedule-${scope.node.addr.slice(-8)}`) : scope;
    const permission = new CfnPermission(home, 'RotationPermission', {
      action: 'lambda:InvokeFunction',
      functionName: functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Stack.of(scope).account,
      sourceArn: secret.secretArn,
    });
    const schedule = new CfnRotationSchedule(home, 'RotationSchedule', { secretId: subject.secretArn, rotationLambdaArn: functionArn, ...this.rulesOf(config) });
    schedule.node.addDependency(permission, ...config.dependencies ?? []);
    scope.node.addValidation({ validate: () => otherSchedules(secret, schedule) });
    this.rotation = RotationFunction.of(rotationFunction);
    for (const handedOut of [secret, subject]) {
      setRotationFunction(handedOut, rotationFunction, this.rotation?.arnInWords);
    }
    this.alarm = this.rotation?.alarm ?? CustomFunction.of(rotationFunction)?.alarm;
    this.isDownstream = this.alarm !== undefined && !config.scheduleScope && Stack.of(this.alarm) !== Stack.of(scope);
    this.tellTopics();
  }

  /** Secrets Manager rotates by itself; the oldest AWS CDK does not know the properties yet. */
  private scheduleExternal(config: RotationConfig, { role, metadata }: ExternalRotationConfig): void {
    const { scope, secret } = this.context;
    this.isScheduled = true;
    const schedule = new CfnRotationSchedule(scope, 'RotationSchedule', { secretId: secret.secretArn, ...this.rulesOf(config) });
    schedule.addPropertyOverride('ExternalSecretRotationRoleArn', role.roleArn);
    schedule.addPropertyOverride('ExternalSecretRotationMetadata', Object.entries(metadata).map(([Key, Value]) => ({ Key, Value })));
    schedule.node.addDependency(role, ...config.dependencies ?? []);
    this.externalRole = role;
    this.tellTopics();
  }

  /** What was there before and is adopted waits for its window: whoever reads it has not been told of a rotation. */
  private rulesOf({ timing = RotationTiming._DEFAULT }: RotationConfig): Pick<CfnRotationScheduleProps, 'rotationRules' | 'rotateImmediatelyOnUpdate'> {
    const { scheduleExpression, duration, rotateImmediately = this.context.secret instanceof OwnedSecret } = timing._bind(this.context.scope);
    return { rotationRules: { scheduleExpression, duration }, rotateImmediatelyOnUpdate: rotateImmediately };
  }

  private tellTopics(): void {
    const { scope, secret } = this.context;
    for (const topic of this.isScheduled ? this.topics.splice(0) : []) {
      this.refuseCycle(topic);
      this.alarm?.addTopic(topic, scope);
      this.told.add(topic);
      new RotationEvents(scope, this.told.size === 1 ? 'RotationEvents' : `RotationEvents${this.told.size}`, { secret, topic });
    }
  }

  /** The alarm refers to the topic from the platform's stack, which the secret's stack depends on. */
  private refuseCycle(topic: ITopic): void {
    const { scope } = this.context;
    if (this.isDownstream && Resource.isOwnedResource(topic) && Stack.of(topic) === Stack.of(scope)) {
      throw new ConflictError(scope, `the topic '${topic.node.path}' is in the secret's stack, which depends on the stack of the platform, where the alarm is that notifies it`,
        'put the topic into the platform\'s stack, or into a stack of its own');
    }
  }

  private refuseOthers(options: SecretHardeningOptions): void {
    const other = (['platform', 'content'] as const).find((name) => options[name] !== undefined && options[name] !== this.options[name]);
    if (other) {
      throw new ConflictError(this.context.scope, `the secret is hardened already, and \`${other}\` would be ignored`,
        'give the options to the first SecretHardening.fromSecret() of the secret; those of a HardenedSecret are its properties');
    }
  }

  private mark(): void {
    const resource = this.context.secret.node.defaultChild;
    if (!(resource instanceof CfnSecret)) {
      throw new ConflictError(this.context.scope, 'an imported secret cannot be marked as one that rotates here', 'add the rotation where the secret is defined');
    }
    resource.tags.setTag(ROTATION_MARKER_TAG, 'on');
  }
}

const hardenings = new WeakMap<ISecret, SecretHardening>();

/** The AWS CDK adds a schedule of its own to any secret, before or after ours. */
function otherSchedules(secret: ISecret, ours: CfnRotationSchedule): string[] {
  return secret.node.findAll().filter((child) => child instanceof CfnRotationSchedule && child !== ours)
    .map(({ node }) => `the secret has another rotation schedule at '${node.path}', and Secrets Manager keeps one for each secret; keep one`);
}

function contextOf(secret: ISecret, options: SecretHardeningOptions): RotationContext {
  const scope = secret as unknown as Construct;
  const platform = options.platform ?? SecretsPlatform._ofStack(scope);
  const { generate: _, ...content } = options.content?._bind(scope, {}) ?? {};
  const key = secret.encryptionKey;
  const resource = secret.node.defaultChild;
  const name = resource instanceof CfnSecret && !Token.isUnresolved(resource.name) ? resource.name : undefined;
  return {
    scope, secret, fixedName: name, content, key: key && keyFactsOf(key), replicaRegions: [], monitored: true, functions: platform._functions,
  };
}
