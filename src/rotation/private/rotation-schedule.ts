import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, type Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, type CfnRotationScheduleProps, CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ROTATION_MARKER_TAG } from '../../contract/environment';
import { referToFunction, referToSecret } from '../../core/arn';
import { ConflictError } from '../../core/errors';
import { shortId } from '../../core/inner-path';
import { referStrongly } from '../../core/strong-references';
import type { RotationAlarm } from '../../monitoring/private/rotation-alarm';
import type { WatchedPlatform } from '../../monitoring/private/rotation-events';
import type { RotationRole } from '../../resource-policy/guard-rail';
import { CustomFunction } from '../../rotation-function/private/custom-function';
import { RotationFunction } from '../../rotation-function/private/rotation-function';
import type { RotationRequest } from '../../rotation-function/private/rotation-request';
import { StepsFunction } from '../../rotation-function/private/steps-function';
import { AttachedSecret } from '../../secret/private/attached-secret';
import { OwnedSecret } from '../../secret/private/owned-secret';
import { FORMER_IS_REFUSED, NOTHING_CHANGES } from '../../secret/private/rotation-effect';
import { tagsOf } from '../../secret/private/secret-tags';
import type { Rotation } from '../rotation';
import type { ExternalRotationConfig, RotationConfig } from '../rotation-config';
import type { RotationTiming } from '../rotation-timing';

/** Stable: users acknowledge the message by this name. */
const AWAITS_VALUE = 'cdk-secretsmanager-patterns:awaitsValue';

/** The one rotation of a secret, and what starts it. */
export class RotationSchedule {
  /** The alarm of the function that rotates. */
  alarm?: RotationAlarm;
  /** Whether the secret's stack depends on that of its function. */
  isDownstream = false;
  private rotates = false;
  private rotation?: RotationFunction;
  private externalRole?: IRole;

  /** `usualTiming` is that of rotations that name none. */
  constructor(private readonly request: RotationRequest, private readonly usualTiming: RotationTiming) {}

  /** Whether a function, Secrets Manager or the service that made the secret rotates it, or a review reminds that nobody does. */
  get isThere(): boolean {
    return this.rotates || this.alarm !== undefined;
  }

  /** Rotates the secret. */
  add(rotation: Rotation): void {
    const { scope } = this.request;
    if (this.rotates) {
      throw new ConflictError(
        scope,
        'the secret has a rotation already, and Secrets Manager keeps one for each secret',
        'leave one of the two out',
      );
    }
    const config = rotation._bindTo(scope, this.request);
    this.rotates = rotation._isOfService || config.externalRotation !== undefined || config.rotationFunction !== undefined;
    this.request.affectsReaders(config._effect ?? (this.rotates ? FORMER_IS_REFUSED : NOTHING_CHANGES));
    if (config.externalRotation) {
      this.scheduleExternal(config, config.externalRotation);
    } else if (config.rotationFunction) {
      this.schedule(config, config.rotationFunction);
    } else if (config._reviewAlarm) {
      this.alarm = config._reviewAlarm;
      this.isDownstream = Stack.of(this.alarm) !== Stack.of(scope);
    }
  }

  /** The platform of the secret. */
  get platform(): WatchedPlatform {
    return this.request.functions.platform;
  }

  /**
   * The roles that must read the value whatever the rails say: of the function that rotates it, and of those that sign in with it
   * as superuser.
   */
  get roles(): RotationRole[] {
    const { secret, rotationFunction } = this.request;
    const ours = [...this.rotation ? [this.rotation] : [], ...RotationFunction.readersOf(secret)];
    const theirs = this.rotation ? undefined : rotationFunction?.role;
    const others = [theirs, this.externalRole].filter((role) => role !== undefined);
    return [
      ...ours.map((reader) => ({ arn: reader.roleArnIn(this.request.scope), vpcEndpointId: reader.vpcEndpointId })),
      ...others.map(({ roleArn }) => ({ arn: roleArn })),
    ];
  }

  private schedule(config: RotationConfig, rotationFunction: IFunction): void {
    const { scope, secret } = this.request;
    markAsRotating(scope, secret, rotationFunction);
    // The ids are fixed: under another one CloudFormation would make a second schedule and then cancel the rotation with the
    // first.
    const home = config.scheduleScope ? new Construct(config.scheduleScope, `Schedule-${shortId(config.scheduleScope, scope)}`) : scope;
    const functionArn = referToFunction(home, rotationFunction);
    const permission = new CfnPermission(home, 'RotationPermission', {
      action: 'lambda:InvokeFunction',
      functionName: functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Stack.of(scope).account,
      sourceArn: referToSecret(home, secret),
    });
    const consumable = AttachedSecret.consumableOf(secret);
    [secret, consumable].forEach((referred) => referStrongly(home, referred));
    const schedule = new CfnRotationSchedule(home, 'RotationSchedule', {
      secretId: referToSecret(home, consumable), rotationLambdaArn: functionArn, ...this.rulesOf(config),
    });
    schedule.node.addDependency(permission, ...config.dependencies ?? []);
    this.rotation = RotationFunction.of(rotationFunction);
    this.request.rotatesWith(rotationFunction, this.rotation?.literalArn);
    this.alarm = this.rotation?.alarm ?? CustomFunction.of(rotationFunction)?.alarm;
    this.isDownstream = this.alarm !== undefined && !config.scheduleScope && Stack.of(this.alarm) !== Stack.of(scope);
  }

  /** Secrets Manager rotates by itself; the oldest AWS CDK does not know the properties yet. */
  private scheduleExternal(config: RotationConfig, { role, metadata }: ExternalRotationConfig): void {
    const { scope, secret } = this.request;
    const schedule = new CfnRotationSchedule(scope, 'RotationSchedule', { secretId: secret.secretArn, ...this.rulesOf(config) });
    schedule.addPropertyOverride('ExternalSecretRotationRoleArn', role.roleArn);
    schedule.addPropertyOverride(
      'ExternalSecretRotationMetadata',
      Object.entries(metadata).map(([Key, Value]) => ({ Key, Value })),
    );
    schedule.node.addDependency(role, ...config.dependencies ?? []);
    this.externalRole = role;
  }

  /** An adopted secret waits for its window: its readers may not expect a rotation yet. So does one whose value is to come. */
  private rulesOf({
    timing = this.usualTiming, _awaitsValue: awaitsValue = false,
  }: RotationConfig): Pick<CfnRotationScheduleProps, 'rotationRules' | 'rotateImmediatelyOnUpdate'> {
    const { scope, secret, content } = this.request;
    const { scheduleExpression, duration, rotateImmediately: chosen } = timing._bind(scope);
    const rotateImmediately = chosen ?? (secret instanceof OwnedSecret && !content.adopted && !awaitsValue);
    if (awaitsValue && chosen === undefined) {
      Annotations.of(scope).addInfoV2(AWAITS_VALUE, 'the value is a placeholder, so the first rotation waits until it is due: '
        + 'put the real value with `aws secretsmanager put-secret-value`, then rotate with `aws secretsmanager rotate-secret`');
    }
    return { rotationRules: { scheduleExpression, duration }, rotateImmediatelyOnUpdate: rotateImmediately };
  }
}

function markAsRotating(scope: Construct, secret: ISecret, rotationFunction: IFunction): void {
  const resource = secret.node.defaultChild;
  if (!(resource instanceof CfnSecret)) {
    throw new ConflictError(
      scope,
      'an imported secret cannot be marked as one that rotates here',
      'add the rotation where the secret is defined',
    );
  }
  resource.tags.setTag(ROTATION_MARKER_TAG, 'on');
  scope.node.addValidation({
    validate: () => !demandsMark(rotationFunction) || tagsOf(resource)?.has(ROTATION_MARKER_TAG) !== false ? [] : [
      `the secret lacks the tag '${ROTATION_MARKER_TAG}', which something in the app takes away, and the function that rotates it `
        + 'acts on no secret without it; leave it the tag',
    ],
  });
}

/** Whether it is a function with code of ours in it. */
function demandsMark(rotationFunction: IFunction): boolean {
  const handler = CustomFunction.of(rotationFunction)?.node.scope;
  return handler === undefined || StepsFunction.of(handler as LambdaFunction) !== undefined;
}
