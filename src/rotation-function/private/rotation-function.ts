import { ArnPrincipal, type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import {
  type Binding, boundNameOf, environmentSize, LONGEST_ENDPOINT_URL, MAXIMUM_ENVIRONMENT, MAXIMUM_RESOURCE_POLICY, permissionSize,
  texts,
} from './binding';
import { Bindings } from './bindings';
import { functionSettings, isTraced, trace } from './function-settings';
import { handlerCode } from './handler-code';
import { deployAfterPlatform } from './platform-dependency';
import { RotationAudit } from './rotation-audit';
import { literalRoleArn, rotationPolicy, rotationRole } from './rotation-role';
import { Environment } from '../../contract/environment';
import type { HandlerName } from '../../contract/handler-name';
import { functionArn, viaSecretsManager } from '../../core/arn';
import { keepWith, KEPT } from '../../core/keep-with';
import { requireSameIn } from '../../core/names-elsewhere';
import { isOfStack, useOfKey } from '../../encryption/private/key-reference';
import { allowLogGroups } from '../../encryption/private/log-key-access';
import { errorsOf, RotationAlarm } from '../../monitoring/private/rotation-alarm';
import type { NetworkAttachment } from '../../network/private/attachment';
import { AttachedSecret } from '../../secret/private/attached-secret';
import type { SecretRecord } from '../../secret/private/secret-record';
import type { RotationFunctionOptions } from '../rotation-function-options';

/** Properties of {@link RotationFunction}. */
export interface RotationFunctionProps {
  readonly functionName: string;
  readonly description: string;
  readonly handler: HandlerName;
  /** Variables of the environment, by name, before they are text of the template. */
  readonly environment: Record<string, object | string>;
  readonly network?: NetworkAttachment;
  readonly superuser?: ISecret;
  /** Resources without which nobody can sign in to the database. */
  readonly afterDatabase?: IDependable[];
  /** What the function does to users that a service of AWS keeps. */
  readonly userActions?: string[];
  /** @default 2 minutes, where the settings do not say */
  readonly timeout?: Duration;
  /** The platform that the function belongs to. */
  readonly platform: IConstruct;
  readonly settings: RotationFunctionOptions;
}

const made = new WeakMap<IFunction, RotationFunction>();
const readers = new WeakMap<ISecret, RotationFunction[]>();

/** Secrets that one function serves: its policy has room for as many permissions, and its environment for as many bindings. */
const MAXIMUM_SECRETS = 40;

/**
 * One function that rotates: its role, network, logs, alarm and daily audit, and the secrets it may act on.
 *
 * The role stays the same however many secrets there are: it may act on the secrets whose configured rotation function this is.
 */
export class RotationFunction extends Construct {
  /** The function behind what a rotation was bound to, where it is one of ours. */
  static of(rotationFunction: IFunction): RotationFunction | undefined {
    return made.get(rotationFunction);
  }

  /** The functions that sign in with a secret as superuser. */
  static readersOf(superuser: ISecret): RotationFunction[] {
    return readers.get(superuser) ?? [];
  }

  readonly rotationFunction: LambdaFunction;
  /** ARN of the function, built from literals: policies of other stacks must not refer to it. */
  readonly literalArn: string;
  readonly alarm: RotationAlarm;
  private readonly audit: RotationAudit;
  /** The interface endpoint that the function uses, where it is in a VPC. */
  readonly vpcEndpointId?: string;
  private readonly logGroup: LogGroup;
  private readonly role: IRole;
  private readonly policy: ManagedPolicy;
  private readonly userStatement?: PolicyStatement;
  private readonly functionName: string;
  private readonly platform: IConstruct;
  private readonly dependencies: IDependable[];
  private readonly bindings = new Bindings(this);
  private readonly keys = new Set<string>();
  private secrets = 0;
  private policySize = 0;
  private environmentSize: number;

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    const { settings, network } = props;
    this.functionName = props.functionName;
    this.literalArn = functionArn(this, props.functionName);
    this.platform = props.platform;
    this.vpcEndpointId = network?.vpcEndpointId;
    this.role = rotationRole(this, props.functionName, settings);
    const logGroup = this.logGroup = new LogGroup(this, 'LogGroup', {
      retention: settings.logRetention ?? RetentionDays.ONE_YEAR,
      removalPolicy: KEPT,
      encryptionKey: settings.encryptionKey,
    });
    if (settings.encryptionKey) {
      allowLogGroups(this, settings.encryptionKey);
    }
    this.policy = rotationPolicy(this, this.role, {
      functionName: props.functionName,
      logGroup,
      inNetwork: network !== undefined,
      superuser: props.superuser,
      isTraced: isTraced(settings),
    });
    const variables = {
      ...props.environment,
      ...(network?.endpointUrl && { [Environment.ENDPOINT]: network.endpointUrl }),
      ...(props.superuser && { [Environment.SUPERUSER_SECRET]: props.superuser.secretArn }),
    };
    this.environmentSize = environmentSize({
      ...texts(variables, JSON.stringify),
      ...(network?.endpointUrl && { [Environment.ENDPOINT]: LONGEST_ENDPOINT_URL }),
      [Environment.BINDINGS]: this.bindings.text,
    });
    this.rotationFunction = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      code: handlerCode(this, props.handler),
      handler: 'index.handler',
      ...functionSettings(settings, props.timeout),
      role: this.role,
      logGroup,
      environment: {
        ...texts(variables, (value) => Stack.of(this).toJsonString(value)),
        [Environment.BINDINGS]: Lazy.string({ produce: () => this.bindings.text }),
      },
      ...(network && { vpc: network.vpc, vpcSubnets: network.vpcSubnets, securityGroups: [network.securityGroup] }),
    });
    if (isTraced(settings)) {
      trace(this.rotationFunction, settings);
    }
    made.set(this.rotationFunction, this);
    if (props.superuser) {
      const superuser = AttachedSecret.ownerOf(props.superuser);
      readers.set(superuser, [...readers.get(superuser) ?? [], this]);
    }
    // Once for the function, and so for all schedules: each of those refers to it.
    this.rotationFunction.node.addDependency(this.policy, ...network?.dependencies ?? []);
    this.alarm = new RotationAlarm(this, 'Alarm', { metric: errorsOf(this.rotationFunction) });
    this.audit = new RotationAudit(this, 'Audit', {
      rotationFunction: this.rotationFunction,
      functionName: props.functionName,
      permissionsBoundary: settings.permissionsBoundary,
    });
    this.userStatement = props.userActions && new PolicyStatement({ sid: 'ChangeUsers', actions: props.userActions });
    // A policy of its own, for the ARNs of all users would not fit beside the rest.
    const userPolicy = this.userStatement && new ManagedPolicy(this, 'UsersPolicy', {
      description: `Users that ${this.functionName} may change`, roles: [this.role], statements: [this.userStatement],
    });
    this.dependencies = [...userPolicy ? [userPolicy] : [], ...props.afterDatabase ?? []];
  }

  /** Whether there is room for one more secret and its binding. */
  hasRoomFor(request: Pick<SecretRecord, 'fixedName' | 'secret'> & { readonly binding?: Binding }): boolean {
    const { binding, fixedName } = request;
    return this.secrets < MAXIMUM_SECRETS
      && this.policySize + permissionSize(request) <= MAXIMUM_RESOURCE_POLICY
      && this.environmentSize + (binding ? this.bindings.sizeOf(binding, fixedName?.length) : 0) <= MAXIMUM_ENVIRONMENT;
  }

  /** ARN of the role, built from literals where the role is ours: policies of other stacks must not refer to it. */
  roleArnIn(user: IConstruct): string {
    this.requireSameNameIn(user);
    return literalRoleArn(this, this.role, this.functionName);
  }

  /** Lets a function in mode `superuser` act on a user, or one that makes values on a secret. */
  bind(binding: Binding, nameLength?: number): void {
    this.environmentSize += this.bindings.add(binding, nameLength);
  }

  /** Lets the function change a user that a service of AWS keeps. */
  allowUser(userArn: string): void {
    this.userStatement?.addResources(userArn);
  }

  /** Prepares function and secret for each other, and says what a schedule of the secret refers to and waits for. */
  use(
    record: SecretRecord,
    longestHours: number,
    scheduleScope?: Construct,
  ): { rotationFunction: IFunction; dependencies: IDependable[] } {
    const local = Stack.of(record.scope) === Stack.of(this) || scheduleScope !== undefined;
    this.secrets += 1;
    this.policySize += permissionSize(record);
    keepWith(this.logGroup, record.removalPolicy);
    this.useKey(record, local);
    const name = scheduleScope ? record.secret.secretArn : boundNameOf(record, this);
    this.audit.expectSecret(record, { name, longestHours, local, hasDuty: this.bindings.hasDuty(name) });
    if (local) {
      return { rotationFunction: this.rotationFunction, dependencies: this.dependencies };
    }
    deployAfterPlatform(record.scope, this.platform);
    this.requireSameNameIn(record.scope);
    const named = LambdaFunction.fromFunctionAttributes(record.scope, 'RotationFunction', {
      functionArn: this.literalArn,
      sameEnvironment: true,
    });
    made.set(named, this);
    return { rotationFunction: named, dependencies: [] };
  }

  /** Has the audit report the day on which a secret that does not rotate is to be looked at, once it has passed. */
  review(record: SecretRecord, reviewBy: string): RotationAlarm {
    keepWith(this.logGroup, record.removalPolicy);
    this.audit.expectReview(record, { secret: boundNameOf(record, this), reviewBy });
    return this.alarm;
  }

  private requireSameNameIn(user: IConstruct): void {
    requireSameIn(user, { scope: this.platform, property: 'platformName', name: this.functionName });
  }

  /** A key of the secret's stack lets the role in by name: a reference to it would reverse the dependency. */
  private useKey(record: SecretRecord, local: boolean): void {
    const facts = record.key;
    if (!facts || this.keys.has(facts.kmsKeyId)) {
      return;
    }
    this.keys.add(facts.kmsKeyId);
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    const conditions = { StringEquals: { 'kms:ViaService': viaSecretsManager(this) } };
    const key = facts.key;
    // AWS KMS refuses a policy that names a role which does not exist: nobody knows whether a third stack is deployed before this
    // one.
    if (key && !local && isOfStack(key, record.scope)) {
      const principals = [new ArnPrincipal(this.roleArnIn(record.scope))];
      key.addToResourcePolicy(new PolicyStatement({ principals, actions, resources: ['*'], conditions }));
    } else {
      const named = useOfKey(facts, { scope: this, from: this, mayRefer: local });
      this.policy.addStatements(
        new PolicyStatement({ actions, resources: named.resources, conditions: { ...conditions, ...named.conditions } }),
      );
    }
  }
}
