import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResourcePolicy, CfnRotationSchedule, CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Resource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { bindGuardRails, type GuardRail, type RotationRole } from './guard-rail';
import { AttachedSecret } from './private/attached-secret';
import { ConflictError } from './private/errors';
import { ROTATION_MARKER_TAG } from './private/handler-contract';
import { OwnedSecret } from './private/owned-secret';
import { setRotationContext, type RotationContext } from './private/rotation-context';
import { RotationEvents } from './private/rotation-events';
import { RotationFunction } from './private/rotation-function';
import { rotationFunctionOf, setRotationFunction } from './private/rotation-registry';
import type { Rotation } from './rotation/rotation';
import type { RotationConfig } from './rotation/rotation-config';
import { RotationTiming } from './rotation/rotation-timing';
import type { SecretContent } from './secret-content';
import type { SecretMonitoring } from './secret-monitoring';
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
   */
  static fromSecret(secret: ISecret, options: SecretHardeningOptions = {}): SecretHardening {
    return hardenings.get(AttachedSecret.ownerOf(secret)) ?? SecretHardening._of(secret, contextOf(secret, options));
  }

  /** @internal */
  static _of(secret: ISecret, context: RotationContext): SecretHardening {
    setRotationContext(secret, context);
    const hardening = new SecretHardening(context);
    hardenings.set(secret, hardening);
    return hardening;
  }

  private rotation?: RotationFunction;
  private isScheduled = false;
  /** Whether the secret's stack depends on that of its function. */
  private isDownstream = false;
  /** Topics that are to be told and are not yet: nothing rotates before the rotation is added. */
  private readonly topics: ITopic[] = [];
  private told = 0;

  private constructor(private context: RotationContext) {}

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
      if (!this.context.secret.addToResourcePolicy(statement).statementAdded) {
        throw new ConflictError(this.context.scope, 'the guard rails would have no effect: the resource policy of an imported secret cannot be changed',
          'add them where the secret is defined');
      }
    }
    const policy = this.context.secret.node.tryFindChild('Policy')?.node.defaultChild;
    if (policy instanceof CfnResourcePolicy) {
      policy.blockPublicPolicy = true;
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
    if (config.rotationFunction) {
      this.schedule(config, config.rotationFunction);
    }
  }

  /**
   * Watches the rotation, and tells a topic; of a rotation that is added later as well.
   *
   * @param monitoring what is watched.
   * @throws where the topic's stack would depend on itself, and for `SecretMonitoring.none()` after the rotation.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring.html
   */
  addMonitoring(monitoring: SecretMonitoring): void {
    const { scope, monitored } = this.context;
    monitoring._validate(scope);
    const { kind, topic } = monitoring._choice;
    if (kind === 'none') {
      if (monitored && this.isScheduled) {
        throw new ConflictError(scope, 'SecretMonitoring.none() comes after the rotation, which the daily audit expects already', 'add it before the rotation');
      }
      this.context = { ...this.context, monitored: false };
      setRotationContext(this.context.secret, this.context);
    } else if (topic) {
      this.topics.push(topic);
      this.tellTopics();
    }
  }

  /** Who must read the value whatever the rails say: the function that rotates it, and those that sign in with it as superuser. */
  private rotationRoles(): RotationRole[] {
    const ours = [...this.rotation ? [this.rotation] : [], ...RotationFunction.readersOf(this.context.secret)];
    const theirs = this.rotation ? undefined : rotationFunctionOf(this.context.secret)?.role;
    return [...ours.map(({ roleArn, vpcEndpointId }) => ({ arn: roleArn, vpcEndpointId })), ...theirs ? [{ arn: theirs.roleArn }] : []];
  }

  /** @internal */
  get _rotationFunction(): RotationFunction | undefined {
    return this.rotation;
  }

  private schedule(config: RotationConfig, rotationFunction: IFunction): void {
    const { scope, secret } = this.context;
    const subject = secret instanceof OwnedSecret ? secret.consumable : secret;
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
    const timing = (config.timing ?? RotationTiming._DEFAULT)._bind(scope);
    const schedule = new CfnRotationSchedule(home, 'RotationSchedule', {
      secretId: subject.secretArn,
      rotationLambdaArn: functionArn,
      rotationRules: { scheduleExpression: timing.scheduleExpression, duration: timing.duration },
      rotateImmediatelyOnUpdate: timing.rotateImmediately,
    });
    schedule.node.addDependency(permission, ...config.dependencies ?? []);
    setRotationFunction(secret, rotationFunction);
    setRotationFunction(subject, rotationFunction);
    this.rotation = RotationFunction.of(rotationFunction);
    this.isDownstream = this.rotation !== undefined && !config.scheduleScope && Stack.of(this.rotation) !== Stack.of(scope);
    this.tellTopics();
  }

  private tellTopics(): void {
    const { scope, secret } = this.context;
    for (const topic of this.isScheduled ? this.topics.splice(0) : []) {
      this.refuseCycle(topic);
      this.rotation?.alarm.addTopic(topic, scope);
      this.told += 1;
      new RotationEvents(scope, this.told === 1 ? 'RotationEvents' : `RotationEvents${this.told}`, { secret, topic });
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

  private mark(): void {
    const resource = cfnSecretOf(this.context.secret);
    if (!resource) {
      throw new ConflictError(this.context.scope, 'an imported secret cannot be marked as one that rotates here', 'add the rotation where the secret is defined');
    }
    resource.tags.setTag(ROTATION_MARKER_TAG, 'on');
  }
}

const hardenings = new WeakMap<ISecret, SecretHardening>();

function contextOf(secret: ISecret, options: SecretHardeningOptions): RotationContext {
  const scope = secret as unknown as Construct;
  const platform = options.platform ?? SecretsPlatform._ofStack(scope);
  const { generate: _, ...content } = options.content?._bind(scope, true) ?? {};
  const key = secret.encryptionKey;
  return { scope, secret, content, key: key && { kmsKeyId: key.keyArn, key }, replicaRegions: [], monitored: true, functions: platform._functions };
}

/** The resource of a secret, also where the secret is given as its attachment to a database. */
function cfnSecretOf(secret: ISecret): CfnSecret | undefined {
  const own = secret.node.defaultChild;
  const owner = own instanceof CfnSecret ? own : secret.node.scope?.node.defaultChild;
  return owner instanceof CfnSecret ? owner : undefined;
}
