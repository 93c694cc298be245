import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ArnPrincipal, ManagedPolicy, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, Runtime, RuntimeFamily, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Lazy, RemovalPolicy, Resource, Stack, Stage, Token } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import { functionArn, secretArnPattern, viaSecretsManager } from './arn';
import { AttachedSecret } from './attached-secret';
import { ConflictError } from './errors';
import { handlerCode, type HandlerName } from './handler-code';
import { Environment, type UserBinding, type ValueBinding } from './handler-contract';
import type { NetworkAttachment } from './network-attachment';
import { RotationAlarm } from './rotation-alarm';
import { GRACE_HOURS, RotationAudit } from './rotation-audit';
import type { RotationContext } from './rotation-context';
import { roleArn, rotationRole } from './rotation-role';
import type { RotationFunctionSettings } from './rotation-settings';
import { deployAfter } from './stack-dependency';

/** Properties of {@link RotationFunction}. */
export interface RotationFunctionProps {
  readonly functionName: string;
  readonly description: string;
  readonly handler: HandlerName;
  readonly environment: Record<string, string>;
  readonly network?: NetworkAttachment;
  readonly superuser?: ISecret;
  /** Resources without which nobody can sign in to the database. */
  readonly afterDatabase?: IDependable[];
  readonly settings: RotationFunctionSettings;
}

const made = new WeakMap<IFunction, RotationFunction>();
const readers = new WeakMap<ISecret, RotationFunction[]>();

/** Secrets that one function serves: its policy has room for as many permissions, and its environment for as many bindings. */
const MAXIMUM_SECRETS = 40;
/** Characters of bindings that fit into the environment, 4 KB in all, beside everything else. */
const MAXIMUM_BINDINGS_LENGTH = 2400;
/** What an ARN that is not known yet is counted as. */
const TOKEN_LENGTH = 120;

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
  readonly alarm: RotationAlarm;
  private readonly audit: RotationAudit;
  /** The interface endpoint that the function uses, where it is in a VPC. */
  readonly vpcEndpointId?: string;
  private readonly role: IRole;
  private readonly policy: ManagedPolicy;
  private readonly functionName: string;
  private readonly dependencies: IDependable[];
  private readonly bindings: (UserBinding | ValueBinding)[] = [];
  private readonly keys = new Set<string>();
  private secrets = 0;
  private bindingsLength = 2;

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    const { settings, network } = props;
    this.functionName = props.functionName;
    this.vpcEndpointId = network?.vpcEndpointId;
    this.role = rotationRole(this, props.functionName, settings);
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: settings.logRetention ?? RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.policy = this.permissions(logGroup, network?.securityGroup, props.superuser);
    this.rotationFunction = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      code: handlerCode(props.handler),
      handler: 'index.handler',
      runtime: settings.runtime ?? new Runtime('nodejs24.x', RuntimeFamily.NODEJS),
      timeout: settings.timeout ?? Duration.minutes(2),
      memorySize: settings.memorySize ?? 256,
      role: this.role,
      logGroup,
      environment: {
        ...props.environment,
        ...(network?.endpointUrl && { [Environment.ENDPOINT]: network.endpointUrl }),
        ...(props.superuser && { [Environment.SUPERUSER_SECRET]: props.superuser.secretArn }),
        [Environment.BINDINGS]: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.bindings) }),
      },
      ...(network && { vpc: network.vpc, vpcSubnets: network.vpcSubnets, securityGroups: [network.securityGroup] }),
    });
    made.set(this.rotationFunction, this);
    if (props.superuser) {
      const superuser = AttachedSecret.ownerOf(props.superuser);
      readers.set(superuser, [...readers.get(superuser) ?? [], this]);
    }
    this.rotationFunction.node.addDependency(this.policy);
    this.alarm = new RotationAlarm(this, 'Alarm', { rotationFunction: this.rotationFunction });
    this.audit = new RotationAudit(this, 'Audit', { rotationFunction: this.rotationFunction, functionName: props.functionName });
    this.dependencies = [this.policy, logGroup, this.rotationFunction, ...network?.dependencies ?? [], ...props.afterDatabase ?? []];
  }

  /** Whether the function can serve one more secret. */
  get hasRoom(): boolean {
    return this.secrets < MAXIMUM_SECRETS && this.bindingsLength < MAXIMUM_BINDINGS_LENGTH;
  }

  /** ARN of the function, in words: policies of other stacks must not refer to it. */
  get arnInWords(): string {
    return functionArn(this, this.functionName);
  }

  /** ARN of the role, in words where the role is ours: policies of other stacks must not refer to it. */
  get roleArn(): string {
    return roleArn(this, this.role, this.functionName);
  }

  /** Lets a function in mode `superuser` act on a user. */
  bindUser(binding: UserBinding): void {
    this.bind(binding);
  }

  /** Lets the function that makes values act on a secret. */
  bindValue(binding: ValueBinding): void {
    this.bind(binding);
  }

  /** The name under which a binding knows a secret: its ARN in the same stack, else the name, so that no dependency turns round. */
  nameOf(context: RotationContext): string {
    if (Stack.of(context.scope) === Stack.of(this)) {
      return context.secret.secretArn;
    }
    if (context.fixedName === undefined) {
      throw new ConflictError(context.scope, 'the secret is in another stack than its platform and has no fixed name, so the rotation function cannot be told of it',
        'give the secret a `secretName`');
    }
    return context.fixedName;
  }

  /** Prepares function and secret for each other, and says what a schedule of the secret refers to and waits for. */
  use(context: RotationContext, longestHours: number, scheduleScope?: Construct): { rotationFunction: IFunction; dependencies: IDependable[] } {
    const stack = Stack.of(context.scope);
    const local = stack === Stack.of(this) || scheduleScope !== undefined;
    this.secrets += 1;
    this.useKey(context, local);
    if (context.monitored) {
      this.audit.expect({
        secret: local ? context.secret.secretArn : this.nameOf(context),
        rotatesWithinHours: longestHours + GRACE_HOURS,
        ...(context.key && { key: local && context.key.key ? context.key.key.keyArn : 'customer' }),
        ...(context.replicaRegions.length > 0 && { replicaRegions: context.replicaRegions }),
      });
    }
    if (local) {
      return { rotationFunction: this.rotationFunction, dependencies: this.dependencies };
    }
    if (Stage.of(this) !== Stage.of(context.scope)) {
      throw new ConflictError(context.scope, `the secret is in another stage than its platform '${this.node.scope?.node.path}'`, 'make a platform in each stage');
    }
    deployAfter(stack, Stack.of(this));
    const named = LambdaFunction.fromFunctionAttributes(context.scope, 'RotationFunction', {
      functionArn: this.arnInWords,
      sameEnvironment: true,
    });
    made.set(named, this);
    return { rotationFunction: named, dependencies: [] };
  }

  private bind(binding: UserBinding | ValueBinding): void {
    this.bindings.push(binding);
    const name = Token.isUnresolved(binding.secret) ? 'x'.repeat(TOKEN_LENGTH) : binding.secret;
    this.bindingsLength += JSON.stringify({ ...binding, secret: name }).length + 1;
  }

  /** A key of another stack lets the role in by name: a reference to it would turn the dependency round. */
  private useKey(context: RotationContext, local: boolean): void {
    const facts = context.key;
    if (!facts || this.keys.has(facts.kmsKeyId)) {
      return;
    }
    this.keys.add(facts.kmsKeyId);
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    const conditions = { StringEquals: { 'kms:ViaService': viaSecretsManager(this) } };
    const key = facts.key;
    if (key && !local && Resource.isOwnedResource(key) && Stack.of(key) !== Stack.of(this)) {
      key.addToResourcePolicy(new PolicyStatement({ principals: [new ArnPrincipal(this.roleArn)], actions, resources: ['*'], conditions }));
    } else {
      this.policy.addStatements(new PolicyStatement({ actions, resources: [key?.keyArn ?? facts.kmsKeyId], conditions }));
    }
  }

  private permissions(logGroup: LogGroup, securityGroup: ISecurityGroup | undefined, superuser: ISecret | undefined): ManagedPolicy {
    const ownFunction = { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': this.arnInWords } };
    const policy = new ManagedPolicy(this, 'Policy', {
      description: `What ${this.functionName} may do`,
      roles: [this.role],
      statements: [
        new PolicyStatement({
          sid: 'RotateSecretsOfThisFunction',
          actions: [
            'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds',
            'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage',
          ],
          resources: [secretArnPattern(this)],
          conditions: ownFunction,
        }),
        new PolicyStatement({ sid: 'WriteLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
        ...superuser ? this.readSuperuser(superuser) : [],
        ...securityGroup ? [new PolicyStatement({ sid: 'AttachToNetwork', actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] })] : [],
      ],
    });
    return policy;
  }

  private readSuperuser(superuser: ISecret): PolicyStatement[] {
    const key = superuser.encryptionKey;
    return [
      new PolicyStatement({ sid: 'ReadSuperuser', actions: ['secretsmanager:GetSecretValue'], resources: [superuser.secretArn] }),
      ...key ? [new PolicyStatement({
        sid: 'DecryptSuperuser',
        actions: ['kms:Decrypt'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': viaSecretsManager(this) } },
      })] : [],
    ];
  }
}

/** These actions take no resource. */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:UnassignPrivateIpAddresses',
];
